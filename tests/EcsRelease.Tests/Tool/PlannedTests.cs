using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.Git;
using EcsRelease.Images;
using EcsRelease.Images.Ecr;
using EcsRelease.Registry;
using EcsRelease.TaskDefinitions;
using EcsRelease.Tool.Commands;
using EcsRelease.Tool.Rendering;

namespace EcsRelease.Tests.Tool;

public sealed class PlannedTests
{
    private const string Sha = "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b";

    [Test]
    public async Task The_document_is_a_promise()
    {
        var json = JsonNode.Parse(new Planned(await PlanAsync(), failOnChange: false).ToJson())!.AsObject();
        json["version"] = "1.0.0";

        json.ToJsonString(ReleaseRecord.Json).Should().Be($$"""
            {
              "schema": 1,
              "version": "1.0.0",
              "outcome": "planned",
              "target": "aws",
              "account": "123456789012",
              "region": "eu-west-1",
              "cluster": "production",
              "service": "orders",
              "commit": "{{Sha}}",
              "branch": "main",
              "tag": "{{Sha}}",
              "repository": "host/orders",
              "platform": "linux/amd64",
              "needsBuild": true,
              "liveCommit": null,
              "owner": null,
              "changes": true,
              "actions": [
                "build host/orders:{{Sha}} for linux/amd64 and push it",
                "update service orders"
              ],
              "warnings": [
                {
                  "code": "ECSR5108",
                  "message": "The circuit breaker is off."
                }
              ]
            }
            """.ReplaceLineEndings("\n"));
    }

    [Test]
    public async Task People_read_one_action_a_line()
    {
        var (results, failures) = Print(await PlanAsync());

        results.Should().Be($"""
            Plan for 'orders' in cluster 'production' (123456789012/eu-west-1), commit {Sha}:
              build host/orders:{Sha} for linux/amd64 and push it
              update service orders

            """.ReplaceLineEndings("\n"));
        failures.Should().Be("warning ECSR5108: The circuit breaker is off.\n");
    }

    [Test]
    public async Task With_exit_code_a_change_exits_with_11() =>
        ExitCode(await PlanAsync()).Should().Be(11);

    [Test]
    public async Task A_commit_that_is_live_needs_nothing()
    {
        var live = await LiveAsync();

        ExitCode(live).Should().Be(0);
        Print(live).Results.Should().Contain($"commit {Sha} is live, nothing to do.");
        JsonNode.Parse(new Planned(live, failOnChange: true).ToJson())!["actions"]!.AsArray().Should().BeEmpty();
    }

    [Test]
    public async Task A_live_commit_is_changed_by_force_by_its_definition_and_by_a_rollout_that_has_not_ended()
    {
        var live = await LiveAsync();

        ExitCode(live with { Definition = live.Definition with { Options = new() { Force = true } } }).Should().Be(11);
        ExitCode(live with { DefinitionChanges = ["environment A: 1 → 2"] }).Should().Be(11);
        ExitCode(live with { LiveService = Service("FAILED") }).Should().Be(11);
        ExitCode(live with { LiveService = null }).Should().Be(11);
        ExitCode(live with { LiveService = Service("COMPLETED", running: 1) }).Should().Be(11);
        ExitCode(live with { ImageReference = $"host/orders:{Sha}-arm" }).Should().Be(11);
        ExitCode(live with { LiveService = new LiveService((JsonObject)JsonNode.Parse("""{"status":"ACTIVE","deployments":[{"status":"PRIMARY","taskDefinition":"orders:7"}]}""")!) })
            .Should().Be(11, "behind a Classic Load Balancer only watching tells");
    }

    private static int ExitCode(ReleasePlan plan) => new Planned(plan, failOnChange: true).ExitCode;

    private static (string Results, string Failures) Print(ReleasePlan plan)
    {
        using var results = new StringWriter();
        using var failures = new StringWriter();
        new Planned(plan, failOnChange: false).Print(Consoles.Create(results), Consoles.Create(failures));
        return (results.ToString().ReplaceLineEndings("\n"), failures.ToString().ReplaceLineEndings("\n"));
    }

    private static LiveService Service(string state, int running = 2) => new((JsonObject)JsonNode.Parse($$"""
        {"serviceName":"orders","status":"ACTIVE","desiredCount":2,"runningCount":{{running}},"deployments":[{"status":"PRIMARY","taskDefinition":"orders:7","rolloutState":"{{state}}"}]}
        """)!);

    private static async Task<ReleasePlan> LiveAsync() => await PlanAsync() with
    {
        Image = new(new Manifest("application/vnd.oci.image.manifest.v1+json", "sha256:aa", default), ["linux/amd64"], new Dictionary<string, string>(), []),
        LiveCommit = Sha,
        ImageReference = $"host/orders:{Sha}",
        LiveImage = $"host/orders:{Sha}",
        LiveService = Service("COMPLETED"),
    };

    private static async Task<ReleasePlan> PlanAsync()
    {
        var options = new ReleaseOptions { Cluster = "production" };
        var project = new ProjectInfo { ProjectFile = Path.GetFullPath("Orders.csproj"), AssemblyName = "Orders" };
        return new ReleasePlan
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            Commit = new Commit { Sha = Sha, Branch = "main" },
            Tag = Sha,
            Cluster = "production",
            Service = "orders",
            Access = await new ScriptedTarget("{}").ConnectAsync(CancellationToken.None),
            Repository = new EcrRepository { Name = "orders", Uri = "host/orders" },
            Platform = "linux/amd64",
            ImageInputs = new ImageInputs("layers", project, "linux/amd64", null),
            Definition = new DefinitionInputs { Options = options, Service = "orders", ProjectDirectory = project.Directory, Region = "eu-west-1", Architecture = "X86_64" },
            Warnings = [new Notice("ECSR5108", "The circuit breaker is off.")],
            Actions = [$"build host/orders:{Sha} for linux/amd64 and push it", "update service orders"],
        };
    }
}
