namespace EcsRelease.Aws.Targets;

public static class ReleaseTargets
{
    /// <param name="project">The project that is released; null for a verb that has none.</param>
    /// <param name="reporter">Hears of a local AWS of another version.</param>
    public static IReleaseTarget For(ReleaseOptions options, ProjectInfo? project, TimeProvider time, IReporter? reporter = null) => options.Target switch
    {
        TargetKind.Local => new LocalTarget(LocalAwsProgram.Of(project), time, reporter, Environment.GetEnvironmentVariable),
        _ => new AwsTarget(options, time),
    };
}
