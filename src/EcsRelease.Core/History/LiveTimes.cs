namespace EcsRelease.History;

/// <summary>How long each deployment's revision was live: from the end of a deployment that succeeded until one of another
/// revision succeeded. A deployment that fails and is rolled back interrupts nothing: the revision before it went on. A
/// new deployment of the same revision (a restart) takes over from nobody, so that both count on. Where a rollback
/// restores another revision than the one before, the newest success of that one is live again, and its times add up. Pure.</summary>
internal static class LiveTimes
{
    /// <param name="chronological">Oldest first.</param>
    /// <returns>By ARN of the service deployment; one that never was live is left out.</returns>
    public static IReadOnlyDictionary<string, TimeSpan> Of(IReadOnlyList<PastDeployment> chronological, DateTimeOffset now)
    {
        var times = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        var live = new List<(PastDeployment Deployment, DateTimeOffset Since)>();
        foreach (var each in chronological.Where(each => each is { EndedAt: not null, TaskDefinition: not null }).OrderBy(each => each.EndedAt))
        {
            var at = each.EndedAt!.Value;
            var next = each.Status switch
            {
                "SUCCESSFUL" => each,
                "ROLLBACK_SUCCESSFUL" when each.BackTo is { } back && live.All(one => one.Deployment.TaskDefinition != back) =>
                    chronological.LastOrDefault(one => one.Status == "SUCCESSFUL" && one.TaskDefinition == back && one.EndedAt <= at),
                _ => null,
            };
            if (next is null)
                continue;
            if (live.Any(one => one.Deployment.TaskDefinition != next.TaskDefinition))
                End(at);
            live.Add((next, at));
        }
        End(now);
        return times;

        void End(DateTimeOffset at)
        {
            foreach (var (deployment, since) in live)
                times[deployment.Arn] = times.GetValueOrDefault(deployment.Arn) + (at > since ? at - since : TimeSpan.Zero);
            live.Clear();
        }
    }
}
