using EcsRelease.History;

namespace EcsRelease.Tests.History;

/// <summary>What `rollback` goes back to. A line is the service's deployments, oldest first: `7` = orders:7 went well,
/// `7!` = it did not.</summary>
public sealed class ReleaseTrailTests
{
    // Without taken back ones.
    [TestCase("6 7", "orders:7", "orders:6")]
    [TestCase("6 7 8!", "orders:7", "orders:6")]
    [TestCase("5 6 7! 8!", "orders:6", "orders:5")]
    [TestCase("6 7! 8", "orders:8", "orders:6")]
    [TestCase("6 7 7", "orders:7", "orders:6")]
    // After rollbacks: what was left is not returned to.
    [TestCase("5 6 7 6", "orders:6", "orders:5")]
    [TestCase("6 7 6", "orders:6", null)]
    [TestCase("6 7 6 8", "orders:8", "orders:6")]
    [TestCase("5 6 7 8 6 9 8!", "orders:9", "orders:6")]
    [TestCase("5 6 7 5 8 7", "orders:7", "orders:8")]
    [TestCase("5 6 7 6 7", "orders:7", "orders:6")]
    // Live without having gone well: no rollback of ECS's own.
    [TestCase("6 7 8! 9!", "orders:9", "orders:7")]
    // Two releases that overtook each other.
    [TestCase("5 7 6", "orders:6", "orders:7")]
    [TestCase("", "orders:6", null)]
    [TestCase("7!", "orders:6", null)]
    public void The_previous_release_is_the_last_good_one_that_was_not_taken_back(string deployments, string live, string? expected) =>
        (ReleaseTrail.Previous(ReleaseTrail.Of(History(deployments), isWhole: true), live)?.TaskDefinition).Should().Be(expected);

    // orders:6 was live before the window: what lies between is what somebody went back from.
    [TestCase("7 6", "orders:6")]
    [TestCase("7 8 6", "orders:6")]
    public void What_may_have_been_taken_back_is_not_guessed_where_the_past_is_not_known(string deployments, string live) =>
        ReleaseTrail.Previous(ReleaseTrail.Of(History(deployments), isWhole: false), live).Should().BeNull();

    [Test]
    public void What_comes_after_a_cut_past_is_known_again() =>
        ReleaseTrail.Previous(ReleaseTrail.Of(History("7 6 9"), isWhole: false), "orders:9")!.TaskDefinition.Should().Be("orders:6");

    [Test]
    public void Another_familys_numbers_tell_nothing()
    {
        var history = History("7").Prepend(new() { TaskDefinition = "shop:1", Revision = 1, End = PastEnd.Succeeded, At = DateTimeOffset.UnixEpoch.AddDays(9) }).ToList();

        ReleaseTrail.Previous(ReleaseTrail.Of(history, isWhole: false), "shop:1")!.TaskDefinition.Should().Be("orders:7");
    }

    private static List<PastRelease> History(string deployments) =>
    [
        .. deployments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((text, index) => new PastRelease
        {
            TaskDefinition = $"orders:{text.TrimEnd('!')}",
            Revision = int.Parse(text.TrimEnd('!'), System.Globalization.CultureInfo.InvariantCulture),
            End = text.EndsWith('!') ? PastEnd.RolledBack : PastEnd.Succeeded,
            At = DateTimeOffset.UnixEpoch.AddHours(index),
        }).Reverse(),
    ];
}
