using Microsoft.Build.Framework;

namespace EcsRelease.MSBuild;

/// <summary>What the targets collect for a task (build/EcsRelease.targets, _EcsCollect). Everything here is recorded in
/// binary logs, so nothing secret may ever be a parameter.</summary>
public abstract class ReleaseTask : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();

    /// <summary>Option property → metadata Value.</summary>
    [Required]
    public ITaskItem[] Options { get; set; } = [];

    /// <summary>Elements of option items; metadata Item is the item's name, the rest as in the project.</summary>
    public ITaskItem[] OptionItems { get; set; } = [];

    /// <summary>Property of the project → metadata Value.</summary>
    [Required]
    public ITaskItem[] Project { get; set; } = [];

    public ITaskItem[] ImageInputs { get; set; } = [];

    public ITaskItem[] ImageInputItems { get; set; } = [];

    /// <summary>Full paths.</summary>
    public ITaskItem[] PublishInputs { get; set; } = [];

    /// <summary>Files that may hold options: the project, Directory.Build.*, the publish profile.</summary>
    public ITaskItem[] SettingsFiles { get; set; } = [];

    /// <summary>What the person who pressed Ctrl-C has to know.</summary>
    protected abstract string WhatGoesOn { get; }

    /// <summary>How long a cancelled build waits for the work to end.</summary>
    protected virtual TimeSpan CancelPatience => TimeSpan.FromMilliseconds(50);

    public void Cancel() => _cancel.Cancel();

    public void Dispose()
    {
        _cancel.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>MSBuild's tasks are synchronous. The work runs on the pool, so that a cancelled build ends at once,
    /// also when a call to AWS is slow to give up.</summary>
    public override bool Execute()
    {
        var token = _cancel.Token;
        var work = Task.Run(() => ExecuteAsync(token), CancellationToken.None);
        var cancelled = new TaskCompletionSource();
        using (token.Register(cancelled.SetResult))
            Task.WaitAny(work, cancelled.Task);
        if (token.IsCancellationRequested)
            Task.WaitAny([work], CancelPatience);
        if (work.IsCompletedSuccessfully)
            return work.Result;
        Silence();
        if (token.IsCancellationRequested)
            new Messages(Log, Collect().ProjectFile).Error(new PlacedError(Errors.CancelledByUser(WhatGoesOn), Collect().ProjectFile));
        else if (work.Exception?.GetBaseException() is { } cause)
            new Messages(Log, Collect().ProjectFile).Error(new PlacedError(Errors.UnexpectedFailure(cause), Collect().ProjectFile));
        return false;
    }

    /// <summary>False when an error was logged. Throws only when cancelled.</summary>
    protected abstract Task<bool> ExecuteAsync(CancellationToken cancellationToken);

    /// <summary>Nothing may be logged after <see cref="Execute"/> has returned, also not by work that is still ending.</summary>
    protected abstract void Silence();

    private protected CollectedProject Collect() => new(this, ((IBuildEngine6)BuildEngine).GetGlobalProperties());
}
