using EcsRelease.Verbs;
using Microsoft.Build.Framework;

namespace EcsRelease.MSBuild;

/// <summary>After the publish: image, push, revision, service, rollout. Plans by itself when no preflight ran
/// (`dotnet build -t:Publish`, DeployOnBuild).</summary>
public sealed class EcsReleaseTask : ReleaseTask
{
    private MSBuildReporter? _reporter;
    private Release? _release;
    private ReleaseMany? _many;

    /// <summary>Setting → metadata Value, after the SDK's ComputeContainerConfig.</summary>
    [Required]
    public ITaskItem[] Container { get; set; } = [];

    /// <summary>Elements of the SDK's container items; metadata Item says which.</summary>
    public ITaskItem[] ContainerItems { get; set; } = [];

    /// <summary>ResolvedFileToPublish: metadata RelativePath and NuGetPackageId.</summary>
    public ITaskItem[] PublishedFiles { get; set; } = [];

    /// <summary>Where the preflight kept its plan; empty = there was none.</summary>
    public string Key { get; set; } = "";

    protected override TimeSpan CancelPatience => _release?.CancelPatience ?? _many?.CancelPatience ?? base.CancelPatience;

    protected override string WhatGoesOn => _release?.WhatGoesOn ?? _many?.WhatGoesOn ?? "Nothing was changed.";

    protected override async Task<bool> ExecuteAsync(CancellationToken cancellationToken)
    {
        var collected = Collect();
        var preflight = Preflight.Carried(BuildEngine, Key);
        var wasPublished = preflight is null or { NeedsPublish: true };
        if (preflight is null)
            using (_reporter = new MSBuildReporter(Log, collected.ProjectFile, TimeProvider.System))
                preflight = await Preflight.RunAsync(collected, _reporter, cancellationToken);
        // Asked before the compile, but where no preflight ran.
        preflight = await preflight.ConfirmAsync(new Messages(Log, collected.ProjectFile), cancellationToken);
        var publisher = new PublishedFolder(Container, ContainerItems, PublishedFiles, preflight.Project, wasPublished);
        if (preflight is { Errors.Count: 0, Many: { } many })
            return await RunAsync(many, preflight, publisher, collected, cancellationToken);
        if (preflight.Plan is not { } plan)
            return Refuse(preflight);

        using var reporter = _reporter = new MSBuildReporter(Log, collected.ProjectFile, TimeProvider.System);
        var release = _release = new Release(preflight.Options, preflight.Project, reporter, TimeProvider.System);
        var record = await release.RunAsync(plan, publisher, cancellationToken);
        reporter.Dispose();
        ReleaseReport.Write(record, preflight.Options, preflight.Project, new Messages(Log, collected.ProjectFile).Warn);
        if (record.Outcome == ReleaseOutcome.Planned)
            foreach (var line in PlanText.Report(plan))
                new Messages(Log, collected.ProjectFile).Line(line.ToString());
        return Show(record, collected);
    }

    protected override void Silence() => _reporter?.Dispose();

    private async Task<bool> RunAsync(ReleaseMany many, Preflight preflight, IPublisher publisher, CollectedProject collected, CancellationToken cancellationToken)
    {
        var messages = new Messages(Log, collected.ProjectFile);
        if (preflight.Options.DryRun)
        {
            foreach (var line in many.Plans.SelectMany(PlanText.Report))
                messages.Line(line.ToString());
            return true;
        }
        _many = many;
        IReadOnlyList<ReleaseRecord> records;
        using (_reporter = new MSBuildReporter(Log, collected.ProjectFile, TimeProvider.System))
        {
            preflight.Reporter!.Continue(_reporter);
            records = await many.RunAsync(_ => publisher, cancellationToken);
        }
        ReleaseReport.Write(records, many.Written, messages.Warn);
        // Each says how it ended, also after one that failed.
        return records.Select(record => Show(record, collected)).ToList().TrueForAll(shown => shown);
    }

    private bool Refuse(Preflight refused)
    {
        refused.WriteRefusals(new Messages(Log, refused.Project.ProjectFile));
        return false;
    }

    private bool Show(ReleaseRecord record, CollectedProject collected)
    {
        var messages = new Messages(Log, collected.ProjectFile);
        if (record.Code is { } code && record.Outcome.ExitCode() != 0)
        {
            messages.Error(code, FailureReport.Of(record));
            return false;
        }
        foreach (var line in record.Endpoints.Append(record.Message).OfType<string>())
            messages.Line(line);
        messages.Result(ReleaseText.Summary(collected.ProjectName, record));
        return true;
    }
}
