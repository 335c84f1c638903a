using Microsoft.Build.Framework;

namespace EcsRelease.MSBuild;

/// <summary>Raises what the preflight found, now that this very project instance is published.</summary>
public sealed class EcsPreflightErrors : Microsoft.Build.Utilities.Task
{
    [Required]
    public string Key { get; set; } = "";

    /// <summary>Projects that this one references, when it lies with the user that their bytes are reproducible.</summary>
    public ITaskItem[] SharedProjects { get; set; } = [];

    public override bool Execute()
    {
        if (Preflight.Carried(BuildEngine, Key) is not { } preflight)
            return true;
        var messages = new Messages(Log, preflight.Project.ProjectFile);
        if (SharedProjects.Length > 0 && preflight.NeedsPublish)
            messages.Warn(Errors.SharedProjectPaths(Path.GetFileNameWithoutExtension(preflight.Project.ProjectFile)));
        preflight.WriteRefusals(messages);
        return !Log.HasLoggedErrors;
    }
}
