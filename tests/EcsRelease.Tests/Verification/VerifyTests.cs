using EcsRelease.Tests.Tool;
using EcsRelease.Tests.Verbs;
using EcsRelease.Tool.Commands;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;
using EcsRelease.Verification;

namespace EcsRelease.Tests.Verification;

/// <summary>The verb: on a real repository against the local AWS, and its two renderings.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class VerifyTests
{
    [Test]
    public async Task Before_and_after_a_first_release_nothing_fails_and_what_the_local_AWS_lacks_is_said()
    {
        await using var bed = await EngineBed.StartAsync();

        var before = await VerifyAsync(bed, new());
        await bed.ReleaseAsync();
        var after = await VerifyAsync(bed, new());

        foreach (var report in new[] { before, after })
        {
            report.Checks.Where(line => line.State == CheckState.Failed).Should().BeEmpty();
            report.Ending.Should().Be(ReleaseOutcome.Succeeded);
            (report with { Strict = true }).Ending.ExitCode().Should().Be(11);
            report.Checks.Should().Contain(line => line.Check == "trust" && line.State == CheckState.CouldNotCheck && line.Message.Contains("iam:GetRole"));
        }
        before.Checks.Should().Contain(line => line.Check == "images" && line.Message.Contains("deploy builds it"));
        after.Checks.Should().Contain(line => line.Check == "images" && line.Message.Contains("is there for linux/"));
        after.Checks.Should().Contain(line => line.Check == "log groups" && line.Message.Contains("'/ecs/orders' exists"));
    }

    [Test]
    public async Task It_never_changes_anything()
    {
        await using var bed = await EngineBed.StartAsync();

        await VerifyAsync(bed, new());

        bed.Calls.Select(call => call.Operation.Split(':')[1]).Should().NotBeEmpty().And.OnlyContain(operation =>
            operation.StartsWith("Describe", StringComparison.Ordinal) || operation.StartsWith("List", StringComparison.Ordinal)
            || operation.StartsWith("Get", StringComparison.Ordinal) || operation.StartsWith("Simulate", StringComparison.Ordinal) || operation.StartsWith("BatchGet", StringComparison.Ordinal) || operation.StartsWith("BatchCheck", StringComparison.Ordinal));
        (await bed.RevisionsAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task A_refused_plan_is_one_failed_line_and_the_rest_is_checked_all_the_same()
    {
        await using var bed = await EngineBed.StartAsync();
        bed.Repository.Write("Orders.cs", "// not committed");

        var report = await VerifyAsync(bed, new() { Cpu = "256", Memory = "4096" });

        report.Ending.Should().Be(ReleaseOutcome.Differs);
        report.Checks.Where(line => line.State == CheckState.Failed).Select(line => line.Check).Should().Equal("plan", "Fargate size");
        report.Checks[0].Message.Should().StartWith("ECSR2003");
    }

    [Test]
    public async Task Every_check_has_a_line_and_every_failed_line_says_what_to_do()
    {
        await using var bed = await EngineBed.StartAsync();

        var report = await VerifyAsync(bed, new() { Memory = "4096", CreateRepository = false });

        report.Checks.Select(line => line.Check).Distinct().Should().Equal(Checks.All(TimeProvider.System).Select(check => check.Name));
        report.Checks.Where(line => line.State == CheckState.Failed).Should().NotBeEmpty().And.OnlyContain(line => !string.IsNullOrEmpty(line.Next));
    }

    [Test]
    public void The_document_is_a_promise() => new Verified(Report(strict: false)).ToJson().Should().Be("""
        {
          "schema": 1,
          "version": "1.0.0",
          "outcome": "differs",
          "strict": false,
          "target": "aws",
          "account": "123456789012",
          "region": "eu-west-1",
          "cluster": "production",
          "service": "orders",
          "commit": "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b",
          "ok": 1,
          "failed": 1,
          "couldNotCheck": 1,
          "checks": [
            {
              "group": "taskDefinition",
              "check": "network mode",
              "state": "ok",
              "message": "awsvpc",
              "next": null
            },
            {
              "group": "logs",
              "check": "log groups",
              "state": "failed",
              "message": "container 'app': log group '/ecs/orders' does not exist",
              "next": "aws logs create-log-group --log-group-name /ecs/orders"
            },
            {
              "group": "logs",
              "check": "log groups",
              "state": "couldNotCheck",
              "message": "container 'proxy': logs:DescribeLogGroups AccessDeniedException no",
              "next": null
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

    [Test]
    public void People_read_a_line_for_each_thing_under_its_group()
    {
        using var results = new StringWriter();
        using var failures = new StringWriter();

        new Verified(Report(strict: true)).Print(Consoles.Create(results), Consoles.Create(failures));

        results.ToString().ReplaceLineEndings("\n").Should().Be("""
            What a release of 'orders' to cluster 'production' (123456789012/eu-west-1) needs, commit 3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b:
              task definition
                ok              network mode: awsvpc
              logs
                FAILED          log groups: container 'app': log group '/ecs/orders' does not exist
                                → aws logs create-log-group --log-group-name /ecs/orders
                could not check log groups: container 'proxy': logs:DescribeLogGroups AccessDeniedException no
            1 ok, 1 failed, 1 could not be checked, which --strict counts as failed

            """.ReplaceLineEndings("\n"));
        failures.ToString().Should().Contain("warning ECSR5108");
    }

    [TestCase(CheckState.Ok, false, 0)]
    [TestCase(CheckState.Ok, true, 0)]
    [TestCase(CheckState.CouldNotCheck, false, 0)]
    [TestCase(CheckState.CouldNotCheck, true, 11)]
    [TestCase(CheckState.Failed, false, 11)]
    [TestCase(CheckState.Failed, true, 11)]
    public void The_exit_code(CheckState state, bool strict, int exitCode) =>
        new Verified(Report(strict) with { Checks = [new CheckLine("logs", "log groups", state, "", null)] }).ExitCode.Should().Be(exitCode);

    [Test]
    public async Task A_project_is_named_as_for_deploy()
    {
        (await ToolRun.OfAsync("verify", "--help")).Out.Should().Contain("--strict").And.Contain("--cluster");
        (await ToolRun.OfAsync("verify", "nowhere.csproj")).ExitCode.Should().Be(2);
    }

    [Test]
    public async Task The_policy_is_printed_as_it_is_with_and_without_json()
    {
        using var project = new GeneratedProject("app", "<OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>");
        string[] arguments = ["permissions", project.ProjectFile, "--account", "123456789012", "--region", "eu-west-1"];

        var plain = await ToolRun.OfAsync(arguments);
        var json = await ToolRun.OfAsync([.. arguments, "--json"]);

        plain.ExitCode.Should().Be(0, plain.Error);
        plain.Out.Should().StartWith("{\n  \"Version\": \"2012-10-17\"").And.Be(json.Out);
        plain.Error.Should().Contain("ECSR5180").And.NotContain("2012-10-17");
        json.Error.Should().NotContain("2012-10-17");
    }

    private static Task<VerificationReport> VerifyAsync(EngineBed bed, ReleaseOptions options) => new Verify(
        options, new ProjectInfo { ProjectFile = Path.Combine(bed.Repository.Root, "Orders.csproj"), AssemblyName = "Orders" }, bed.Recorded(), bed.Reporter, TimeProvider.System)
        .RunAsync(strict: false, CancellationToken.None);

    private static VerificationReport Report(bool strict) => new()
    {
        Version = "1.0.0",
        Strict = strict,
        Target = "aws",
        Account = "123456789012",
        Region = "eu-west-1",
        Cluster = "production",
        Service = "orders",
        Commit = "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b",
        Checks =
        [
            new("taskDefinition", "network mode", CheckState.Ok, "awsvpc", null),
            new("logs", "log groups", CheckState.Failed, "container 'app': log group '/ecs/orders' does not exist", "aws logs create-log-group --log-group-name /ecs/orders"),
            new("logs", "log groups", CheckState.CouldNotCheck, "container 'proxy': logs:DescribeLogGroups AccessDeniedException no", null),
        ],
        Warnings = [new Notice("ECSR5108", "The circuit breaker is off.")],
    };
}
