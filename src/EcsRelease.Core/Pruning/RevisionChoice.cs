using System.Globalization;

namespace EcsRelease.Pruning;

/// <param name="Reasons">Why it is kept, or why not.</param>
internal sealed record RevisionDecision(FamilyRevision Revision, bool IsKept, IReadOnlyList<string> Reasons);

/// <summary>Which revisions of a family stay: those that something refers to, and those in the window for a rollback.</summary>
internal static class RevisionChoice
{
    /// <returns>Newest first.</returns>
    public static IReadOnlyList<RevisionDecision> Of(IEnumerable<FamilyRevision> family, References references, PruneRules rules, DateTimeOffset now)
    {
        var revisions = family.OrderByDescending(revision => revision.Number).ToList();
        var active = revisions.Where(revision => revision.IsActive).ToList();
        var window = Window(active, references, rules.Keep);
        var unread = references.Unread.Where(source => !source.OnlyImages).Select(source => $"{source.Reason} and may refer to it").ToList();
        return
        [
            .. revisions.Select(revision =>
            {
                List<string> reasons = [.. references.To(revision, isLatest: revision == active.FirstOrDefault())];
                if (window.TryGetValue(revision.Name, out var place))
                    reasons.Add(place);
                if (revision.RegisteredAt is not { } at)
                    reasons.Add("its age is not known");
                else if (at >= rules.YoungSince(now))
                    reasons.Add($"younger than {Days(rules.KeepDays)}");
                reasons.AddRange(unread);
                return reasons.Count > 0 ? new RevisionDecision(revision, true, reasons) : new(revision, false, [Unneeded(revision)]);
            }),
        ];
    }

    /// <summary>The newest revisions, and the newest of each of the newest commits: a commit that was registered many
    /// times, or that never ended well, takes no place of another.</summary>
    private static Dictionary<string, string> Window(IReadOnlyList<FamilyRevision> active, References references, int keep)
    {
        var window = active.Take(keep).ToDictionary(revision => revision.Name, _ => $"one of the newest {keep} revisions");
        foreach (var revision in active.Where(revision => revision.Commit is not null && !references.HasOnlyEndedBadly(revision)).DistinctBy(revision => revision.Commit).Take(keep))
            window.TryAdd(revision.Name, $"one of the newest {keep} commits");
        return window;
    }

    private static string Unneeded(FamilyRevision revision) =>
        revision.IsActive ? "nothing refers to it" : "deregistered already; nothing refers to it";

    internal static string Days(int days) => string.Create(CultureInfo.InvariantCulture, $"{days} day{(days == 1 ? "" : "s")}");
}
