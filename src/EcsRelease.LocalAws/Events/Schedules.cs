using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Events;

/// <summary>Amazon EventBridge Scheduler (API Reference, 2021-06-30): schedules of the default group, kept and shown. None ever
/// fires.</summary>
internal sealed class Schedules(IDocumentStore documents, LocalAwsSettings settings, TimeProvider time)
{
    private const string Kind = "scheduler.schedule";
    private const string Group = "default";

    private string ArnPrefix => $"arn:aws:scheduler:{settings.Region}:{settings.Account}:";

    /// <param name="input">Members of path, query and body by their names in the API's model.</param>
    public JsonObject Invoke(string operation, JsonObject input) => documents.InTransaction(() => operation switch
    {
        "CreateSchedule" => Create(input),
        "UpdateSchedule" => Update(input),
        "GetSchedule" => Shown(Found(input)),
        "DeleteSchedule" => Delete(input),
        "ListSchedules" => List(input),
        _ => ListGroups(input),
    });

    private JsonObject Create(JsonObject input)
    {
        CheckGroup(input);
        var name = Required(input, "Name");
        if (documents.Get(Kind, name) is { } known)
            return known.Text("ClientToken") is { } token && token == input.Text("ClientToken")
                ? ArnOf(known)
                : throw new AwsException("ConflictException", $"Schedule {name} already exists.", 409);
        return Kept(name, input, created: time.GetUtcNow());
    }

    private JsonObject Update(JsonObject input)
    {
        var known = Found(input);
        return Kept(known.Text("Name")!, input, known.Moment("CreationDate")!.Value);
    }

    /// <summary>What an update leaves out goes back to its default (API_UpdateSchedule).</summary>
    private JsonObject Kept(string name, JsonObject input, DateTimeOffset created)
    {
        Required(input, "ScheduleExpression");
        Required(input.Object("FlexibleTimeWindow") ?? throw Missing("FlexibleTimeWindow"), "Mode");
        var target = input.Object("Target") ?? throw Missing("Target");
        Required(target, "Arn");
        Required(target, "RoleArn");
        if (target.Object("EcsParameters") is { } task)
            Required(task, "TaskDefinitionArn");
        var schedule = input.DeepClone().AsObject();
        schedule["Name"] = name;
        schedule["GroupName"] = Group;
        schedule["Arn"] = $"{ArnPrefix}schedule/{Group}/{name}";
        schedule["State"] ??= "ENABLED";
        schedule["ScheduleExpressionTimezone"] ??= "UTC";
        schedule["ActionAfterCompletion"] ??= "NONE";
        schedule["CreationDate"] = created.Stamp();
        schedule["LastModificationDate"] = time.GetUtcNow().Stamp();
        documents.Put(Kind, name, schedule);
        return ArnOf(schedule);
    }

    private JsonObject Delete(JsonObject input)
    {
        documents.Delete(Kind, Found(input).Text("Name")!);
        return [];
    }

    private JsonObject List(JsonObject input)
    {
        CheckGroup(input);
        var found = documents.List(Kind, input.Text("NamePrefix") ?? "").Where(schedule => input.Text("State") is not { } state || state == schedule.Text("State"));
        var page = Page<JsonObject>.Of(found, schedule => schedule.Text("Name")!, input.Text("NextToken"), PageSize(input));
        return new JsonObject { ["Schedules"] = page.Items.Select(Summary).ToJsonArray(), ["NextToken"] = page.NextToken };
    }

    private JsonObject ListGroups(JsonObject input) => new()
    {
        ["ScheduleGroups"] = Group.StartsWith(input.Text("NamePrefix") ?? "", StringComparison.Ordinal)
            ? new JsonArray(new JsonObject { ["Name"] = Group, ["Arn"] = $"{ArnPrefix}schedule-group/{Group}", ["State"] = "ACTIVE" })
            : [],
    };

    private JsonObject Found(JsonObject input)
    {
        CheckGroup(input);
        var name = Required(input, "Name");
        return documents.Get(Kind, name) ?? throw new AwsException("ResourceNotFoundException", $"Schedule {name} does not exist.", 404);
    }

    private static void CheckGroup(JsonObject input)
    {
        if (input.Text("GroupName") is { } group && group != Group)
            throw new AwsException("ResourceNotFoundException", $"Schedule group {group} does not exist.", 404);
    }

    private static JsonObject ArnOf(JsonObject schedule) => new() { ["ScheduleArn"] = schedule["Arn"]!.DeepClone() };

    private static JsonObject Shown(JsonObject schedule)
    {
        schedule.Remove("ClientToken");
        return schedule;
    }

    private static JsonObject Summary(JsonObject schedule)
    {
        var summary = new JsonObject { ["Target"] = new JsonObject { ["Arn"] = schedule.Object("Target")!["Arn"]!.DeepClone() } };
        foreach (var member in (string[])["Arn", "CreationDate", "GroupName", "LastModificationDate", "Name", "State"])
            summary[member] = schedule[member]!.DeepClone();
        return summary;
    }

    private static int PageSize(JsonObject input) =>
        input.Text("MaxResults") is not { } text ? 100
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= 100 ? size
        : throw Invalid($"1 validation error detected: Value '{text}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and 100"); // constructed

    private static string Required(JsonObject input, string member) => input.Text(member) is { Length: > 0 } text ? text : throw Missing(member);

    private static AwsException Missing(string member) =>
        Invalid($"1 validation error detected: Value null at '{char.ToLowerInvariant(member[0])}{member[1..]}' failed to satisfy constraint: Member must not be null"); // constructed

    private static AwsException Invalid(string message) => new("ValidationException", message);
}
