using EcsRelease.Tests.Git;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>The record of the release before is no change of the tree.</summary>
public sealed class OwnRecordTests
{
    private readonly List<Notice> warnings = [];

    [Test]
    public async Task A_record_that_lies_untracked_in_the_projects_folder_leaves_the_tree_clean()
    {
        using var repository = Committed();
        repository.Write("release-orders.json", "{}");

        var commit = await ReadAsync(repository, new() { RecordFile = "release-{service}.json" });
        var dirtyAllowed = await ReadAsync(repository, new() { RecordFile = "release-{service}.json", AllowDirty = true });

        commit.Changes.Should().BeEmpty();
        dirtyAllowed.Tag(null).Should().Be(commit.Sha);
    }

    [TestCase("release-orders.json.bak")]
    [TestCase("sub/release-orders.json")]
    public async Task Any_other_file_makes_it_dirty(string file)
    {
        using var repository = Committed();
        repository.Write("release-orders.json", "{}");
        repository.Write(file, "{}");

        (await RefusedAsync(repository)).Should().Contain($"'{file}'").And.Contain("1 change(s)");
    }

    [Test]
    public async Task A_record_that_is_tracked_and_changed_makes_it_dirty()
    {
        using var repository = TemporaryRepository.Create();
        repository.Write("release-orders.json", "{}");
        repository.Commit("with the record");
        repository.Write("release-orders.json", "{ }");

        (await RefusedAsync(repository)).Should().Contain("'release-orders.json'");
    }

    private static TemporaryRepository Committed()
    {
        var repository = TemporaryRepository.Create();
        repository.Write("Orders.cs", "");
        repository.Commit("first");
        return repository;
    }

    private async Task<string> RefusedAsync(TemporaryRepository repository)
    {
        var read = () => ReadAsync(repository, new() { RecordFile = "release-orders.json" });
        return (await read.Should().ThrowAsync<EcsReleaseException>()).Where(error => error.Code == "ECSR2003").Which.Message;
    }

    private Task<EcsRelease.Git.Commit> ReadAsync(TemporaryRepository repository, ReleaseOptions options) => CommitGuard.ReadAsync(
        options, new ProjectInfo { ProjectFile = Path.Combine(repository.Root, "Orders.csproj"), AssemblyName = "Orders" }, warnings.Add, CancellationToken.None);
}
