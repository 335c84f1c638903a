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
using Spectre.Console;

namespace EcsRelease.Tests.Tool;

public sealed class PlannedTests
{
    private const string Sha = "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b";
    private const string Live = "9b8c7d6e5f40312233445566778899aabbccddee";

    [Test]
    public async Task The_document_is_a_promise()
    {
        var json = JsonNode.Parse(new Planned(await PlanAsync(), failOnChange: false).ToJson())!.AsObject();
        json["version"] = "1.0.0";
        json["imageInputs"] = "";

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
              "digest": null,
              "imageInputs": "",
              "movingTags": [],
              "liveCommit": "{{Live}}",
              "liveBranch": null,
              "liveTaskDefinition": "orders:7",
              "liveDeployment": "ecs-svc/7",
              "commits": {
                "added": [
                  {
                    "sha": "{{Sha}}",
                    "subject": "Round half up"
                  }
                ],
                "addedCount": 12,
                "removed": [],
                "removedCount": 1,
                "unknown": null
              },
              "drift": null,
              "definitionHash": "5f7a",
              "definitionChanges": [
                "cpu: 256 → 512"
              ],
              "existingRevision": null,
              "update": "update",
              "strategy": "ROLLING",
              "owner": "CloudFormation stack 'shop'",
              "changes": true,
              "actions": [
                "build host/orders:{{Sha}} for linux/amd64 and push it",
                "register a revision of orders from live",
                "  environment OLD: 1 → (absent)",
                "  environment NEW: (absent) → 2",
                "  cpu: 256 → 512",
                "update service orders"
              ],
              "calls": [
                {
                  "operation": "ecr:PutImage",
                  "resource": "orders:{{Sha}}",
                  "writes": true
                },
                {
                  "operation": "ecs:DescribeServices",
                  "resource": "production/orders",
                  "writes": false
                },
                {
                  "operation": "ecs:UpdateService",
                  "resource": "production/orders",
                  "writes": true
                }
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
    public async Task People_read_what_changes_what_is_done_and_which_calls_write()
    {
        var (results, failures) = Print(await PlanAsync());

        results.Should().Be($"""
            Plan for 'orders' in cluster 'production' (123456789012/eu-west-1), commit {Sha}:
              commits     12 since the live {Live[..12]}
                            {Sha[..12]} Round half up
                            and 11 more
                          takes back 1 of the live {Live[..12]}
              image       build host/orders:{Sha} for linux/amd64 and push it
              revision    register a revision of orders from live
                            - environment OLD: 1 → (absent)
                            + environment NEW: (absent) → 2
                            ~ cpu: 256 → 512
              service     update service orders
              calls that write:
                ecr:PutImage       orders:{Sha}
                ecs:UpdateService  production/orders
              calls that read: ecs:DescribeServices

            """.ReplaceLineEndings("\n"));
        failures.Should().Be("warning ECSR5108: The circuit breaker is off.\n");
    }

    [Test]
    public async Task A_dry_run_does_not_repeat_the_warnings_that_it_told_while_planning()
    {
        using var failures = new StringWriter();
        new Planned(await PlanAsync(), failOnChange: false) { Warnings = [] }.Print(Consoles.Create(TextWriter.Null), Consoles.Create(failures));

        failures.ToString().Should().BeEmpty();
    }

    [Test]
    public async Task On_a_terminal_of_80_columns_long_lines_go_on_below_their_beginning()
    {
        var screen = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(screen), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = 80;

        new Planned(await PlanAsync(), failOnChange: false, "ecs-release deploy --plan orders.plan").Print(console, console);

        var lines = screen.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()).ToList();
        lines.Should().OnlyContain(line => line.Length <= 80);
        lines.Should().ContainInConsecutiveOrder($"  image       build host/orders:{Sha} for", "              linux/amd64 and push it").And.Contain("Release exactly this: ecs-release deploy --plan orders.plan");
    }

    [Test]
    public async Task What_changes_since_an_unknown_commit_is_said_to_be_unknown()
    {
        var plan = await PlanAsync();

        Print(plan with { Commits = new() { Unknown = "the clone is shallow" } }).Results
            .Should().Contain($"  commits     what changes since the live {Live[..12]} is unknown: the clone is shallow\n");
        Print(plan with { Commits = new(), LiveCommit = Sha }).Results.Should().Contain($"  commits     {Sha[..12]} is live already\n");
        Print(plan with { Commits = null, LiveService = null }).Results.Should().NotContain("commits");
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

    [TestCase(UpdateAction.Join)]
    [TestCase(UpdateAction.Watch)]
    public async Task A_rollout_that_has_not_ended_is_a_change_though_nothing_is_written(UpdateAction action) =>
        ExitCode(await LiveAsync() with { Update = action }).Should().Be(11);

    private static int ExitCode(ReleasePlan plan) => new Planned(plan, failOnChange: true).ExitCode;

    private static (string Results, string Failures) Print(ReleasePlan plan)
    {
        using var results = new StringWriter();
        using var failures = new StringWriter();
        new Planned(plan, failOnChange: false).Print(Consoles.Create(results), Consoles.Create(failures));
        return (results.ToString().ReplaceLineEndings("\n"), failures.ToString().ReplaceLineEndings("\n"));
    }

    private static LiveService Service() => new((JsonObject)JsonNode.Parse("""
        {"serviceName":"orders","status":"ACTIVE","desiredCount":2,"runningCount":2,"deployments":[{"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"orders:7","rolloutState":"COMPLETED"}]}
        """)!);

    private static async Task<ReleasePlan> LiveAsync() => await PlanAsync() with
    {
        Image = new(new Manifest("application/vnd.oci.image.manifest.v1+json", "sha256:aa", default), ["linux/amd64"], new Dictionary<string, string>(), []),
        LiveCommit = Sha,
        ExistingRevision = "orders:7",
        Update = UpdateAction.Unchanged,
        Steps = [new("service", "leave service orders") { Calls = [PlannedCall.Read("ecs:DescribeServices", "production/orders")] }],
    };

    private static async Task<ReleasePlan> PlanAsync()
    {
        var options = new ReleaseOptions { Cluster = "production" };
        var project = new ProjectInfo { ProjectFile = Path.GetFullPath("Orders.csproj"), AssemblyName = "Orders" };
        return new ReleasePlan
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            Commit = new Commit { Sha = Sha, Branch = "main" },
            Commits = new() { Added = [new(Sha, "Round half up")], AddedCount = 12, RemovedCount = 1 },
            Tag = Sha,
            Cluster = "production",
            Service = "orders",
            Access = await new ScriptedTarget("{}").ConnectAsync(CancellationToken.None),
            Repository = new EcrRepository { Name = "orders", Uri = "host/orders" },
            Platform = "linux/amd64",
            ImageInputs = new ImageInputs("layers", project, "linux/amd64", null),
            Definition = new DefinitionInputs { Options = options, Service = "orders", ProjectDirectory = project.Directory, Region = "eu-west-1", Architecture = "X86_64" },
            DefinitionHash = "5f7a",
            DefinitionChanges = ["cpu: 256 → 512"],
            LiveCommit = Live,
            LiveService = Service(),
            Owner = "CloudFormation stack 'shop'",
            Update = UpdateAction.Update,
            Warnings = [new Notice("ECSR5108", "The circuit breaker is off.")],
            Steps =
            [
                new("image", $"build host/orders:{Sha} for linux/amd64 and push it") { Calls = [PlannedCall.Write("ecr:PutImage", $"orders:{Sha}")] },
                new("revision", "register a revision of orders from live") { Details = ["environment OLD: 1 → (absent)", "environment NEW: (absent) → 2", "cpu: 256 → 512"] },
                new("service", "update service orders")
                {
                    Calls = [PlannedCall.Read("ecs:DescribeServices", "production/orders"), PlannedCall.Write("ecs:UpdateService", "production/orders")],
                },
            ],
        };
    }
}
