using EcsRelease.Options;
using EcsRelease.Verbs;
using Microsoft.Build.Framework;

namespace EcsRelease.MSBuild;

/// <summary>What was found before the compile. It is carried to the later tasks of the same project instance in memory:
/// a plan holds clients with credentials, and every property and item is recorded in binary logs.</summary>
internal sealed record Preflight
{
    public required ProjectInfo Project { get; init; }

    public required ReleaseOptions Options { get; init; }

    /// <summary>Null when there are errors, or several services.</summary>
    public ReleasePlan? Plan { get; init; }

    /// <summary>The services of a project with several, checked; else null.</summary>
    public ReleaseMany? Many { get; init; }

    /// <summary>What the several services report to.</summary>
    public CarriedReporter? Reporter { get; init; }

    /// <summary>What planned it.</summary>
    public Release? Planned { get; init; }

    public IReadOnlyList<PlacedError> Errors { get; init; } = [];

    /// <summary>The release records when there are errors.</summary>
    public IReadOnlyList<ReleaseRecord> Refusals { get; init; } = [];

    public bool NeedsPublish => (Plan is { NeedsBuild: true } || Many?.Plans.Any(plan => plan.NeedsBuild) == true) && !Options.DryRun;

    public void WriteRefusals(Messages messages)
    {
        foreach (var error in Errors)
            messages.Error(error);
        if (Many is { } many)
            ReleaseReport.Write(Refusals, many.Written, messages.Warn);
        else if (Refusals is [var record])
            ReleaseReport.Write(record, Options, Project, messages.Warn);
    }

    public static async Task<Preflight> RunAsync(CollectedProject collected, IReporter reporter, CancellationToken cancellationToken)
    {
        var project = collected.Project;
        var options = new ReleaseOptions { RecordFile = collected.RecordFile };
        var mistakes = collected.Mistakes().ToList();
        Release? release = null;
        try
        {
            if (mistakes.Count > 0)
                return Refused(mistakes);
            if (ServiceItems.Of(collected.OptionText, OptionText.None) is { } services)
                return await CheckAsync(project, [.. services.Select(text => new WantedRelease(OptionReader.Read(text), project))], reporter, cancellationToken);
            options = OptionReader.Read(collected.OptionText);
            release = new Release(options, project, reporter, TimeProvider.System);
            return new() { Project = project, Options = options, Planned = release, Plan = await release.PlanAsync(cancellationToken) };
        }
        catch (EcsReleaseException error)
        {
            return Refused([PlacedError.Of(error, project.ProjectFile)]);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            return Refused([new(EcsRelease.Errors.UnexpectedFailure(cause), project.ProjectFile)]);
        }

        Preflight Refused(IReadOnlyList<PlacedError> errors) => new()
        {
            Project = project,
            Options = options,
            Errors = errors,
            // With the warnings of its plan, as far as it came.
            Refusals = [(release ?? new Release(options, project, reporter, TimeProvider.System)).RecordOf(errors[0].Error)],
        };
    }

    private static async Task<Preflight> CheckAsync(ProjectInfo project, IReadOnlyList<WantedRelease> services, IReporter reporter, CancellationToken cancellationToken)
    {
        var carried = new CarriedReporter(reporter);
        var many = new ReleaseMany(services, carried, TimeProvider.System);
        var refusals = await many.CheckAsync(cancellationToken);
        return new()
        {
            Project = project,
            Options = services[0].Options,
            Many = many,
            Reporter = carried,
            Errors = [.. many.Refusals.Select(error => PlacedError.Of(error, project.ProjectFile))],
            Refusals = refusals ?? [],
        };
    }

    /// <summary>EcsConfirm: asks on the terminal of the build, once.</summary>
    /// <returns>What is agreed to, or refused.</returns>
    public async Task<Preflight> ConfirmAsync(Messages messages, CancellationToken cancellationToken)
    {
        if (Errors.Count > 0 || Options.DryRun)
            return this;
        var terminal = new TerminalConfirmation(messages, LiveRegion.OfThisProcess());
        try
        {
            if (Plan is not null)
                return this with { Plan = await PlanQuestion.ConfirmAsync(Plan, terminal, cancellationToken) };
            if (Many is not null)
                await Many.ConfirmAsync(terminal, cancellationToken);
            return this;
        }
        catch (EcsReleaseException error)
        {
            return this with { Plan = null, Errors = [PlacedError.Of(error, Project.ProjectFile)], Refusals = Many?.RecordsOf(error) ?? [Planned!.RecordOf(error)] };
        }
    }

    /// <summary>Keeps it for the later tasks; the key says where.</summary>
    public string Carry(IBuildEngine engine)
    {
        var key = Guid.NewGuid().ToString("N");
        Carry(engine, key);
        return key;
    }

    /// <summary>Keeps it in the place of an earlier one.</summary>
    public void Carry(IBuildEngine engine, string key)
    {
        ((IBuildEngine4)engine).UnregisterTaskObject(key, RegisteredTaskObjectLifetime.Build);
        ((IBuildEngine4)engine).RegisterTaskObject(key, this, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
    }

    /// <summary>Null when there was none: no preflight ran, or it ran in another node.</summary>
    public static Preflight? Carried(IBuildEngine engine, string key) =>
        key.Length == 0 ? null : ((IBuildEngine4)engine).GetRegisteredTaskObject(key, RegisteredTaskObjectLifetime.Build) as Preflight;
}
