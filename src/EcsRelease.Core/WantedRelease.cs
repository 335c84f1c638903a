namespace EcsRelease;

/// <summary>One service of a run that releases several.</summary>
/// <param name="Options">As they are for this service.</param>
public sealed record WantedRelease(ReleaseOptions Options, ProjectInfo Project)
{
    public string Service => Options.Service ?? ReleaseNames.Kebab(Project.AssemblyName);
}
