using EcsRelease.Git;

namespace EcsRelease.Tests.Git;

[Parallelizable(ParallelScope.All)]
public sealed class GitRepositoryTests
{
    [Test]
    public async Task A_clean_tree_is_named_by_its_commit()
    {
        using var repository = TemporaryRepository.WithCommit();
        repository.Git("remote", "add", "origin", "https://ada:s3cret@github.com/acme/orders.git");
        var sha = repository.Commit("ship it");

        var commit = await ReadAsync(repository.Root);

        commit.Sha.Should().Be(sha).And.HaveLength(40);
        commit.Branch.Should().Be("main");
        commit.CommittedAt.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(2));
        commit.RemoteUrl.Should().Be("https://github.com/acme/orders");
        commit.Root.Should().Be(repository.Root);
        commit.Changes.Should().BeEmpty();
        commit.IsShallow.Should().BeFalse();
        commit.Tag(null).Should().Be(sha);
    }

    [Test]
    public async Task A_project_in_a_subfolder_belongs_to_the_whole_tree()
    {
        using var repository = TemporaryRepository.WithCommit();
        repository.Write("src/App/App.csproj", "<Project />");
        repository.Commit("app");
        repository.Write("README.md", "new");

        var commit = await ReadAsync(Path.Combine(repository.Root, "src", "App"));

        commit.Root.Should().Be(repository.Root);
        commit.Changes.Should().Equal("README.md");
    }

    [Test]
    public async Task Every_kind_of_change_is_reported()
    {
        using var repository = TemporaryRepository.WithCommit();
        foreach (var name in (string[])["modified.cs", "deleted.cs", "old name.cs"])
            repository.Write(name, $"// {name}");
        repository.Write(".gitignore", "*.log\n");
        repository.Commit("more");

        repository.Write("modified.cs", "changed");
        File.Delete(Path.Combine(repository.Root, "deleted.cs"));
        repository.Git("mv", "old name.cs", "new name.cs");
        repository.Write("folder/untracked ü.cs", "new");
        repository.Write("ignored.log", "noise");

        var commit = await ReadAsync(repository.Root);

        commit.Changes.Should().BeEquivalentTo("modified.cs", "deleted.cs", "old name.cs", "new name.cs", "folder/untracked ü.cs");
        commit.ChangesHash.Should().MatchRegex("^[0-9a-f]{12}$");
        commit.Tag(null).Should().Be($"{commit.Sha}-dirty-{commit.ChangesHash}");
    }

    [Test]
    public async Task The_name_of_a_dirty_tree_follows_its_content()
    {
        using var one = TemporaryRepository.WithCommit();
        using var other = TemporaryRepository.WithCommit();
        one.Write("new.cs", "a");
        other.Write("new.cs", "a");
        var first = (await ReadAsync(one.Root)).ChangesHash;
        (await ReadAsync(other.Root)).ChangesHash.Should().Be(first, "the content is equal");

        one.Git("add", "new.cs");
        (await ReadAsync(one.Root)).ChangesHash.Should().Be(first, "the index does not enter an image");

        one.Write("new.cs", "b");
        (await ReadAsync(one.Root)).ChangesHash.Should().NotBe(first);
    }

    [Test]
    public async Task A_file_that_git_was_told_not_to_look_at_counts_when_it_differs()
    {
        using var repository = TemporaryRepository.WithCommit();
        repository.Write("appsettings.json", "{}");
        repository.Write("other.json", "{}");
        repository.Commit("settings");
        repository.Git("update-index", "--assume-unchanged", "appsettings.json");
        repository.Git("update-index", "--skip-worktree", "other.json");
        (await ReadAsync(repository.Root)).Changes.Should().BeEmpty();

        repository.Write("appsettings.json", """{"a":1}""");
        repository.Write("other.json", """{"b":1}""");

        (await ReadAsync(repository.Root)).Changes.Should().Equal("appsettings.json", "other.json");
    }

    [Test]
    public async Task A_detached_head_has_no_branch()
    {
        using var repository = TemporaryRepository.WithCommit();
        repository.Git("checkout", "--quiet", "--detach");

        (await ReadAsync(repository.Root)).Branch.Should().BeNull();
    }

    [Test]
    public async Task A_linked_worktree_is_a_tree_of_its_own()
    {
        using var repository = TemporaryRepository.WithCommit();
        using var parent = TemporaryRepository.Empty();
        var tree = Path.Combine(parent.Root, "tree");
        repository.Git("worktree", "add", "--quiet", "-b", "feature", tree);

        var commit = await ReadAsync(tree);

        commit.Branch.Should().Be("feature");
        commit.Root.Should().Be(tree);
        repository.Git("worktree", "remove", tree);
    }

    [Test]
    public async Task A_sha256_repository_is_read()
    {
        using var repository = TemporaryRepository.WithCommit("--object-format=sha256");

        (await ReadAsync(repository.Root)).Sha.Should().HaveLength(64);
    }

    [Test]
    public async Task A_shallow_clone_says_so_and_does_not_guess_about_ancestors()
    {
        using var origin = TemporaryRepository.WithCommit();
        var first = origin.Git("rev-parse", "HEAD");
        var second = origin.Commit("second");
        using var parent = TemporaryRepository.Empty();
        var clone = Path.Combine(parent.Root, "clone");
        TemporaryRepository.GitIn(parent.Root, "clone", "--quiet", "--depth=1", new Uri(origin.Root).AbsoluteUri, clone);

        (await ReadAsync(clone)).IsShallow.Should().BeTrue();
        (await CompareAsync(clone, first, second)).Should().Be(Ancestry.Unknown);
    }

    [Test]
    public async Task A_submodule_that_is_not_checked_out_is_a_change()
    {
        using var library = TemporaryRepository.WithCommit();
        using var repository = TemporaryRepository.WithCommit();
        repository.Git("submodule", "--quiet", "add", library.Root, "lib");
        repository.Commit("with library");
        (await ReadAsync(repository.Root)).Changes.Should().BeEmpty();

        repository.Write("lib/Program.cs", "changed");
        var changed = await ReadAsync(repository.Root);
        repository.Write("lib/Program.cs", "changed again");
        var changedAgain = await ReadAsync(repository.Root);
        changed.Changes.Should().Equal("lib");
        changedAgain.ChangesHash.Should().NotBe(changed.ChangesHash);

        repository.Git("submodule", "--quiet", "deinit", "--force", "lib");
        (await ReadAsync(repository.Root)).Changes.Should().Equal("lib");
    }

    [Test]
    public async Task A_branch_without_a_commit_is_refused()
    {
        using var repository = TemporaryRepository.Create();

        (await RefusedAsync(repository.Root)).Code.Should().Be("ECSR2002");
    }

    [Test]
    public async Task A_folder_without_repository_is_refused()
    {
        using var folder = TemporaryRepository.Empty();

        var error = await RefusedAsync(folder.Root);

        error.Code.Should().Be("ECSR2001");
        error.Message.Should().Contain(folder.Root).And.Contain("git init");
    }

    [Test]
    public async Task Without_repository_the_commit_of_the_CI_system_counts()
    {
        using var folder = TemporaryRepository.Empty();
        var sha = new string('a', 40);

        var commit = await GitRepository.ReadAsync(folder.Root, name => name == "CODEBUILD_RESOLVED_SOURCE_VERSION" ? sha : name == "GITHUB_SHA" ? "no sha" : null, CancellationToken.None);

        commit.Sha.Should().Be(sha);
        commit.Variable.Should().Be("CODEBUILD_RESOLVED_SOURCE_VERSION");
        commit.Root.Should().BeNull();
    }

    [Test]
    public async Task A_bare_repository_is_refused_with_gits_own_words()
    {
        using var repository = TemporaryRepository.Create("--bare");

        var error = await RefusedAsync(repository.Root);

        error.Code.Should().Be("ECSR2006");
        error.Message.Should().Contain("work tree");
    }

    [Test]
    public async Task A_tree_of_another_user_is_refused_with_the_command_that_allows_it()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            Assert.Ignore("needs root, to give a folder to another user");
        using var repository = TemporaryRepository.WithCommit();
        using (var chown = System.Diagnostics.Process.Start("chown", ["-R", "65534", repository.Root]))
            await chown.WaitForExitAsync();

        var error = await RefusedAsync(repository.Root);

        error.Code.Should().Be("ECSR2005");
        error.Message.Should().Contain($"git config --global --add safe.directory {repository.Root}");
    }

    [Test]
    public async Task Ancestry_of_two_commits()
    {
        using var repository = TemporaryRepository.WithCommit();
        var first = repository.Git("rev-parse", "HEAD");
        var second = repository.Commit("second");
        repository.Git("checkout", "--quiet", "-b", "side", first);
        var side = repository.Commit("side");

        (await CompareAsync(repository.Root, first, first.ToUpperInvariant())).Should().Be(Ancestry.Same);
        (await CompareAsync(repository.Root, first, second)).Should().Be(Ancestry.Older);
        (await CompareAsync(repository.Root, second, first)).Should().Be(Ancestry.NotOlder);
        (await CompareAsync(repository.Root, side, second)).Should().Be(Ancestry.NotOlder);
        (await CompareAsync(repository.Root, first, new string('b', 40))).Should().Be(Ancestry.Unknown);
        (await CompareAsync(repository.Root, first, "--help")).Should().Be(Ancestry.Unknown);
    }

    [Test]
    public async Task Files_that_are_not_in_the_commit_are_told_from_those_that_are()
    {
        using var repository = TemporaryRepository.WithCommit();
        repository.Write(".gitignore", "*.Local.json\n");
        repository.Commit("ignore");
        string[] files =
        [
            Path.Combine(repository.Root, "Program.cs"), repository.Write("appsettings.Local.json", "{}"), repository.Write("wwwroot/new ü.txt", "x"),
            repository.Write("obj/App.AssemblyInfo.cs", ""), repository.Write("src/bin/Debug/a.dll", ""), "/elsewhere/file.cs",
        ];

        var untracked = await GitRepository.UntrackedAsync(repository.Root, files, CancellationToken.None);

        untracked.Should().Equal("appsettings.Local.json", "wwwroot/new ü.txt");
    }

    [TestCase("https://x-access-token:ghs_abc@github.com/acme/orders.git", "https://github.com/acme/orders")]
    [TestCase("https://ghs_abc@github.com/acme/orders", "https://github.com/acme/orders")]
    [TestCase("ssh://git:pw@example.com:2222/acme/orders.git", "ssh://git@example.com:2222/acme/orders")]
    [TestCase("git@github.com:acme/orders.git", "git@github.com:acme/orders")]
    [TestCase("https://dev.azure.com/acme/shop/_git/orders?token=abc", "https://dev.azure.com/acme/shop/_git/orders")]
    [TestCase("/srv/git/orders.git", "/srv/git/orders")]
    [TestCase("https://ci:p#ss@host/repo.git", "https://host/repo")]
    [TestCase("https://ci:p/s@s@host/repo?token=abc", "https://host/repo")]
    [TestCase("https://ci:1#ss@host/repo", "https://host/repo", Description = "this one parses: host ci, port 1")]
    [TestCase("https://host:port/repo", null, Description = "whether 'host:port' is a user and a password cannot be told")]
    public void Credentials_of_a_remote_are_dropped(string url, string? expected) => GitRemote.WithoutCredentials(url).Should().Be(expected);

    private static Task<Commit> ReadAsync(string directory) => GitRepository.ReadAsync(directory, _ => null, CancellationToken.None);

    private static Task<Ancestry> CompareAsync(string root, string first, string second) => GitRepository.CompareAsync(root, first, second, CancellationToken.None);

    private static async Task<EcsReleaseException> RefusedAsync(string directory)
    {
        var read = () => ReadAsync(directory);
        return (await read.Should().ThrowAsync<EcsReleaseException>()).Which;
    }
}
