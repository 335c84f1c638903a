namespace EcsRelease.History;

/// <summary>The way that led to what is live: the releases that went well, without those that were taken back. A release
/// of a revision that is on the way already goes back to it, and what came after it is never returned to unasked.</summary>
internal static class ReleaseTrail
{
    /// <param name="history">Newest first.</param>
    /// <param name="isWhole">The history begins with the service: nothing of before is unknown.</param>
    /// <returns>Oldest first; the last one went live last.</returns>
    public static IReadOnlyList<PastRelease> Of(IReadOnlyList<PastRelease> history, bool isWhole)
    {
        var trail = new List<PastRelease>();
        foreach (var release in history.Where(each => each.End == PastEnd.Succeeded).OrderBy(each => each.At))
        {
            var known = trail.FindIndex(each => each.TaskDefinition == release.TaskDefinition);
            if (known >= 0)
                trail.RemoveRange(known, trail.Count - known);
            // It went back to something of before the window: what lies between is taken back, how much of it nobody knows.
            else if (!isWhole && trail.Any(each => IsYounger(each, release)))
                trail.Clear();
            trail.Add(release);
        }
        return trail;
    }

    /// <summary>The last release that ended well before the live one, of another revision; null when none is known.</summary>
    /// <param name="live">ARN of the revision that is live.</param>
    public static PastRelease? Previous(IReadOnlyList<PastRelease> trail, string live) =>
        trail.LastOrDefault(each => each.TaskDefinition != live);

    private static bool IsYounger(PastRelease first, PastRelease second) =>
        Family(first.TaskDefinition) == Family(second.TaskDefinition) && first.Revision > second.Revision;

    private static string Family(string taskDefinition) => taskDefinition[..Math.Max(0, taskDefinition.LastIndexOf(':'))];
}
