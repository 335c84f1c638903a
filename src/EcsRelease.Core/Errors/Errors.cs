using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

/// <summary>Every error and warning of the engine: one factory per code, which fixes its wording and its outcome.
/// A page per code lies in docs/errors. 1xxx options, 2xxx Git, 3xxx image and registry, 4xxx AWS access,
/// 5xxx release and rollout, 6xxx local AWS, 9xxx unexpected.</summary>
public static partial class Errors
{
    public static EcsReleaseException UnexpectedFailure(Exception cause) => new("ECSR9001", Unexpected,
        $"Unexpected: {cause.GetType().Name}: {cause.Message}. This is a fault of EcsRelease; details follow with --verbose (MSBuild: -v:d).", cause);

    private static string Short(string commit) => commit.Length > 12 ? commit[..12] : commit;

    private static string List(IReadOnlyList<string> files) =>
        string.Join(", ", files.Take(5).Select(file => $"'{file}'")) + (files.Count > 5 ? $" and {files.Count - 5} more" : "");
}
