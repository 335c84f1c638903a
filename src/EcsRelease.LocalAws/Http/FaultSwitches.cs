using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Http;

/// <summary>What goes wrong on purpose with the next calls of an operation.</summary>
/// <param name="Service">Signing name: `ecs`, `ecr`, `logs`, `events`, `scheduler`, `sts`; or `registry`.</param>
/// <param name="Operation">E.g. `UpdateService`, of the registry `PUT manifests`, `POST blobs/uploads`; `*` for all; `TagResource` also for calls that pass tags at creation.</param>
/// <param name="Kind">One of <see cref="FaultSwitches.Kinds"/>.</param>
/// <param name="Times">Calls that are still to fail; of `noCapacity` tasks that are still not to be placed.</param>
/// <param name="Message">Instead of the usual text.</param>
/// <param name="Seconds">Of `slowListing`: how long what is new stays unseen.</param>
/// <param name="After">Calls that still go well before the first that fails.</param>
public sealed record Fault(string Service, string Operation, string Kind, int Times, string? Message, double Seconds = 0, int After = 0)
{
    /// <summary>The call is done; what becomes of its answer is the fault.</summary>
    public bool IsOfAnswer => Kind is FaultSwitches.LoseAnswer or FaultSwitches.HoldAfter;

    /// <summary>A fault of a call. The others are states that ECS asks for: <see cref="FaultSwitches.NoCapacity"/>, <see cref="FaultSwitches.SlowListing"/>.</summary>
    public bool IsOfCall => Kind is not (FaultSwitches.NoCapacity or FaultSwitches.SlowListing);

    public bool Names(string operation) => Operation == operation || Operation == "*";
}

/// <summary>Failures to rehearse, set through the admin API. Kept in memory only: a restart clears them.</summary>
public sealed class FaultSwitches
{
    public const string LoseAnswer = "loseAnswer";

    /// <summary>The call arrives and is not done yet.</summary>
    public const string HoldBefore = "holdBefore";

    /// <summary>The call is done and not answered yet.</summary>
    public const string HoldAfter = "holdAfter";

    public const string NoCapacity = "noCapacity";

    public const string SlowListing = "slowListing";

    /// <summary>The operation by which a fault names the placement of services' tasks.</summary>
    public const string Placement = "placement";

    public static readonly IReadOnlyList<string> Kinds = ["throttle", "serverError", LoseAnswer, HoldBefore, HoldAfter, "accessDenied", "expiredToken", NoCapacity, SlowListing];

    /// <summary>What a state of ECS may name as its operation; empty for faults of calls, which may name any.</summary>
    public static IReadOnlyList<string> OperationsOf(string kind) => kind switch
    {
        NoCapacity => [Placement, "RunTask", "*"],
        SlowListing => ["ListServiceDeployments", "DescribeServiceRevisions", "*"],
        _ => [],
    };

    private readonly Lock gate = new();
    private readonly List<Fault> faults = [];

    public HeldCalls Held { get; } = new();

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

    /// <summary>Calls that are held by them go on.</summary>
    public void Clear()
    {
        lock (gate)
            faults.Clear();
        Held.LetGo();
    }

    /// <summary>The fault of this call, counted down; null when it is to go well.</summary>
    public Fault? Take(string service, string operation, bool passesTags)
    {
        lock (gate)
        {
            for (var index = 0; index < faults.Count; index++)
            {
                var fault = faults[index];
                if (!fault.IsOfCall || fault.Service != service || !(fault.Names(operation)
                    // Tags at creation are authorised as TagResource (ECS Developer Guide, "Grant permission to tag resources on creation").
                    || (fault is { Operation: "TagResource", Kind: "accessDenied" } && passesTags)))
                    continue;
                if (fault.After > 0)
                {
                    faults[index] = fault with { After = fault.After - 1 };
                    continue;
                }
                CountDown(index, 1);
                return fault;
            }
            return null;
        }
    }

    /// <summary>The fault of a call before it is done: it stands still for `holdBefore`; one of the answer comes later.</summary>
    /// <param name="error">Makes the other faults.</param>
    public async Task BeforeAsync(Fault? fault, string operation, HttpContext context, Func<Fault, Exception> error)
    {
        if (fault is null || fault.IsOfAnswer)
            return;
        if (fault.Kind != HoldBefore)
            throw error(fault);
        await Held.HoldAsync(fault, operation, context.RequestAborted);
    }

    /// <summary>The fault of a call that is done.</summary>
    /// <returns>False when its answer is lost.</returns>
    public async Task<bool> AnswersAsync(Fault? fault, string operation, HttpContext context)
    {
        if (fault?.Kind == LoseAnswer)
        {
            context.Abort();
            return false;
        }
        if (fault?.Kind == HoldAfter)
            await Held.HoldAsync(fault, operation, context.RequestAborted);
        return true;
    }

    /// <summary>How many of so many tasks are not placed now; they are counted down.</summary>
    public int TakeUnplaceable(string operation, int tasks)
    {
        lock (gate)
        {
            var index = faults.FindIndex(fault => fault.Kind == NoCapacity && fault.Names(operation));
            if (index < 0)
                return 0;
            var unplaceable = Math.Min(faults[index].Times, tasks);
            CountDown(index, unplaceable);
            return unplaceable;
        }
    }

    /// <summary>How long what is new stays unseen by this operation.</summary>
    public TimeSpan LagOf(string operation)
    {
        lock (gate)
            return TimeSpan.FromSeconds(faults.Where(fault => fault.Kind == SlowListing && fault.Names(operation)).Select(fault => fault.Seconds).DefaultIfEmpty().Max());
    }

    private void CountDown(int index, int by)
    {
        if (faults[index].Times > by)
            faults[index] = faults[index] with { Times = faults[index].Times - by };
        else
            faults.RemoveAt(index);
    }

    public static AwsException Error(Fault fault, string operation, JsonObject input, AwsCaller caller)
    {
        var action = fault.Operation == "*" ? operation : fault.Operation;
        return fault.Kind switch
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
