using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcsRelease.EndToEndTests;

/// <summary>The installed tool on a project that does not know EcsRelease at all, and the clients of others beside it.</summary>
public sealed class ToolTests
{
    private static readonly string Tool = Path.Combine(Packages.Tools, "ecs-release");

    [Test]
    public async Task The_tool_does_the_same_release_and_then_shows_and_follows_it()
    {
        var project = await ProjectAsync();

        (await RunAsync(project, "plan", "--target", "local", "--out", ".git/release.plan")).Succeeded().Output.Should().Contain("create service").And.Contain(project.Service);
        var deployed = (await RunAsync(project, "deploy", "--target", "local", "--plan", ".git/release.plan")).Succeeded();
        var again = (await RunAsync(project, "deploy", "--target", "local")).Succeeded();
        var status = (await RunAsync(project, "status", "--target", "local")).Succeeded();
        var waited = (await RunAsync(project, "wait", "--target", "local", "--service", project.Service)).Succeeded();

        var commit = await project.HeadAsync();
        var address = Regex.Match(deployed.Output, "http://127.0.0.1:[0-9]+").Value;
        using var http = new HttpClient();
        (await http.GetStringAsync(address)).Should().Contain(commit);
        again.Output.Should().ContainEquivalentOf("unchanged");
        status.Output.Should().Contain(commit[..7]);
        waited.Output.Should().Contain(address);
    }

    [Test]
    public async Task A_failed_release_ends_with_the_exit_code_of_its_outcome_and_one_document()
    {
        var project = await ProjectAsync();
        project.Write("Program.cs", """Console.Error.WriteLine("the database is gone"); Environment.Exit(37);""");
        await project.CommitAsync();

        var result = await RunAsync(project, "deploy", "--target", "local", "--json");

        result.ExitCode.Should().Be(7, "there is nothing to roll back to; {0}", result.Output);
        var record = JsonNode.Parse(result.StandardOutput)!;
        ((string?)record["outcome"], (string?)record["code"]).Should().Be(("rollbackFailed", "ECSR5003"));
        record["evidence"]!["tasks"]![0]!["containers"]![0]!["exitCode"]!.GetValue<int>().Should().Be(37);
    }

    [Test]
    public async Task The_AWS_CLI_and_skopeo_work_with_what_local_env_prints()
    {
        Outside.Require("aws");
        Outside.Require("skopeo");
        var project = await ProjectAsync();
        (await RunAsync(project, "deploy", "--target", "local")).Succeeded();
        var commit = await project.HeadAsync();

        var script = $"""
            set -e
            eval "$(ecs-release local env)"
            aws ecs describe-services --services {project.Service} --query 'services[0].[status,runningCount]' --output text
            aws ecs wait services-stable --services {project.Service}
            host=$(aws ecr describe-repositories --repository-names {project.Service} --query 'repositories[0].repositoryUri' --output text)
            echo digest $(aws ecr describe-images --repository-name {project.Service} --image-ids imageTag={commit} --query 'imageDetails[0].imageDigest' --output text)
            skopeo copy --quiet --src-tls-verify=false --src-creds "AWS:$(aws ecr get-login-password)" docker://$host:{commit} dir:copied
            echo copied sha256:$(sha256sum copied/manifest.json | cut -d' ' -f1)
            """;
        var result = (await Command.RunAsync("bash", ["-c", script], project.Root, Outside.EnvironmentOf(project))).Succeeded();

        result.Output.Should().MatchRegex("ACTIVE\\s+1");
        var digest = Regex.Match(result.Output, "digest (sha256:[0-9a-f]{64})").Groups[1].Value;
        result.Output.Should().Contain($"copied {digest}");
    }

    /// <summary>Without the package: the tool brings all that it needs.</summary>
    private static async Task<ServiceProject> ProjectAsync()
    {
        var project = await ServiceProject.CreateAsync(commit: false);
        var file = Path.Combine(project.Root, $"{project.Name}.csproj");
        File.WriteAllText(file, Regex.Replace(File.ReadAllText(file), "<PackageReference Include=\"EcsRelease\".*?/>", ""));
        await project.CommitAsync();
        return project;
    }

    private static Task<CommandResult> RunAsync(ServiceProject project, params string[] arguments) =>
        Command.RunAsync(Tool, arguments, project.Root, project.Environment);
}
