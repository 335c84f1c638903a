using System.Text.RegularExpressions;

namespace EcsRelease.EndToEndTests;

/// <summary>The main job: `dotnet publish -p:EcsDeploy=true` with the packed package, to the local AWS.</summary>
public sealed class ReleaseTests
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    [Test]
    public async Task A_commit_is_released_then_the_next_one_and_the_same_one_again_changes_nothing()
    {
        var project = await ServiceProject.CreateAsync();
        var first = await project.HeadAsync();

        var result = (await project.PublishAsync()).Succeeded();

        var record = project.ReadRecord();
        record.Outcome.Should().Be(ReleaseOutcome.Succeeded);
        (record.Commit, record.Tag).Should().Be((first, first));
        record.Image.Should().EndWith($"/{project.Service}:{first}");
        var address = record.Endpoints.Should().ContainSingle().Subject;
        result.Output.Should().Contain(address).And.MatchRegex($"{project.Name} -> {project.Service}:1 {first[..7]} sha256:[0-9a-f]{{8}} on default \\(local\\): succeeded");
        (await Http.GetStringAsync(address)).Should().StartWith("hello").And.Contain(first);

        project.Write("Program.cs", ServiceProject.Program("good day"));
        var second = await project.CommitAsync();
        (await project.PublishAsync()).Succeeded();

        record = project.ReadRecord();
        record.TaskDefinition.Should().EndWith($"/{project.Service}:2");
        record.Previous!.Commit.Should().Be(first);
        record.Endpoints.Should().Equal(address);
        record.Push!.Bytes.Should().BeLessThan(20_000);
        (await Http.GetStringAsync(address)).Should().StartWith("good day").And.Contain(second);

        var built = BuildTimes(project);
        result = (await project.PublishAsync()).Succeeded();

        record = project.ReadRecord();
        record.Outcome.Should().Be(ReleaseOutcome.Unchanged);
        record.TaskDefinition.Should().EndWith($"/{project.Service}:2");
        record.Push!.Blobs.Should().Be(0);
        BuildTimes(project).Should().Equal(built, "nothing is compiled or published for an image that exists");
        result.Output.Should().Contain(": unchanged");
    }

    [Test]
    public async Task A_version_that_crashes_is_rolled_back_and_the_error_shows_exit_code_and_log()
    {
        var project = await ServiceProject.CreateAsync();
        var good = await project.HeadAsync();
        (await project.PublishAsync()).Succeeded();
        var address = project.ReadRecord().Endpoints.Single();

        project.Write("Program.cs", """Console.Error.WriteLine("the database is gone"); Environment.Exit(37);""");
        await project.CommitAsync();
        var result = await project.PublishAsync();

        result.FailedWith("ECSR5001").Output.Should().Contain("exited with code 37").And.Contain("the database is gone");
        var record = project.ReadRecord();
        record.Outcome.Should().Be(ReleaseOutcome.RolledBack);
        record.Evidence!.Tasks.SelectMany(task => task.Containers).Should().Contain(container => container.ExitCode == 37);
        (await Http.GetStringAsync(address)).Should().Contain(good);
    }

    [Test]
    [Long]
    public async Task A_variable_that_is_deleted_from_the_project_disappears_from_the_next_revision()
    {
        var project = await ServiceProject.CreateAsync(items: """<EcsEnvironmentVariable Include="COLOUR" Value="deep blue; and green" />""");
        (await project.PublishAsync()).Succeeded();
        var address = project.ReadRecord().Endpoints.Single();
        (await Http.GetStringAsync(address)).Should().EndWith("deep blue; and green");

        project.WriteProject();
        await project.CommitAsync();
        (await project.PublishAsync()).Succeeded();

        (await Http.GetStringAsync(address)).Should().NotContain("blue");
    }

    [Test]
    public async Task A_dry_run_prints_the_plan_and_changes_nothing()
    {
        var project = await ServiceProject.CreateAsync();

        var result = (await project.PublishAsync("-p:EcsDryRun=true")).Succeeded();

        project.ReadRecord().Outcome.Should().Be(ReleaseOutcome.Planned);
        result.Output.Should().Contain(project.Service).And.Contain(": planned");
        Directory.Exists(Path.Combine(project.Root, "bin")).Should().BeFalse();
    }

    [Test]
    public async Task Nothing_secret_is_in_the_binary_log()
    {
        var project = await ServiceProject.CreateAsync();
        project.Environment["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI-never-in-a-log";

        (await project.PublishAsync("-bl:build.binlog")).Succeeded();

        var logged = BinaryLogText.Read(Path.Combine(project.Root, "build.binlog"));
        logged.Should().Contain("EcsReleaseTask", "the log holds this very release");
        var server = await File.ReadAllTextAsync(Path.Combine(project.Environment["ECS_RELEASE_HOME"], "local", "server.json"));
        var key = Regex.Match(server, "\"secretAccessKey\": *\"([^\"]+)\"").Groups[1].Value;
        key.Should().NotBeEmpty();
        logged.Should().NotContain(key).And.NotContain("never-in-a-log");
        // A registry token is the Base64 of `AWS:…`.
        logged.Should().NotContain("QVdTO");
    }

    private static Dictionary<string, DateTime> BuildTimes(ServiceProject project) =>
        new[] { "bin", "obj" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(project.Root, folder), "*.dll", SearchOption.AllDirectories))
            .ToDictionary(file => file, File.GetLastWriteTimeUtc);
}
