using EcsRelease.Images;

namespace EcsRelease.Tests.Images;

public sealed class ImageTimeTests
{
    private static readonly DateTimeOffset CommittedAt = new(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2));

    [Test]
    public void An_image_is_as_old_as_its_commit() =>
        ImageTime.Of(CommittedAt, null).Should().Be(CommittedAt);

    [Test]
    public void SOURCE_DATE_EPOCH_wins() =>
        ImageTime.Of(CommittedAt, "1700000000").Should().Be(new DateTimeOffset(2023, 11, 14, 22, 13, 20, TimeSpan.Zero));

    [Test]
    public void A_commit_without_a_time_gives_the_time_of_all_files() =>
        ImageTime.Of(default, "").Should().Be(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [TestCase("yesterday")]
    [TestCase("-1")]
    [TestCase("9999999999999")]
    public void A_SOURCE_DATE_EPOCH_that_is_no_time_is_refused(string epoch) =>
        FluentActions.Invoking(() => ImageTime.Of(CommittedAt, epoch)).Should().Throw<EcsReleaseException>()
            .Where(error => error.Code == "ECSR1002" && error.Message.Contains($"SOURCE_DATE_EPOCH is '{epoch}'"));
}
