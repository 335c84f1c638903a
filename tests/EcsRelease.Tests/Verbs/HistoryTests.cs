using EcsRelease.History;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>History and status of a service that was released, broken, edited and restarted.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class HistoryTests
{
    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task Every_release_stands_in_the_history_with_what_was_made_by_hand()
    {
        await ReleaseAsync(new());
        var second = bed.Commit("Fix the total");
        await ReleaseAsync(new());
        await ReleaseAsync(new() { Force = true });
        var byHand = await bed.EditByHandAsync("DEBUG");
        await EndedAsync(byHand);

        var history = await HistoryAsync();

        history.Releases.Select(each => (each.Revision, each.Subject, each.End, each.IsReleased, each.IsLive)).Should().Equal(
            (3, "Fix the total", PastEnd.Succeeded, false, true), (2, "Fix the total", PastEnd.Succeeded, true, false),
            (2, "Fix the total", PastEnd.Succeeded, true, false), (1, "first", PastEnd.Succeeded, true, false));
        history.Releases.Should().OnlyContain(each => each.LiveFor > TimeSpan.Zero && each.Digest!.StartsWith("sha256:") && each.ServiceDeployment != null && each.Branch == "main" && each.Actor != null);
        history.Releases[1].Commit.Should().Be(second);
        history.Releases[2].LiveFor.Should().BeGreaterThan(history.Releases[1].LiveFor!.Value, "a restart takes over from nobody");
        history.Warnings.Should().BeEmpty();
        history.HasMore.Should().BeFalse();
    }

    [Test]
    public async Task A_limit_leaves_out_the_older_ones_and_says_so()
    {
        await ReleaseAsync(new());
        bed.Commit("second");
        await ReleaseAsync(new());

        var history = await HistoryAsync(1);

        history.Releases.Single().Revision.Should().Be(2);
        history.HasMore.Should().BeTrue();
    }

    [Test]
    public async Task Where_deployments_may_not_be_listed_the_revisions_tell_and_the_policy_is_named()
    {
        await ReleaseAsync(new());
        await bed.FaultAsync("ListServiceDeployments", "accessDenied");

        var history = await HistoryAsync();

        history.Warnings.Single().Code.Should().Be("ECSR5200");
        history.Releases.Single().Should().BeEquivalentTo(new { Revision = 1, Subject = "first", End = PastEnd.Unknown, IsLive = true, IsReleased = true });
    }

    [Test]
    public async Task A_service_that_is_not_there_has_no_history() =>
        (await FluentActions.Awaiting(() => HistoryAsync()).Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR4010");

    [Test]
    public async Task The_status_tells_the_commit_what_runs_and_where_head_is()
    {
        var record = await ReleaseAsync(new());
        var live = record.Commit;
        var head = bed.Commit("not released");

        var status = await new Status(new(), "orders", bed.Target(), bed.Repository.Root).ReadAsync(CancellationToken.None);

        (status.Subject, status.Author, status.Commit, status.IsReleased).Should().Be(("first", "Ada", live, true));
        status.RunningDigest.Should().Be(record.Digest).And.Be(status.Digest);
        status.ReleasedAt.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        (status.Head!.State, status.Head.Ahead, status.Head.Commit).Should().Be(("ahead", 1, head));
    }

    [Test]
    public async Task The_status_tells_that_the_live_revision_was_made_by_hand()
    {
        await ReleaseAsync(new());
        await bed.EditByHandAsync("DEBUG");

        (await new Status(new(), "orders", bed.Target()).ReadAsync(CancellationToken.None)).IsReleased.Should().BeFalse();
    }

    private async Task<ReleaseRecord> ReleaseAsync(ReleaseOptions options)
    {
        var record = await bed.ReleaseAsync(options);
        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        return record;
    }

    private Task<HistoryDocument> HistoryAsync(int limit = 20) =>
        new ReleaseHistory(new(), "orders", bed.Target(), bed.Repository.Root, TimeProvider.System).ReadAsync(limit, CancellationToken.None);

    private async Task EndedAsync(string taskDefinition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await HistoryAsync()).Releases[0] is not { End: PastEnd.Succeeded } newest || newest.TaskDefinition != taskDefinition)
            await Task.Delay(50, limit.Token);
    }
}
