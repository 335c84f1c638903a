using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Pruning;

/// <summary>Tasks that EventBridge starts: by rules of every bus, and by schedules of every group (also those that are
/// switched off: they can be switched on).</summary>
internal sealed class ScheduledUses(AmazonEventBridgeClient events, AmazonSchedulerClient scheduler)
{
    // EventBridge pages by a member of this name.
    private const string Token = "NextToken";
    // A universal target: its input is the request of an operation of ECS (RunTask, UpdateService).
    private const string OperationOfEcs = ":aws-sdk:ecs:";

    public Task ReadAsync(References into, CancellationToken cancellationToken) =>
        Task.WhenAll(ReadRulesAsync(into, cancellationToken), ReadSchedulesAsync(into, cancellationToken));

    private async Task ReadRulesAsync(References into, CancellationToken cancellationToken) =>
        await SourceRead.TryAsync(into, "EventBridge's rules", "events:ListEventBuses, events:ListRules, events:ListTargetsByRule", async () =>
        {
            var buses = await ListAsync(events.ListEventBusesAsync, [], "EventBuses", cancellationToken);
            var rules = await PacedCalls.AllAsync(buses.Select(bus => bus.Text("Name")).OfType<string>(), async (bus, stop) =>
                (await ListAsync(events.ListRulesAsync, new() { ["EventBusName"] = bus }, "Rules", stop)).Select(rule => (Bus: bus, Rule: rule.Text("Name") ?? "")), cancellationToken);
            return await PacedCalls.AllAsync(rules.SelectMany(each => each), async (each, stop) =>
            {
                var targets = await ListAsync(events.ListTargetsByRuleAsync, new() { ["EventBusName"] = each.Bus, ["Rule"] = each.Rule }, "Targets", stop);
                foreach (var target in targets)
                    into.AddRevision(target.Object("EcsParameters").Text("TaskDefinitionArn"), $"rule {each.Bus}/{each.Rule} starts it");
                return each;
            }, cancellationToken);
        });

    private async Task ReadSchedulesAsync(References into, CancellationToken cancellationToken) =>
        await SourceRead.TryAsync(into, "EventBridge Scheduler's schedules", "scheduler:ListSchedules, scheduler:GetSchedule", async () =>
        {
            // Without a group's name, of all groups.
            var schedules = await ListAsync(scheduler.ListSchedulesAsync, [], "Schedules", cancellationToken);
            return await PacedCalls.AllAsync(schedules.Where(schedule => schedule.Object("Target").Text("Arn")?.Contains(":ecs:", StringComparison.Ordinal) == true), async (brief, stop) =>
            {
                var schedule = await scheduler.GetScheduleAsync(new() { ["GroupName"] = brief.Text("GroupName"), ["Name"] = brief.Text("Name") }, stop);
                into.AddRevision(TaskDefinitionOf(schedule.Object("Target")), $"schedule {brief.Text("GroupName")}/{brief.Text("Name")} starts it");
                return brief;
            }, cancellationToken);
        });

    /// <summary>Of a target that is a cluster, or of one that calls ECS itself.</summary>
    private static string? TaskDefinitionOf(JsonObject? target)
    {
        if (target.Object("EcsParameters").Text("TaskDefinitionArn") is { } direct)
            return direct;
        if (target.Text("Arn")?.Contains(OperationOfEcs, StringComparison.Ordinal) != true)
            return null;
        try
        {
            return JsonNode.Parse(target.Text("Input") ?? "") is JsonObject input ? input.Text("TaskDefinition") ?? input.Text("taskDefinition") : null;
        }
        catch (JsonException)
        {
            // Then ECS takes it for none either.
            return null;
        }
    }

    private static async Task<List<JsonObject>> ListAsync(Func<JsonObject, CancellationToken, Task<JsonObject>> operation, JsonObject request, string member, CancellationToken cancellationToken)
    {
        var all = new List<JsonObject>();
        await foreach (var item in Paging.ListAllAsync(operation, request, member, cancellationToken, Token))
            if (item is JsonObject each)
                all.Add(each);
        return all;
    }
}
