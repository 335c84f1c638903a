using EcsRelease.Git;

namespace EcsRelease.Tests.Git;

[Parallelizable(ParallelScope.All)]
public sealed class CommitTextsTests
{
    private const string Unknown = "abcdefabcdefabcdefabcdefabcdefabcdefabcd";

    [Test]
    public async Task Subjects_and_authors_are_read_of_all_commits_that_the_clone_has()
    {
        using var repository = TemporaryRepository.WithCommit();
        var first = repository.Git("rev-parse", "HEAD");
        var second = repository.Commit("Fix the total\n\nof an order");
        Directory.CreateDirectory(Path.Combine(repository.Root, "src"));

        var texts = await CommitTexts.ReadAsync(Path.Combine(repository.Root, "src"), [second, Unknown, null, "v1", second, first], CancellationToken.None);

        texts.Should().BeEquivalentTo(new Dictionary<string, CommitText> { [first] = new("first", "Ada"), [second] = new("Fix the total", "Ada") });
    }

    [Test]
    public async Task A_subject_cannot_steer_the_terminal()
    {
        using var repository = TemporaryRepository.WithCommit();
        var commit = repository.Commit("red \e[31malert");

        (await CommitTexts.ReadAsync(repository.Root, [commit], CancellationToken.None))[commit].Subject.Should().NotContain("\e");
    }

    [Test]
    public async Task Without_a_repository_nothing_is_known()
    {
        using var folder = TemporaryRepository.Empty();

        (await CommitTexts.ReadAsync(folder.Root, [Unknown], CancellationToken.None)).Should().BeEmpty();
    }
}
