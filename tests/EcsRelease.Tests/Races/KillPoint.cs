namespace EcsRelease.Tests.Races;

internal enum KillFault
{
    /// <summary>Killed where the step begins.</summary>
    AtStep,

    /// <summary>Killed while its call has arrived and is not done.</summary>
    BeforeCommit,

    /// <summary>Killed while its call is done and not answered.</summary>
    AfterCommit,

    /// <summary>Not killed: the answer of a call that is done never comes.</summary>
    LostAnswer,
}

/// <summary>A moment of a release.</summary>
/// <param name="Step">As the release reports it.</param>
/// <param name="Operation">Null for the beginning of the step.</param>
/// <param name="Occurrence">How many calls of this operation the release made before.</param>
internal sealed record KillPoint(string Step, string? Service, string? Operation, int Occurrence)
{
    // What only reads is the same before and after it is done.
    private static readonly string[] Reads = ["Describe", "List", "Get", "BatchGet", "BatchCheck", "GET ", "HEAD "];

    public IEnumerable<KillFault> Faults => Operation is null ? [KillFault.AtStep]
        : Reads.Any(verb => Operation.StartsWith(verb, StringComparison.Ordinal)) ? [KillFault.BeforeCommit, KillFault.LostAnswer]
        : [KillFault.BeforeCommit, KillFault.AfterCommit, KillFault.LostAnswer];

    public string Name => Operation is null ? "begins" : $"{Service} {Operation}{(Occurrence > 0 ? $" #{Occurrence + 1}" : "")}";

    /// <param name="steps">Each with the number of calls that came before it.</param>
    /// <param name="calls">Of a release that went well.</param>
    public static IReadOnlyList<KillPoint> Of(IReadOnlyList<(string Step, int Before)> steps, IReadOnlyList<(string Service, string Operation)> calls)
    {
        var points = new List<KillPoint>();
        var made = new Dictionary<(string, string), int>();
        for (var index = 0; index < steps.Count; index++)
        {
            var (step, begin) = steps[index];
            points.Add(new(step, null, null, 0));
            var end = index + 1 < steps.Count ? steps[index + 1].Before : calls.Count;
            var polled = new HashSet<(string, string)>();
            foreach (var call in calls.Skip(begin).Take(end - begin))
            {
                var occurrence = made.GetValueOrDefault(call);
                made[call] = occurrence + 1;
                // How often a wait looks is different each time.
                if (step is not ("Rollout" or "Before") || polled.Add(call))
                    points.Add(new(step, call.Service, call.Operation, occurrence));
            }
        }
        points.Add(new(HostRequest.AtEnd, null, null, 0));
        return points;
    }
}

/// <summary>What is released when the first run is killed.</summary>
internal enum KillCase
{
    /// <summary>The first release of a service: repository, log group and service are created.</summary>
    Creation,

    Update,

    /// <summary>With a command before the update; only its step.</summary>
    Gate,
}

/// <summary>What another process does while the first run stands still.</summary>
internal enum Rival
{
    None,
    SameCommit,
    NewerCommit,
}

internal sealed record KillRow(KillCase Case, KillPoint Point, KillFault Fault, Rival Rival = Rival.None)
{
    public override string ToString() => $"{Case,-8} | {Point.Step,-9} | {Point.Name,-36} | {Fault}{(Rival == Rival.None ? "" : $", {Rival} meanwhile")}";
}

/// <param name="End">How the account stands after the second run, in a line.</param>
/// <param name="Wrong">Empty when that is what was promised.</param>
internal sealed record KillEnd(KillRow Row, string First, string Second, string End, IReadOnlyList<string> Wrong)
{
    public override string ToString() => $"{Row,-92} | {First,-18} | {Second,-18} | {End}{(Wrong.Count == 0 ? "" : $" | BAD: {string.Join("; ", Wrong)}")}";
}
