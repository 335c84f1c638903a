using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Events;

/// <summary>Amazon EventBridge (API Reference, 2015-10-07): rules and targets of the default bus, kept and shown. No rule
/// ever fires.</summary>
internal sealed class EventRules(IDocumentStore documents, LocalAwsSettings settings) : IAwsJsonService
{
    private const string RuleKind = "events.rule";
    private const string TargetKind = "events.target";
    private const string Bus = "default";
    private const int TargetsARule = 5;

    public string TargetPrefix => "AWSEvents";

    private string ArnPrefix => $"arn:aws:events:{settings.Region}:{settings.Account}:";

    public Task<JsonObject> InvokeAsync(string operation, JsonObject input, AwsCaller caller, CancellationToken cancellationToken) =>
        Task.FromResult(documents.InTransaction(() => operation switch
        {
            "ListEventBuses" => ListEventBuses(input),
            "PutRule" => PutRule(input, caller),
            "DescribeRule" => Shown(Rule(input, "Name"), withCreator: true),
            "ListRules" => ListRules(input),
            "DeleteRule" => DeleteRule(input),
            "PutTargets" => PutTargets(input),
            "RemoveTargets" => RemoveTargets(input),
            "ListTargetsByRule" => ListTargetsByRule(input),
            _ => throw new AwsException("UnknownOperationException", $"The local AWS does not offer events:{operation}."),
        }));

    private JsonObject ListEventBuses(JsonObject input) => new()
    {
        ["EventBuses"] = Bus.StartsWith(input.Text("NamePrefix") ?? "", StringComparison.Ordinal)
            ? new JsonArray(new JsonObject { ["Name"] = Bus, ["Arn"] = $"{ArnPrefix}event-bus/{Bus}" })
            : [],
    };

    private JsonObject PutRule(JsonObject input, AwsCaller caller)
    {
        CheckBus(input);
        var name = Required(input, "Name");
        if (input.Text("EventPattern") is null && input.Text("ScheduleExpression") is null)
            throw Invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
        if (input.Text("ScheduleExpression") is { } schedule && !IsSchedule(schedule))
            throw Invalid("Parameter ScheduleExpression is not valid.");
        var rule = new JsonObject { ["Name"] = name, ["Arn"] = $"{ArnPrefix}rule/{name}", ["EventBusName"] = Bus, ["State"] = input.Text("State") ?? "ENABLED", ["CreatedBy"] = caller.Account };
        foreach (var member in (string[])["EventPattern", "ScheduleExpression", "Description", "RoleArn"])
            rule[member] = input.Text(member);
        documents.Put(RuleKind, name, rule);
        return new JsonObject { ["RuleArn"] = rule["Arn"]!.DeepClone() };
    }

    private JsonObject ListRules(JsonObject input)
    {
        CheckBus(input);
        var page = Page<JsonObject>.Of(documents.List(RuleKind, input.Text("NamePrefix") ?? ""), rule => rule.Text("Name")!, input.Text("NextToken"), Limit(input));
        return new JsonObject { ["Rules"] = page.Items.Select(rule => Shown(rule, withCreator: false)).ToJsonArray(), ["NextToken"] = page.NextToken };
    }

    private JsonObject DeleteRule(JsonObject input)
    {
        CheckBus(input);
        var name = Required(input, "Name");
        if (Targets(name).Count > 0)
            throw Invalid("Rule can't be deleted since it has targets.");
        documents.Delete(RuleKind, name);
        return [];
    }

    private JsonObject PutTargets(JsonObject input)
    {
        var rule = Rule(input, "Rule").Text("Name")!;
        foreach (var target in input.Objects("Targets"))
        {
            var id = Required(target, "Id");
            Required(target, "Arn");
            if (target.Object("EcsParameters") is { } task)
                Required(task, "TaskDefinitionArn");
            documents.Put(TargetKind, $"{rule}/{id}", target);
        }

        return Targets(rule).Count <= TargetsARule
            ? NoneFailed()
            : throw new AwsException("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
    }

    private JsonObject RemoveTargets(JsonObject input)
    {
        var rule = Rule(input, "Rule").Text("Name")!;
        foreach (var id in input.Texts("Ids"))
            documents.Delete(TargetKind, $"{rule}/{id}");
        return NoneFailed();
    }

    private JsonObject ListTargetsByRule(JsonObject input)
    {
        var page = Page<JsonObject>.Of(Targets(Rule(input, "Rule").Text("Name")!), target => target.Text("Id")!, input.Text("NextToken"), Limit(input));
        return new JsonObject { ["Targets"] = page.Items.ToJsonArray(), ["NextToken"] = page.NextToken };
    }

    private IReadOnlyList<JsonObject> Targets(string rule) => documents.List(TargetKind, rule + "/");

    private JsonObject Rule(JsonObject input, string member)
    {
        CheckBus(input);
        var name = Required(input, member);
        return documents.Get(RuleKind, name) ?? throw new AwsException("ResourceNotFoundException", $"Rule {name} does not exist on EventBus {Bus}.");
    }

    private void CheckBus(JsonObject input)
    {
        if (input.Text("EventBusName") is { } bus && bus != Bus && bus != $"{ArnPrefix}event-bus/{Bus}")
            throw new AwsException("ResourceNotFoundException", $"Event bus {bus} does not exist.");
    }

    private static JsonObject Shown(JsonObject rule, bool withCreator)
    {
        if (!withCreator)
            rule.Remove("CreatedBy");
        return rule;
    }

    private static JsonObject NoneFailed() => new() { ["FailedEntryCount"] = 0, ["FailedEntries"] = new JsonArray() };

    private static bool IsSchedule(string text) =>
        text.EndsWith(')') && (text.StartsWith("rate(", StringComparison.Ordinal) || text.StartsWith("cron(", StringComparison.Ordinal));

    private static int Limit(JsonObject input) => input.Number("Limit") switch
    {
        null => 100,
        >= 1 and <= 100 and var limit => limit,
        var limit => throw Invalid($"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value between 1 and 100"), // constructed
    };

    private static string Required(JsonObject input, string member) => input.Text(member) is { Length: > 0 } text
        ? text
        : throw Invalid($"1 validation error detected: Value null at '{char.ToLowerInvariant(member[0])}{member[1..]}' failed to satisfy constraint: Member must not be null");

    private static AwsException Invalid(string message) => new("ValidationException", message);
}
