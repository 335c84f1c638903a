using Microsoft.Build.Framework;

namespace EcsRelease.MSBuild;

/// <summary>Raises what the preflight found, now that this very project instance is published, and asks about it where the
/// preflight could not know that it would be (EcsConfirm).</summary>
public sealed class EcsPreflightErrors : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();

    [Required]
    public string Key { get; set; } = "";

    /// <summary>Projects that this one references, when it lies with the user that their bytes are reproducible.</summary>
    public ITaskItem[] SharedProjects { get; set; } = [];

    public void Cancel() => _cancel.Cancel();

    public void Dispose() => _cancel.Dispose();

    public override bool Execute()
    {
        if (Preflight.Carried(BuildEngine, Key) is not { } preflight)
            return true;
        var messages = new Messages(Log, preflight.Project.ProjectFile);
        if (SharedProjects.Length > 0 && preflight.NeedsPublish)
            messages.Warn(Errors.SharedProjectPaths(Path.GetFileNameWithoutExtension(preflight.Project.ProjectFile)));
        var asked = preflight.ConfirmAsync(messages, _cancel.Token).GetAwaiter().GetResult();
        if (asked != preflight)
            asked.Carry(BuildEngine, Key);
        asked.WriteRefusals(messages);
        return !Log.HasLoggedErrors;
    }
}
