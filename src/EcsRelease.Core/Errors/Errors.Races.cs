using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 5240 to 5244: releases of one service at the same time
public static partial class Errors
{
    /// <param name="by">The other's revision, e.g. `orders:7`.</param>
    public static EcsReleaseException NewerPutBack(string service, string commit, string by, string newer, string follow) => new("ECSR5240", Superseded,
        $"The deployment of '{service}' was superseded by {by} (commit {newer[..12]}): it was begun at the same moment and its commit is newer than {commit[..12]}, so it was put back and ECS rolls it out again. Follow it: {follow}");
}
