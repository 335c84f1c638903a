using EcsRelease.Git;

namespace EcsRelease.Tests.Git;

[Parallelizable(ParallelScope.All)]
public sealed class HeadDriftTests
{
    [Test]
    public async Task Head_is_equal_ahead_behind_or_on_another_line()
    {
        using var repository = TemporaryRepository.WithCommit();
        var first = repository.Git("rev-parse", "HEAD");
        var second = repository.Commit("second");
        var third = repository.Commit("third");

        (await ReadAsync(repository, third)).Should().Be(new HeadDrift(third, "equal", 0, 0, null));
        (await ReadAsync(repository, first)).Should().Be(new HeadDrift(third, "ahead", 2, 0, null));
        repository.Git("checkout", "--quiet", first);
        (await ReadAsync(repository, second)).Should().Be(new HeadDrift(first, "behind", 0, 1, null));
        var other = repository.Commit("another line");
        (await ReadAsync(repository, third)).Should().Be(new HeadDrift(other, "diverged", 1, 2, null));
    }

    [TestCase(null, "the live revision does not say its commit")]
    [TestCase("v1.2", "the live commit 'v1.2' is no full SHA")]
    [TestCase("abcdefabcdefabcdefabcdefabcdefabcdefabcd", "this clone lacks the live commit")]
    public async Task What_cannot_be_told_says_why(string? live, string why)
    {
        using var repository = TemporaryRepository.WithCommit();

        var drift = await ReadAsync(repository, live);

        (drift.State, drift.Ahead, drift.Behind, drift.Unknown).Should().Be(("unknown", null, null, why));
        drift.Commit.Should().Be(repository.Git("rev-parse", "HEAD"));
    }

    [Test]
    public async Task A_shallow_clone_counts_nothing()
    {
        using var origin = TemporaryRepository.WithCommit();
        var first = origin.Git("rev-parse", "HEAD");
        origin.Commit("second");
        using var clone = TemporaryRepository.Empty();
        TemporaryRepository.GitIn(clone.Root, "clone", "--quiet", "--depth", "1", $"file://{origin.Root}", ".");

        (await ReadAsync(clone, first)).Unknown.Should().Be("the clone is shallow");
    }

    [Test]
    public async Task Outside_of_a_repository_there_is_no_head()
    {
        using var folder = TemporaryRepository.Empty();

        (await ReadAsync(folder, "abc")).Should().Be(new HeadDrift(null, "unknown", null, null, "there is no Git repository with a commit here"));
    }

    private static Task<HeadDrift> ReadAsync(TemporaryRepository repository, string? live) => HeadDrift.ReadAsync(repository.Root, live, CancellationToken.None);
}
