using EcsRelease.Git;

namespace EcsRelease.Tests.Git;

[Parallelizable(ParallelScope.All)]
public sealed class CommitChangesTests
{
    [Test]
    public async Task The_commits_since_the_live_one_come_newest_first()
    {
        using var repository = TemporaryRepository.WithCommit();
        var live = repository.Commit("live");
        repository.Commit("Fix rounding");
        var newest = repository.Commit("Add orders");

        var changes = await ReadAsync(repository, live);

        changes.Added.Select(each => each.Subject).Should().Equal("Add orders", "Fix rounding");
        changes.Added[0].Sha.Should().Be(newest);
        (changes.AddedCount, changes.RemovedCount, changes.Unknown).Should().Be((2, 0, null));
    }

    [Test]
    public async Task Of_many_only_the_newest_are_read_and_all_are_counted()
    {
        using var repository = TemporaryRepository.WithCommit();
        var live = repository.Commit("live");
        for (var number = 1; number <= 13; number++)
            repository.Commit($"commit {number}");

        var changes = await ReadAsync(repository, live);

        changes.Added.Should().HaveCount(10);
        changes.Added[0].Subject.Should().Be("commit 13");
        changes.AddedCount.Should().Be(13);
    }

    [Test]
    public async Task An_older_commit_and_another_branch_take_commits_back()
    {
        using var repository = TemporaryRepository.WithCommit();
        var first = repository.Git("rev-parse", "HEAD");
        var live = repository.Commit("live");
        repository.Git("checkout", "--quiet", first);
        var older = await ReadAsync(repository, live);
        repository.Commit("another branch");

        (older.AddedCount, older.RemovedCount).Should().Be((0, 1));
        var branch = await ReadAsync(repository, live);
        (branch.AddedCount, branch.RemovedCount).Should().Be((1, 1));
    }

    [Test]
    public async Task The_live_commit_itself_changes_nothing()
    {
        using var repository = TemporaryRepository.WithCommit();

        (await ReadAsync(repository, repository.Git("rev-parse", "HEAD"))).Should().BeEquivalentTo(new CommitChanges());
    }

    [Test]
    public async Task Escape_sequences_of_a_subject_do_not_reach_a_terminal()
    {
        using var repository = TemporaryRepository.WithCommit();
        var live = repository.Commit("live");
        repository.Commit("red \e[31malert\a");

        (await ReadAsync(repository, live)).Added.Single().Subject.Should().Be("red  [31malert");
    }

    [TestCase(null, "does not say its commit")]
    [TestCase("abcdefabcdefabcdefabcdefabcdefabcdefabcd", "this clone lacks the live commit")]
    [TestCase("v1.0", "'v1.0' is no full SHA")]
    public async Task What_cannot_be_told_is_said(string? live, string why)
    {
        using var repository = TemporaryRepository.WithCommit();

        (await ReadAsync(repository, live)).Unknown.Should().Contain(why);
    }

    [Test]
    public async Task A_shallow_clone_and_sources_without_repository_are_unknown()
    {
        using var repository = TemporaryRepository.WithCommit();
        var live = repository.Commit("live");
        repository.Commit("next");
        using var clone = TemporaryRepository.Empty();
        TemporaryRepository.GitIn(clone.Root, "clone", "--quiet", "--depth", "2", "file://" + repository.Root, ".");

        (await ReadAsync(clone, live)).Unknown.Should().Contain("shallow").And.Contain("fetch-depth: 0");
        var withoutRepository = new Commit { Sha = new string('a', 40), Variable = "GITHUB_SHA" };
        (await CommitChanges.ReadAsync(withoutRepository, live, CancellationToken.None)).Unknown.Should().Contain("no Git repository");
    }

    private static async Task<CommitChanges> ReadAsync(TemporaryRepository repository, string? live) =>
        await CommitChanges.ReadAsync(await GitRepository.ReadAsync(repository.Root, CancellationToken.None), live, CancellationToken.None);
}
