using EcsRelease.Deployments;
using EcsRelease.Gates;

namespace EcsRelease.Verbs;

/// <summary>One service of a run with several: its release, and how far that is.</summary>
internal sealed class OneOfMany(WantedRelease wanted, Release release, ReleaseTurn turn, WaitBoard.Line line, TimeProvider time)
{
    public WantedRelease Wanted => wanted;

    public Release Release => release;

    public ReleaseTurn Turn => turn;

    public ReleasePlan? Plan { get; private set; }

    public EcsReleaseException? Refusal { get; private set; }

    public Task<ReleaseRecord>? Work { get; private set; }

    public ReleaseRecord? Record { get; private set; }

    public bool IsFailed => Record?.Outcome.ExitCode() is not (null or 0);

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            Plan = await release.PlanAsync(cancellationToken);
        }
        catch (EcsReleaseException refusal)
        {
            Refusal = refusal;
        }
    }

    /// <summary>Its record when nothing is released at all.</summary>
    public ReleaseRecord Refused(IReadOnlyList<string> refused) => release.RecordOf(Refusal ?? Errors.OthersRefused(wanted.Service, refused));

    /// <summary>Refuses what its plan alone does not show.</summary>
    public void Refuse(EcsReleaseException refusal) => Refusal ??= refusal;

    /// <summary>It was agreed to.</summary>
    public void Confirm() => Plan = Plan! with { IsBinding = true, IsConfirmed = true };

    /// <summary>Makes its image; with a failure it has ended.</summary>
    public async Task PushAsync(IPublisher publisher, CancellationToken cancellationToken)
    {
        Work = release.RunAsync(Plan!, publisher, cancellationToken);
        await Task.WhenAny(Work, turn.Pushed);
        if (Work.IsCompleted)
            End(await Work);
    }

    public async Task RollOutAsync()
    {
        turn.Begin();
        if (Record is null)
            End(await Work!);
    }

    public async Task LeaveAsync(string why)
    {
        var refusal = Errors.NotBegun(wanted.Service, why);
        turn.Refuse(refusal);
        End(Work is null ? release.RecordOf(refusal) : await Work);
    }

    /// <summary>Back to what was live before, where this run brought its revision into the service and it is there still.</summary>
    /// <param name="failed">The services that failed.</param>
    public async Task SetBackAsync(string failed, CancellationToken cancellationToken)
    {
        if (release.Begun is not { } begun || Record is not { } record || record.Gates?.After?.Rollback is not null || !IsLive(record.Outcome))
            return;
        line.Step(ReleaseStep.Rollback, "setting it back");
        var end = await new SetBack(begun.Plan.Access, line, time).RunAsync(
            begun.Plan.LiveService, begun.Rollout, started => started.WithCommands(wanted.Options), wanted.Options.Timeout, cancellationToken);
        var back = end.To is null ? null : new GateRollback(end.To, end.Result?.Outcome.Word(), end.Result?.ServiceDeployment);
        End((record.Outcome.ExitCode() == 0, end.Why) switch
        {
            (true, null) => Ended(Errors.SetBackWithOthers(wanted.Service, Name(end), failed)),
            (true, { } why) => Ended(Errors.NotSetBackWithOthers(wanted.Service, failed, why)),
            (false, null) => record with { Message = $"{record.Message} It was set back to {Name(end)} (EcsRollbackAll)." },
            (false, { } why) => record with { Message = $"{record.Message} It could not be set back (EcsRollbackAll): {why}" },
        });

        ReleaseRecord Ended(EcsReleaseException error) => record with { Outcome = error.Outcome, Code = error.Code, Message = error.Message, SetBack = back };
    }

    private static string Name(SetBackEnd end) => end.To!.Split('/')[^1];

    // Ended so, the service is on the revision of this run, or on the way to it.
    private static bool IsLive(ReleaseOutcome outcome) => outcome is ReleaseOutcome.Succeeded or ReleaseOutcome.Started or ReleaseOutcome.HandedOn
        or ReleaseOutcome.Failed or ReleaseOutcome.TimedOut or ReleaseOutcome.CheckFailed;

    private void End(ReleaseRecord record)
    {
        Record = record;
        line.End(record);
    }
}
