namespace EcsRelease.Pruning;

/// <summary>A plan and what became of it, as the report has them.</summary>
internal static class PruneDocument
{
    /// <summary>`990 revisions to deregister, 990 images (at most 12.3 GB) to delete`.</summary>
    public static string Summary(PrunePlan plan)
    {
        var totals = Totals(plan, null);
        return string.Join(", ", new[]
        {
            totals.Revisions > 0 ? $"{Count(totals.Revisions, "revision")} to deregister" : null,
            totals.Deletions > 0 ? $"{Count(totals.Deletions, "revision")} to delete" : null,
            totals.Images > 0 ? $"{Count(totals.Images, "image")} to delete (at most {ByteText.Of(totals.Bytes)})" : null,
        }.OfType<string>());
    }

    public static PruneTotals Totals(PrunePlan plan, PruneRun? run) => new(
        plan.Revisions.Count(decision => decision.IsKept), plan.ToDeregister.Count, plan.ToDelete.Count, plan.ToDeleteImages.Count,
        plan.ToDeleteImages.Sum(image => image.Size), run?.Done ?? 0, run?.Undone ?? 0);

    public static IReadOnlyList<PrunedRevision> Revisions(PrunePlan plan, PruneRun? run) =>
    [
        .. plan.Revisions.Select(decision =>
        {
            var revision = decision.Revision;
            var action = decision.IsKept ? "keep" : plan.MayDelete ? "delete" : revision.IsActive ? "deregister" : "none";
            var end = decision.IsKept ? null : EndOf(run, revision);
            return new PrunedRevision(revision.Arn, revision.Number, revision.Commit, revision.RegisteredAt, revision.Status, action, decision.Reasons, end?.Result, end?.Error);
        }),
    ];

    public static IReadOnlyList<PrunedImage> Images(PrunePlan plan, PruneRun? run) =>
    [
        .. plan.Images.Select(decision =>
        {
            var image = decision.Image;
            var end = decision.IsKept ? null : run?.EndOf(image.Digest);
            return new PrunedImage(image.Digest, image.Tags, image.Size, image.PushedAt, decision.IsKept ? "keep" : "delete", [decision.Reason], end?.Result, end?.Error);
        }),
    ];

    // The last thing that was to be done to it.
    private static ItemEnd? EndOf(PruneRun? run, FamilyRevision revision) =>
        run?.EndOf("delete " + revision.Arn) ?? run?.EndOf(revision.Arn);

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
