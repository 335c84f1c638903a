using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>Good and bad releases of a definition in the repository, and the way back.</summary>
internal sealed partial class EngineBed
{
    /// <summary>For beds with bad releases: a task that fails does so at once.</summary>
    public static (string Name, string Value)[] QuickFailures { get; } = [("START_BACK_OFF", "20ms"), ("HEALTH_CHECK_LIMIT", "100ms")];

    /// <summary>Commits and releases. The tasks of a bad one do not start: nobody made its secret.</summary>
    public async Task<ReleaseRecord> ReleaseAsync(string subject, bool isBad, ReleaseOptions? options = null)
    {
        var container = JsonNode.Parse("""{ "name": "orders", "image": "orders" }""")!.AsObject();
        if (isBad)
            container["secrets"] = new JsonArray(new JsonObject { ["name"] = "DB", ["valueFrom"] = "arn:aws:secretsmanager:us-east-1:000000000000:secret:nowhere" });
        Repository.Write("ecs-task-definition.json", new JsonObject
        {
            ["family"] = "orders",
            ["networkMode"] = "awsvpc",
            ["requiresCompatibilities"] = new JsonArray("FARGATE"),
            ["cpu"] = "256",
            ["memory"] = "512",
            ["executionRoleArn"] = "arn:aws:iam::000000000000:role/exec",
            ["containerDefinitions"] = new JsonArray(container),
        }.ToJsonString());
        Commit(subject);
        return await ReleaseAsync((options ?? new()) with { Container = "orders" });
    }

    /// <summary>A good release; anything else is a failure of the test.</summary>
    public async Task<ReleaseRecord> GoodAsync(string subject)
    {
        var record = await ReleaseAsync(subject, isBad: false);
        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        return record;
    }

    public Rollback Rollback(string? wanted, ReleaseOptions? options = null, bool stopFirst = false) =>
        new(Impatient(options ?? new()), "orders", wanted, Recorded(), Reporter, TimeProvider.System) { StopFirst = stopFirst, Directory = Repository.Root };

    public Task<ReleaseRecord> RollbackAsync(string? wanted = null, ReleaseOptions? options = null, bool stopFirst = false) =>
        Rollback(wanted, options, stopFirst).RunAsync(CancellationToken.None);

    /// <summary>The refusal, after which nothing may have been changed.</summary>
    public async Task<EcsReleaseException> RefusedRollbackAsync(string? wanted = null, ReleaseOptions? options = null)
    {
        var (before, deployments) = (await LiveAsync(), await DeploymentsAsync());
        var error = (await FluentActions.Awaiting(() => RollbackAsync(wanted, options)).Should().ThrowAsync<EcsReleaseException>()).Which;
        (await LiveAsync(), await DeploymentsAsync()).Should().Be((before, deployments), error.Message);
        return error;
    }

    /// <summary>ARN of the revision that is PRIMARY.</summary>
    public async Task<string> LiveAsync()
    {
        var answer = await Ecs.DescribeServicesAsync(new() { ["services"] = new JsonArray("orders") }, CancellationToken.None);
        return (string)answer["services"]![0]!["deployments"]!.AsArray().Single(each => (string?)each!["status"] == "PRIMARY")!["taskDefinition"]!;
    }

    /// <summary>Waits until a revision is PRIMARY and complete.</summary>
    public async Task SettledAsync(string taskDefinition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (; ; await Task.Delay(50, limit.Token))
        {
            var answer = await Ecs.DescribeServicesAsync(new() { ["services"] = new JsonArray("orders") }, limit.Token);
            var primary = answer["services"]![0]!["deployments"]!.AsArray().Single(each => (string?)each!["status"] == "PRIMARY")!;
            if ((string?)primary["taskDefinition"] == taskDefinition && (string?)primary["rolloutState"] == "COMPLETED")
                return;
        }
    }

    /// <summary>Somebody cleans the repository up.</summary>
    public Task PruneImageAsync(string digest) => Client(AwsService.Ecr).CallAsync(
        "BatchDeleteImage", new() { ["repositoryName"] = "orders", ["imageIds"] = new JsonArray(new JsonObject { ["imageDigest"] = digest }) }, CancellationToken.None);
}
