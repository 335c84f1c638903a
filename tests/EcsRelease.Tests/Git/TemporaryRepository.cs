using System.Diagnostics;

namespace EcsRelease.Tests.Git;

/// <summary>A real repository in a folder of its own; gone afterwards.</summary>
internal sealed class TemporaryRepository : IDisposable
{
    private TemporaryRepository(string root) => Root = root;

    public string Root { get; }

    public static TemporaryRepository Create(params string[] initArguments)
    {
        var repository = Empty();
        repository.Git(["init", "--quiet", "--initial-branch=main", .. initArguments]);
        return repository;
    }

    public static TemporaryRepository Empty() => new(Directory.CreateTempSubdirectory("ecs-release-git-").FullName);

    public static TemporaryRepository WithCommit(params string[] initArguments)
    {
        var repository = Create(initArguments);
        repository.Write("Program.cs", "return;");
        repository.Commit("first");
        return repository;
    }

    public string Write(string path, string content)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    /// <returns>The new commit's SHA.</returns>
    public string Commit(string subject)
    {
        Git("add", "-A");
        Git("commit", "--quiet", "--allow-empty", "-m", subject);
        return Git("rev-parse", "HEAD");
    }

    public string Git(params string[] arguments) => GitIn(Root, arguments);

    public static string GitIn(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", directory, "-c", "protocol.file.allow=always", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["GIT_AUTHOR_NAME"] = "Ada", ["GIT_AUTHOR_EMAIL"] = "ada@example.com", ["GIT_COMMITTER_NAME"] = "Ada",
            ["GIT_COMMITTER_EMAIL"] = "ada@example.com", ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_CONFIG_NOSYSTEM"] = "1",
        })
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, $"git {string.Join(' ', arguments)}: {error.Result}");
        return output.TrimEnd('\n');
    }

    public void Dispose()
    {
        // Objects are read-only files on some systems.
        foreach (var file in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories))
            File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(Root, recursive: true);
    }
}
