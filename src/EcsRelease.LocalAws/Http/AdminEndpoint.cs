using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.State;
using EcsRelease.LocalAws.Sts;

namespace EcsRelease.LocalAws.Http;

/// <summary>
/// `/_local/…`: what AWS has no call for. All but `health` and `services` want `Authorization: Bearer SECRET_ACCESS_KEY`
/// of the key pair in server.json.
/// </summary>
public sealed class AdminEndpoint(
    Credentials credentials, FaultSwitches faults, CallLog calls, SecretStore secrets, IdleClock idle, IHostApplicationLifetime lifetime, IEnumerable<IRuntimeDescription> runtimes)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/_local/health", HealthAsync);
        routes.MapPost("/_local/touch", context => AuthorizedAsync(context, _ => []));
        routes.MapPost("/_local/shutdown", context => AuthorizedAsync(context, Shutdown));
        routes.MapGet("/_local/faults", context => AuthorizedAsync(context, _ => ListFaults()));
        routes.MapPost("/_local/faults", context => AuthorizedAsync(context, AddFault));
        routes.MapDelete("/_local/faults", context => AuthorizedAsync(context, ClearFaults));
        routes.MapGet("/_local/held", context => AuthorizedAsync(context, _ => ListHeld()));
        routes.MapDelete("/_local/held", context => AuthorizedAsync(context, LetGo));
        routes.MapGet("/_local/calls", context => AuthorizedAsync(context, _ => ListCalls()));
        routes.MapDelete("/_local/calls", context => AuthorizedAsync(context, ClearCalls));
        routes.MapPost("/_local/secrets", context => AuthorizedAsync(context, SetSecrets));
    }

    private Task HealthAsync(HttpContext context)
    {
        var runtime = runtimes.FirstOrDefault();
        return Json.WriteAsync(
            context.Response,
            new JsonObject
            {
                ["version"] = ProductVersion.Informational,
                ["pid"] = Environment.ProcessId,
                ["runtime"] = runtime?.Name ?? "none",
                ["runtimeLimits"] = new JsonArray([.. (runtime?.Limits ?? []).Select(limit => (JsonNode)limit)]),
            },
            "application/json",
            context.RequestAborted);
    }

    private async Task AuthorizedAsync(HttpContext context, Func<JsonObject, JsonObject> work)
    {
        const string scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        JsonObject answer;
        try
        {
            if (!header.StartsWith(scheme, StringComparison.Ordinal) || !credentials.IsRootSecret(header[scheme.Length..]))
                throw new AwsException("Unauthorized", "Send `Authorization: Bearer SECRET_ACCESS_KEY` with the key of server.json.", 401);
            using var use = idle.Begin();
            answer = work(await ReadAsync(context.Request, context.RequestAborted));
        }
        catch (AwsException e)
        {
            context.Response.StatusCode = e.Status;
            answer = new JsonObject { ["__type"] = e.Type, ["message"] = e.Message };
        }

        await Json.WriteAsync(context.Response, answer, "application/json", context.RequestAborted);
    }

    private static async Task<JsonObject> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsDelete(request.Method) || request.ContentLength == 0)
            return [];
        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: cancellationToken) as JsonObject ?? throw Bad("The body is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw Bad($"The body is not JSON: {e.Message}");
        }
    }

    private JsonObject Shutdown(JsonObject _)
    {
        lifetime.StopApplication();
        return [];
    }

    private JsonObject ListFaults() => new()
    {
        ["faults"] = new JsonArray([.. faults.All.Select(fault => new JsonObject
        {
            ["service"] = fault.Service,
            ["operation"] = fault.Operation,
            ["fault"] = fault.Kind,
            ["times"] = fault.Times,
            ["message"] = fault.Message,
            ["seconds"] = fault.Kind == FaultSwitches.SlowListing ? fault.Seconds : null,
            ["after"] = fault.After,
        })]),
    };

    private JsonObject ListHeld() => new()
    {
        ["held"] = new JsonArray([.. faults.Held.All.Select(call => new JsonObject { ["service"] = call.Service, ["operation"] = call.Operation, ["fault"] = call.Kind })]),
    };

    private JsonObject LetGo(JsonObject _)
    {
        faults.Held.LetGo();
        return [];
    }

    private JsonObject ListCalls() => new()
    {
        ["calls"] = new JsonArray([.. calls.All.Select(call => new JsonObject { ["service"] = call.Service, ["operation"] = call.Operation })]),
    };

    private JsonObject ClearCalls(JsonObject _)
    {
        calls.Clear();
        return [];
    }

    private JsonObject AddFault(JsonObject body)
    {
        var kind = Text(body, "fault");
        if (!FaultSwitches.Kinds.Contains(kind))
            throw Bad($"\"fault\" is \"{kind}\"; expected one of {string.Join(", ", FaultSwitches.Kinds)}.");
        var fault = new Fault(
            Text(body, "service"), Text(body, "operation"), kind, Count(body, "times", 1), body["message"] is null ? null : Text(body, "message"), Seconds(body, kind), Count(body, "after", 0));
        var operations = FaultSwitches.OperationsOf(kind);
        if (operations.Count > 0 && (fault.Service != "ecs" || !operations.Contains(fault.Operation)))
            throw Bad($"\"{kind}\" is a fault of \"ecs\" and one of {string.Join(", ", operations)}, found \"{fault.Service}\" and \"{fault.Operation}\".");
        if (fault.After > 0 && !fault.IsOfCall)
            throw Bad($"\"{kind}\" is no fault of calls, so there are none to come before it (\"after\").");
        faults.Add(fault);
        return ListFaults();
    }

    private static int Count(JsonObject body, string name, int least)
    {
        if (body[name] is not { } given)
            return least;
        return given is JsonValue value && value.TryGetValue<int>(out var count) && count >= least
            ? count
            : throw Bad($"\"{name}\" is not a whole number from {least} on.");
    }

    private static double Seconds(JsonObject body, string kind)
    {
        if (kind != FaultSwitches.SlowListing)
            return 0;
        return body["seconds"] is JsonValue value && value.TryGetValue<double>(out var seconds) && seconds is > 0 and <= 3600
            ? seconds
            : throw Bad("\"seconds\" is not a number above 0 and up to 3600.");
    }

    private JsonObject ClearFaults(JsonObject _)
    {
        faults.Clear();
        return ListFaults();
    }

    private JsonObject SetSecrets(JsonObject body)
    {
        if (body["values"] is not JsonObject values)
            throw Bad("\"values\" is missing: {\"values\":{\"<valueFrom>\":\"<plain value>\"}}.");
        foreach (var name in values.Select(member => member.Key))
            secrets.Set(name, Text(values, name));
        return new JsonObject { ["count"] = values.Count };
    }

    private static string Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw Bad($"\"{name}\" is missing or not a text.");

    private static AwsException Bad(string message) => new("ValidationException", message);
}
