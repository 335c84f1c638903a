using System.Text.Json.Nodes;

namespace EcsRelease.EndToEndTests;

/// <summary>The installed tool and the package on several services at once.</summary>
public sealed class ManyServicesTests
{
    private static readonly string Tool = Path.Combine(Packages.Tools, "ecs-release");

    [Test]
    [Long]
    public async Task A_solution_is_released_in_one_run_with_one_document()
    {
        var project = await SolutionAsync();

        var plan = await Command.RunAsync(Tool, ["plan", "All.slnx", "--target", "local", "--json"], project.Root, project.Environment);
        var deployed = await Command.RunAsync(Tool, ["deploy", "All.slnx", "--target", "local", "--json"], project.Root, project.Environment);

        JsonNode.Parse(plan.Succeeded().StandardOutput)!["plans"]!.AsArray().Should().HaveCount(3);
        var releases = JsonNode.Parse(deployed.Succeeded().StandardOutput)!["releases"]!.AsArray();
        var name = project.Service;
        releases.Select(release => ((string?)release!["service"], (string?)release["outcome"])).Should().Equal(
            ($"{name}-one", "succeeded"), ($"{name}-web", "succeeded"), ($"{name}-worker", "succeeded"));
        releases[1]!["digest"]!.GetValue<string>().Should().Be(releases[2]!["digest"]!.GetValue<string>());
        releases[2]!["push"]!["builder"]!.GetValue<string>().Should().Be("none");
    }

    [Test]
    [Long]
    public async Task A_publish_releases_the_services_of_its_project_with_one_build()
    {
        var project = await SolutionAsync();

        var published = (await project.DotnetAsync("publish", "Two", "-p:EcsDeploy=true", "-p:EcsTarget=local", $"-p:EcsReleaseRecord={project.Root}.{{service}}.json")).Succeeded();

        published.StandardOutput.Should().Contain($"{project.Service}-web: Rolling out", "its progress is shown by the task that releases");
        foreach (var service in new[] { "web", "worker" })
            JsonNode.Parse(await File.ReadAllTextAsync($"{project.Root}.{project.Service}-{service}.json"))!["outcome"]!.GetValue<string>().Should().Be("succeeded");
    }

    /// <summary>One project that is a service, one that is two, and a library.</summary>
    private static async Task<ServiceProject> SolutionAsync()
    {
        var project = await ServiceProject.CreateAsync(commit: false);
        File.Delete(Path.Combine(project.Root, project.Name + ".csproj"));
        File.Delete(Path.Combine(project.Root, "Program.cs"));
        project.WriteProject(path: $"One/{project.Name}One.csproj");
        project.WriteProject(items: $"""
            <EcsServices Include="{project.Service}-web" />
            <EcsServices Include="{project.Service}-worker" EcsWave="2" EcsCommand="worker" />
            """, path: $"Two/{project.Name}Two.csproj");
        project.WriteProject(sdk: "Microsoft.NET.Sdk", path: "Shared/Shared.csproj");
        project.Write("One/Program.cs", ServiceProject.Program("one"));
        project.Write("Two/Program.cs", ServiceProject.Program("two"));
        project.Write("Shared/Shared.cs", "namespace Shared; public static class Word { }");
        project.Write("All.slnx", $"""
            <Solution>
              <Project Path="One/{project.Name}One.csproj" /><Project Path="Shared/Shared.csproj" /><Project Path="Two/{project.Name}Two.csproj" />
            </Solution>
            """);
        await project.CommitAsync();
        return project;
    }
}
