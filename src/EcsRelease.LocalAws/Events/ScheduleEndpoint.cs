using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EcsRelease.LocalAws.Events;

/// <summary>Scheduler's REST JSON (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html): paths, query and body become
/// one input.</summary>
internal sealed class ScheduleEndpoint(Schedules schedules, SignedCalls calls)
{
    private const string ContentType = "application/json";

    /// <summary>Members whose name in the query is another one.</summary>
    private static readonly Dictionary<string, string> Members = new(StringComparer.Ordinal)
    {
        ["ScheduleGroup"] = "GroupName", ["groupName"] = "GroupName", ["clientToken"] = "ClientToken",
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/schedules", context => HandleAsync(context, "ListSchedules"));
        routes.MapGet("/schedule-groups", context => HandleAsync(context, "ListScheduleGroups"));
        routes.MapPost("/schedules/{Name}", context => HandleAsync(context, "CreateSchedule"));
        routes.MapGet("/schedules/{Name}", context => HandleAsync(context, "GetSchedule"));
        routes.MapPut("/schedules/{Name}", context => HandleAsync(context, "UpdateSchedule"));
        routes.MapDelete("/schedules/{Name}", context => HandleAsync(context, "DeleteSchedule"));
    }

    private async Task HandleAsync(HttpContext context, string operation)
    {
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        if (await AwsEndpoint.ReadBodyAsync(context.Request, context.RequestAborted) is not { } body)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        await calls.RunAsync(
            context, body, context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, ContentType,
            () => new SignedCall("scheduler", operation, Input(context.Request, body), (input, _) => Task.FromResult(schedules.Invoke(operation, input))),
            error => WriteErrorAsync(context, error));
    }

    private static JsonObject Input(HttpRequest request, byte[] body)
    {
        var input = SignedCalls.Parse(body);
        foreach (var (name, value) in request.Query)
            input[Members.GetValueOrDefault(name, name)] = value.ToString();
        if (request.RouteValues.TryGetValue("Name", out var named))
            input["Name"] = named as string;
        return input;
    }

    private static async Task WriteErrorAsync(HttpContext context, AwsException e)
    {
        context.Response.StatusCode = e.Status;
        context.Response.Headers["x-amzn-ErrorType"] = e.Type;
        await Json.WriteAsync(context.Response, new JsonObject { ["Message"] = e.Message }, ContentType, context.RequestAborted);
    }
}
