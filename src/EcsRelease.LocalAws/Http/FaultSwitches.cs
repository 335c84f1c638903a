using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Http;

/// <summary>What goes wrong on purpose with the next calls of an operation.</summary>
/// <param name="Service">Signing name: `ecs`, `ecr`, `logs`, `sts`; or `registry`.</param>
/// <param name="Operation">E.g. `UpdateService`, of the registry `PUT manifests`, `POST blobs/uploads`; `*` for all; `TagResource` also for calls that pass tags at creation.</param>
/// <param name="Kind">One of <see cref="FaultSwitches.Kinds"/>.</param>
/// <param name="Times">Calls that are still to fail.</param>
/// <param name="Message">Instead of the usual text.</param>
public sealed record Fault(string Service, string Operation, string Kind, int Times, string? Message);

/// <summary>Failures to rehearse, set through the admin API. Kept in memory only: a restart clears them.</summary>
public sealed class FaultSwitches
{
    public const string LoseAnswer = "loseAnswer";

    public static readonly IReadOnlyList<string> Kinds = ["throttle", "serverError", LoseAnswer, "accessDenied", "expiredToken"];

    private readonly Lock gate = new();
    private readonly List<Fault> faults = [];

    public IReadOnlyList<Fault> All
    {
        get
        {
            lock (gate)
                return [.. faults];
        }
    }

    public void Add(Fault fault)
    {
        lock (gate)
            faults.Add(fault);
    }

    public void Clear()
    {
        lock (gate)
            faults.Clear();
    }

    /// <summary>The fault of this call, counted down; null when it is to go well.</summary>
    public Fault? Take(string service, string operation, bool passesTags)
    {
        lock (gate)
        {
            var index = faults.FindIndex(fault => fault.Service == service && (fault.Operation == operation || fault.Operation == "*"
                // Tags at creation are authorised as TagResource (ECS Developer Guide, "Grant permission to tag resources on creation").
                || (fault is { Operation: "TagResource", Kind: "accessDenied" } && passesTags)));
            if (index < 0)
                return null;
            var found = faults[index];
            if (found.Times > 1)
                faults[index] = found with { Times = found.Times - 1 };
            else
                faults.RemoveAt(index);
            return found;
        }
    }

    /// <exception cref="AwsException">The fault itself.</exception>
    public static void Throw(Fault fault, string operation, JsonObject input, AwsCaller caller)
    {
        var action = fault.Operation == "*" ? operation : fault.Operation;
        throw fault.Kind switch
        {
            "throttle" => new AwsException("ThrottlingException", fault.Message ?? "Rate exceeded"),
            "serverError" => new AwsException("ServerException", fault.Message ?? "Service Unavailable. Please try again later.", 500),
            "expiredToken" => new AwsException("ExpiredTokenException", fault.Message ?? "The security token included in the request is expired"),
            _ => new AwsException("AccessDeniedException", fault.Message
                ?? $"User: {caller.Arn} is not authorized to perform: {fault.Service}:{action} on resource: {Resource(fault.Service, input, caller)} because no identity-based policy allows the {fault.Service}:{action} action"),
        };
    }

    private static string Resource(string service, JsonObject input, AwsCaller caller)
    {
        var prefix = $"arn:aws:{service}:{caller.Region}:{caller.Account}:";
        if (Text(input, "resourceArn") is { } arn)
            return arn;
        if (service == "ecr")
            return Text(input, "repositoryName") is { } repository ? $"{prefix}repository/{repository}" : "*";
        if (service == "logs")
            return Text(input, "logGroupName") is { } group ? $"{prefix}log-group:{group}:log-stream:" : "*";
        if (Text(input, "family") is { } family)
            return $"{prefix}task-definition/{family}:*";
        var name = Text(input, "serviceName") ?? Text(input, "service");
        return name is null ? "*" : $"{prefix}service/{LastPart(Text(input, "cluster") ?? "default")}/{LastPart(name)}";
    }

    private static string LastPart(string nameOrArn) => nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..];

    private static string? Text(JsonObject input, string name) =>
        input[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
