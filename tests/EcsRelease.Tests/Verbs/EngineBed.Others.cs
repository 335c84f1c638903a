using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Tests.Verbs;

/// <summary>What somebody else does to the service while this tool is not looking.</summary>
internal sealed partial class EngineBed
{
    /// <summary>Somebody edits the live revision in the console and deploys it: image, labels and tags come along.</summary>
    /// <returns>Its ARN.</returns>
    public Task<string> EditByHandAsync(string variable, bool withTags = true) => ChangeByHandAsync(
        definition => definition["containerDefinitions"]![0]!["environment"] = new JsonArray(new JsonObject { ["name"] = variable, ["value"] = "1" }), withTags);

    /// <inheritdoc cref="EditByHandAsync"/>
    public async Task<string> ChangeByHandAsync(Action<JsonObject> edit, bool withTags = true)
    {
        var live = await RevisionAsync((await RevisionsAsync())[0]);
        var definition = live["taskDefinition"]!.DeepClone().AsObject();
        foreach (var answered in new[] { "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt", "registeredBy" })
            definition.Remove(answered);
        edit(definition);
        if (withTags)
            definition["tags"] = live["tags"]!.DeepClone();
        var registered = await Ecs.RegisterTaskDefinitionAsync(definition, CancellationToken.None);
        var arn = (string)registered["taskDefinition"]!["taskDefinitionArn"]!;
        await Ecs.UpdateServiceAsync(new() { ["service"] = "orders", ["taskDefinition"] = arn }, CancellationToken.None);
        return arn;
    }

    /// <summary>Somebody else changes the live revision and deploys it, as a release of a commit that this clone lacks.</summary>
    /// <returns>Its ARN.</returns>
    public async Task<string> DeployByHandAsync(string variable, string commit)
    {
        var live = (await RevisionsAsync())[0];
        var definition = (await RevisionAsync(live))["taskDefinition"]!;
        var container = definition["containerDefinitions"]![0]!.DeepClone().AsObject();
        container["environment"] = new JsonArray(new JsonObject { ["name"] = variable, ["value"] = "1" });
        container["image"] = ((string)container["image"]!).Split(':')[0] + ":" + commit;
        var registered = await Ecs.RegisterTaskDefinitionAsync(new()
        {
            ["family"] = "orders",
            ["networkMode"] = "awsvpc",
            ["requiresCompatibilities"] = new JsonArray("FARGATE"),
            ["cpu"] = "256",
            ["memory"] = "512",
            ["executionRoleArn"] = (string?)definition["executionRoleArn"],
            ["containerDefinitions"] = new JsonArray(container),
            ["tags"] = new JsonArray(new JsonObject { ["key"] = "ecs-release:commit", ["value"] = commit }),
        }, CancellationToken.None);
        var arn = (string)registered["taskDefinition"]!["taskDefinitionArn"]!;
        await Ecs.UpdateServiceAsync(new() { ["service"] = "orders", ["taskDefinition"] = arn }, CancellationToken.None);
        return arn;
    }

    /// <summary>Somebody else lets Scheduler start tasks of a revision.</summary>
    public Task CreateScheduleAsync(string name, string taskDefinition)
    {
        var writing = AwsService.Scheduler with { Routes = new Dictionary<string, RestRoute> { ["CreateSchedule"] = new("POST", "/schedules/{Name}") } };
        return Client(writing).CallAsync("CreateSchedule", new()
        {
            ["Name"] = name,
            ["ScheduleExpression"] = "rate(1 day)",
            ["FlexibleTimeWindow"] = new JsonObject { ["Mode"] = "OFF" },
            ["Target"] = new JsonObject
            {
                ["Arn"] = "arn:aws:ecs:us-east-1:000000000000:cluster/default",
                ["RoleArn"] = "arn:aws:iam::000000000000:role/scheduler",
                ["EcsParameters"] = new JsonObject { ["TaskDefinitionArn"] = taskDefinition },
            },
        }, CancellationToken.None);
    }

    /// <summary>Somebody else lets an EventBridge rule start tasks of a revision.</summary>
    public async Task CreateRuleAsync(string name, string taskDefinition)
    {
        var events = Client(AwsService.EventBridge);
        await events.CallAsync("PutRule", new() { ["Name"] = name, ["ScheduleExpression"] = "rate(1 day)" }, CancellationToken.None);
        await events.CallAsync("PutTargets", new()
        {
            ["Rule"] = name,
            ["Targets"] = new JsonArray(new JsonObject
            {
                ["Id"] = "task",
                ["Arn"] = "arn:aws:ecs:us-east-1:000000000000:cluster/default",
                ["RoleArn"] = "arn:aws:iam::000000000000:role/events",
                ["EcsParameters"] = new JsonObject { ["TaskDefinitionArn"] = taskDefinition },
            }),
        }, CancellationToken.None);
    }

    /// <summary>Somebody else deletes the service.</summary>
    public Task DeleteServiceAsync() =>
        Client(AwsService.Ecs).CallAsync("DeleteService", new() { ["service"] = "orders", ["force"] = true }, CancellationToken.None);
}
