namespace EcsRelease.Options;

/// <summary>EcsBeforeDeploy and EcsAfterDeploy can be understood, which is said before anything is built.</summary>
internal static class GateOptions
{
    /// <exception cref="EcsReleaseException">ECSR1021, 1022.</exception>
    public static void Check(ReleaseOptions options)
    {
        if (options.BeforeDeploy is { } before)
            Read("EcsBeforeDeploy", () => ShellWords.Split(before));
        if (options.AfterDeploy is { } after && Read("EcsAfterDeploy", () => AfterDeployCheck.Parse(after)) is { Path: not null } path && options.Target == TargetKind.Aws)
            throw Errors.CheckPathOnAws(path.Shown);
    }

    private static T Read<T>(string option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException unread)
        {
            throw Errors.GateUnreadable(option, unread.Message);
        }
    }
}
