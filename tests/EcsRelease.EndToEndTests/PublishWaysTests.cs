namespace EcsRelease.EndToEndTests;

/// <summary>The ways in which people publish all end in one release, or in none.</summary>
public sealed class PublishWaysTests
{
    [Test]
    [Long]
    public async Task With_frameworks_in_the_plural_one_is_chosen_and_released_once()
    {
        var project = await ServiceProject.CreateAsync(commit: false);
        project.Write($"{project.Name}.csproj", File.ReadAllText(Path.Combine(project.Root, $"{project.Name}.csproj"))
            .Replace("<TargetFramework>net10.0</TargetFramework>", "<TargetFrameworks>net10.0</TargetFrameworks>", StringComparison.Ordinal));
        await project.CommitAsync();

        (await project.PublishAsync()).FailedWith("NETSDK1129");
        var result = (await project.PublishAsync("-f", "net10.0")).Succeeded();

        Releases(result).Should().Be(1);
    }

    [Test]
    [Long]
    public async Task No_build_releases_what_was_built_before()
    {
        var project = await ServiceProject.CreateAsync();
        (await project.DotnetAsync("build", "-c", "Release")).Succeeded();

        var result = (await project.PublishAsync("--no-build")).Succeeded();

        Releases(result).Should().Be(1);
    }

    [Test]
    [Long]
    public async Task A_publish_profile_is_a_stage()
    {
        var project = await ServiceProject.CreateAsync(commit: false);
        project.Write("Properties/PublishProfiles/test.pubxml", $"""
            <Project><PropertyGroup><EcsDeploy>true</EcsDeploy><EcsTarget>local</EcsTarget><EcsService>{project.Service}-test</EcsService></PropertyGroup></Project>
            """);
        await project.CommitAsync();

        (await project.DotnetAsync("publish", "-p:PublishProfile=test", $"-p:EcsReleaseRecord={project.Record}")).Succeeded();

        project.ReadRecord().Service.Should().Be($"{project.Service}-test");
    }

    [Test]
    public async Task A_publish_without_EcsDeploy_releases_nothing()
    {
        var project = await ServiceProject.CreateAsync();

        (await project.DotnetAsync("publish", $"-p:EcsReleaseRecord={project.Record}")).Succeeded();

        File.Exists(project.Record).Should().BeFalse();
    }

    [Test]
    [Long]
    public async Task The_target_Publish_of_a_build_releases_too()
    {
        var project = await ServiceProject.CreateAsync();

        var result = (await project.DotnetAsync("build", "-c", "Release", "-t:Publish", "-p:EcsDeploy=true", "-p:EcsTarget=local", $"-p:EcsReleaseRecord={project.Record}")).Succeeded();

        Releases(result).Should().Be(1);
        project.ReadRecord().Outcome.Should().Be(ReleaseOutcome.Succeeded);
    }

    [Test]
    [Long]
    public async Task A_solution_releases_its_executables_but_those_that_are_skipped()
    {
        var project = await ServiceProject.CreateAsync(commit: false);
        foreach (var stopper in new[] { project.Name + ".csproj", "Program.cs" })
            File.Delete(Path.Combine(project.Root, stopper));
        foreach (var name in new[] { "One", "Two", "Quiet" })
        {
            project.WriteProject(name == "Quiet" ? "<EcsSkip>true</EcsSkip>" : "", """<ProjectReference Include="../Shared/Shared.csproj" />""", path: $"{name}/{project.Name}{name}.csproj");
            project.Write($"{name}/Program.cs", ServiceProject.Program(name));
        }
        project.WriteProject(sdk: "Microsoft.NET.Sdk", path: "Shared/Shared.csproj");
        project.Write("Shared/Shared.cs", "namespace Shared; public static class Word { }");
        project.Write("All.slnx", $"""
            <Solution>
              <Project Path="One/{project.Name}One.csproj" /><Project Path="Two/{project.Name}Two.csproj" />
              <Project Path="Quiet/{project.Name}Quiet.csproj" /><Project Path="Shared/Shared.csproj" />
            </Solution>
            """);
        await project.CommitAsync();

        var result = (await project.DotnetAsync("publish", "All.slnx", "-p:EcsDeploy=true", "-p:EcsTarget=local", $"-p:EcsReleaseRecord={project.Root}.{{service}}.json")).Succeeded();

        Releases(result).Should().Be(2);
        Directory.GetFiles(Path.GetDirectoryName(project.Root)!, $"{Path.GetFileName(project.Root)}.*.json").Select(Path.GetFileName)
            .Should().BeEquivalentTo($"{Path.GetFileName(project.Root)}.{project.Service}-one.json", $"{Path.GetFileName(project.Root)}.{project.Service}-two.json");
        result.Output.Should().Contain("warning ECSR1010").And.Contain("<DeterministicSourcePaths>true</DeterministicSourcePaths>");
    }

    [Test]
    [Long]
    public async Task What_an_earlier_publish_left_in_the_folder_does_not_enter_the_image()
    {
        var project = await ServiceProject.CreateAsync();
        project.Write("bin/Release/net10.0/publish/left-behind.txt", "old");

        (await project.PublishAsync()).Succeeded();

        File.Exists(Path.Combine(project.Root, "bin/Release/net10.0/publish/left-behind.txt")).Should().BeFalse();
    }

    private static int Releases(CommandResult result) => result.Output.Split('\n').Count(line => line.Contains("(local): succeeded", StringComparison.Ordinal));
}
