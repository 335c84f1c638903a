using System.Text;
using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Tests.Support;

/// <summary>Requests of Scheduler, by its API reference: method, path, query, and what is left as the body.</summary>
internal static class ScheduleRequest
{
    public static (HttpRequestMessage Request, byte[] Body) Of(Uri endpoint, string operation, JsonObject input)
    {
        var rest = input.DeepClone().AsObject();
        var method = operation switch { "CreateSchedule" => HttpMethod.Post, "UpdateSchedule" => HttpMethod.Put, "DeleteSchedule" => HttpMethod.Delete, _ => HttpMethod.Get };
        var path = operation switch { "ListSchedules" => "/schedules", "ListScheduleGroups" => "/schedule-groups", _ => $"/schedules/{Take(rest, "Name") ?? "-"}" };
        var inQuery = method == HttpMethod.Get || method == HttpMethod.Delete;
        var query = inQuery ? string.Join('&', rest.Select(member => $"{Named(operation, member.Key)}={Uri.EscapeDataString(member.Value!.ToString())}")) : "";
        var body = inQuery ? [] : Encoding.UTF8.GetBytes(rest.ToJsonString());
        var request = new HttpRequestMessage(method, new Uri(endpoint, query.Length == 0 ? path : $"{path}?{query}"));
        if (!inQuery)
            request.Content = new ByteArrayContent(body);
        return (request, body);
    }

    private static string Named(string operation, string member) => (operation, member) switch
    {
        ("ListSchedules", "GroupName") => "ScheduleGroup",
        (_, "GroupName") => "groupName",
        (_, "ClientToken") => "clientToken",
        _ => member,
    };

    private static string? Take(JsonObject from, string member)
    {
        var value = (string?)from[member];
        from.Remove(member);
        return value;
    }
}
