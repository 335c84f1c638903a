using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Tests.Aws;

[Parallelizable(ParallelScope.All)]
public sealed class LocalAwsProgramTests
{
    [Test]
    public void In_the_source_tree_its_own_build_is_run()
    {
        using var folder = new Folder();
        folder.Write("src/EcsRelease.LocalAws/EcsRelease.LocalAws.csproj");
        var release = folder.Write("src/EcsRelease.LocalAws/bin/Release/net10.0/ecs-release-local.dll");

        var command = folder.Find(engine: "src/EcsRelease.Tool/bin/Release/net10.0");

        Path.GetFileNameWithoutExtension(command.FileName).Should().Be("dotnet");
        command.Arguments.Should().Equal(release);
    }

    [Test]
    public void In_a_source_tree_that_is_not_built_the_build_command_is_named()
    {
        using var folder = new Folder();
        folder.Write("src/EcsRelease.LocalAws/EcsRelease.LocalAws.csproj");

        var error = folder.Invoking(it => it.Find(engine: "src/x")).Should().Throw<EcsReleaseException>().Which;

        error.Code.Should().Be("ECSR6001");
        error.Message.Should().Contain($"dotnet build {Path.Combine(folder.Path, "src", "EcsRelease.LocalAws")}");
    }

    [Test]
    public void An_installed_tool_is_found_on_the_path_and_in_the_tools_folder()
    {
        using var folder = new Folder();
        var global = folder.Write(".dotnet/tools/ecs-release-local");
        folder.Find(engine: "elsewhere").FileName.Should().Be(global);

        var onPath = folder.Write("bin/ecs-release-local");
        folder.Find(engine: "elsewhere").FileName.Should().Be(onPath);
    }

    [Test]
    public void Else_the_package_of_the_same_version_is_run_in_the_folder_of_the_project()
    {
        using var folder = new Folder();

        var command = folder.Find(engine: "elsewhere");

        Path.GetFileNameWithoutExtension(command.FileName).Should().Be("dotnet");
        command.Arguments.Should().Equal("tool", "exec", $"EcsRelease.Local@{EngineVersion.Current}", "--yes", "--");
        EngineVersion.Current.Should().NotContain("+");
        command.WorkingDirectory.Should().Be(folder.Path);
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("ecs-release-program-").FullName;

        public LocalAwsCommand Find(string engine)
        {
            string? Environment(string name) => name switch
            {
                "HOME" => Path,
                "PATH" => System.IO.Path.Combine(Path, "bin"),
                _ => null,
            };
            return new LocalAwsProgram(Environment, System.IO.Path.Combine(Path, engine), Path).Find();
        }

        public string Write(string path)
        {
            var file = System.IO.Path.Combine(Path, path);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "");
            return file;
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
