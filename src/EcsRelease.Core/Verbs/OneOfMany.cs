using EcsRelease.Deployments;
using EcsRelease.Gates;

namespace EcsRelease.Verbs;

/// <summary>One service of a run with several: its release, and how far that is.</summary>
internal sealed class OneOfMany(WantedRelease wanted, Release release, ReleaseTurn turn, WaitBoard.Line line, TimeProvider time)
{
    private string? _setBack;

    public WantedRelease Wanted => wanted;

    public Release Release => release;

    public ReleaseTurn Turn => turn;

    public ReleasePlan? Plan { get; private set; }

    public EcsReleaseException? Refusal { get; private set; }

    public Task<ReleaseRecord>? Work { get; private set; }

    public ReleaseRecord? Record { get; private set; }

    /// <summary>Where it is while the run goes on; null = it has ended, or was not begun.</summary>
    public string? WhatGoesOn => (_setBack, Record) switch
    {
        ({ } to, _) => to,
        (null, null) when turn.HasBegun => release.WhatGoesOn,
        _ => null,
    };

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

    /// <summary>This run brought its revision into the service, and it is there still.</summary>
    public bool CanBeSetBack => release.Begun is not null && Record is { } record && record.Gates?.After?.Rollback is null && IsLive(record.Outcome);

    public void AwaitSetBack() => _setBack = $"It is on this release and was to be set back (EcsRollbackAll). See what is live: {Status}";

    /// <summary>Back to what was live before.</summary>
    /// <param name="failed">The services that failed.</param>
    public async Task SetBackAsync(string failed, CancellationToken cancellationToken)
    {
        var (begun, record) = (release.Begun!.Value, Record!);
        line.Step(ReleaseStep.Rollback, "setting it back");
        var end = await new SetBack(begun.Plan.Access, line, time).RunAsync(begun.Plan.LiveService, begun.Rollout, Began, wanted.Options.Timeout, cancellationToken);
        _setBack = null;
        var back = end.To is null ? null : new GateRollback(end.To, end.Result?.Outcome.Word(), end.Result?.ServiceDeployment);
        End((record.Outcome.ExitCode() == 0, end.Why) switch
        {
            (true, null) => Ended(Errors.SetBackWithOthers(wanted.Service, Name(end), failed)),
            (true, { } why) => Ended(Errors.NotSetBackWithOthers(wanted.Service, failed, why, Status)),
            (false, null) => record with { Message = $"{record.Message} It was set back to {Name(end)} (EcsRollbackAll)." },
            (false, { } why) => record with { Message = $"{record.Message} It could not be set back (EcsRollbackAll): {why}" },
        });

        StartedRollout Began(StartedRollout started)
        {
            var back = started.WithCommands(wanted.Options);
            _setBack = $"ECS goes on with setting it back to {back.TaskDefinition} (EcsRollbackAll). Follow it: {back.FollowCommand}";
            return back;
        }

        ReleaseRecord Ended(EcsReleaseException error) => record with { Outcome = error.Outcome, Code = error.Code, Message = error.Message, SetBack = back };
    }

    private string Status => FollowCommand.Of("status", wanted.Options, wanted.Service);

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
