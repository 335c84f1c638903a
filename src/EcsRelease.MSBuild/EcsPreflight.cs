using Microsoft.Build.Framework;

namespace EcsRelease.MSBuild;

/// <summary>Before the compile: reads options, commit and AWS, and decides whether anything is compiled. Never fails;
/// what it found is raised by <see cref="EcsPreflightErrors"/> when the project is published.</summary>
public sealed class EcsPreflight : ReleaseTask
{
    // Of a build of one project, the first preflight is that of the project itself; those of executables that it
    // references come later, and nobody is asked about what is not going to be released.
    private const string FirstKey = "EcsRelease.FirstPreflight";

    private MSBuildReporter? _reporter;

    /// <summary>Every project of a solution is published by itself.</summary>
    public bool InSolution { get; set; }

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
        Preflight preflight;
        using (_reporter = new MSBuildReporter(Log, collected.ProjectFile, TimeProvider.System))
            preflight = await Preflight.RunAsync(collected, _reporter, cancellationToken);
        if (InSolution || IsFirst())
            preflight = await preflight.ConfirmAsync(new Messages(Log, collected.ProjectFile), cancellationToken);
        Outcome = preflight.Errors.Count > 0 ? "refused" : preflight.NeedsPublish ? "build" : "skip";
        Key = preflight.Carry(BuildEngine);
        return true;
    }

    private bool IsFirst()
    {
        var engine = (IBuildEngine4)BuildEngine;
        if (engine.GetRegisteredTaskObject(FirstKey, RegisteredTaskObjectLifetime.Build) is not null)
            return false;
        engine.RegisterTaskObject(FirstKey, FirstKey, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
        return true;
    }

    protected override void Silence() => _reporter?.Dispose();
}
