using Microsoft.Build.Framework;

namespace EcsRelease.MSBuild;

/// <summary>Before the compile: reads options, commit and AWS, and decides whether anything is compiled. Never fails;
/// what it found is raised by <see cref="EcsPreflightErrors"/> when the project is published.</summary>
public sealed class EcsPreflight : ReleaseTask
{
    private MSBuildReporter? _reporter;

    /// <summary>`build`: publish, then release. `skip`: release without a publish. `refused`: errors wait.</summary>
    [Output]
    public string Outcome { get; set; } = "";

    /// <summary>Where the plan is kept for the later tasks.</summary>
    [Output]
    public string Key { get; set; } = "";

    protected override string WhatGoesOn => "Nothing was changed.";

    protected override async Task<bool> ExecuteAsync(CancellationToken cancellationToken)
    {
        var collected = Collect();
        using var reporter = _reporter = new MSBuildReporter(Log, collected.ProjectFile, TimeProvider.System);
        var preflight = await Preflight.RunAsync(collected, reporter, cancellationToken);
        Outcome = preflight.Errors.Count > 0 ? "refused" : preflight.NeedsPublish ? "build" : "skip";
        Key = preflight.Carry(BuildEngine);
        return true;
    }

    protected override void Silence() => _reporter?.Dispose();
}
