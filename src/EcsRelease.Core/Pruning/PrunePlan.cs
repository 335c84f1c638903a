using EcsRelease.Aws;

namespace EcsRelease.Pruning;

/// <summary>What was found and decided; what becomes of it is in <see cref="PruneRun"/>.</summary>
internal sealed record PrunePlan
{
    public required IReadOnlyList<RevisionDecision> Revisions { get; init; }

    public required References References { get; init; }

    /// <summary>In the order in which they can be deleted.</summary>
    public IReadOnlyList<ImageDecision> Images { get; init; } = [];

    /// <summary>Everything in the repository; empty without `--images`.</summary>
    public IReadOnlyList<StoredImage> Stored { get; init; } = [];

    /// <summary>Its name, without host; null without `--images`.</summary>
    public string? Repository { get; init; }

    /// <summary>Whether an image as a container names it is of that repository.</summary>
    public Func<string, bool> IsHere { get; init; } = _ => false;

    public required PruneRules Rules { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>A deleted revision can no longer say which image was its own.</summary>
    public bool MayDelete => Rules.Delete && !(Rules.Images && References.Unread.Any(source => source.OnlyImages));

    public IReadOnlyList<FamilyRevision> ToDeregister => [.. Unneeded.Where(revision => revision.IsActive)];

    public IReadOnlyList<FamilyRevision> ToDelete => MayDelete ? [.. Unneeded] : [];

    public IReadOnlyList<StoredImage> ToDeleteImages => [.. Images.Where(image => !image.IsKept).Select(image => image.Image)];

    public bool IsEmpty => ToDeregister.Count + ToDelete.Count + ToDeleteImages.Count == 0;

    // The oldest first: what an interruption leaves is the newest.
    private IEnumerable<FamilyRevision> Unneeded => Revisions.Where(decision => !decision.IsKept).Select(decision => decision.Revision).Reverse();

    /// <summary>Decides about images, with the revisions as they are now.</summary>
    public PrunePlan WithImages(IReadOnlyList<RevisionDecision> revisions) =>
        this with { Images = Repository is null ? [] : new ImageChoice(Stored, Repository, IsHere, revisions, References, Rules, Now).Decide() };

    /// <summary>How long it takes at the rates that AWS allows.</summary>
    public TimeSpan Duration =>
        CallBudget.Of("DeregisterTaskDefinition").TimeFor(ToDeregister.Count)
        + CallBudget.Of("BatchDeleteImage").TimeFor(Calls(ToDeleteImages.Count, Paging.ImagesACall))
        + CallBudget.Of("DeleteTaskDefinitions").TimeFor(Calls(ToDelete.Count, Paging.DeletionsACall));

    private static int Calls(int count, int aCall) => (count + aCall - 1) / aCall;
}
