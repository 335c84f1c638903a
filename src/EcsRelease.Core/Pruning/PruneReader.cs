using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Pruning;

/// <summary>A region of an account that is looked through for users of images, beside the own one.</summary>
/// <param name="Profile">AWS profile that may read it.</param>
public sealed record PlaceToCheck(string Profile, string Region)
{
    public override string ToString() => $"{Profile}/{Region}";
}

/// <summary>Reads everything that prune decides by, in the account and region of the service and, for images, in the
/// places that are named beside it.</summary>
internal sealed class PruneReader
{
    private readonly AwsAccess access;
    private readonly PruneRules rules;
    private readonly IReporter reporter;
    private readonly TimeProvider time;

    /// <param name="container">The released one; null = the first essential one.</param>
    public PruneReader(AwsAccess access, string family, string? container, PruneRules rules, IReporter reporter, TimeProvider time)
    {
        this.access = access;
        this.rules = rules;
        this.reporter = reporter;
        this.time = time;
        Family = family;
        Ecs = access.Ecs.Through(Paced);
        Live = new(Ecs, family, rules.Images);
        Families = new(Ecs, container);
    }

    public string Family { get; }

    /// <summary>Paced.</summary>
    public AmazonEcsClient Ecs { get; }

    public LiveUses Live { get; }

    public FamilyReader Families { get; }

    /// <summary>The family's revisions, and what of them goes.</summary>
    /// <exception cref="EcsReleaseException">ECSR5251.</exception>
    /// <exception cref="AwsServiceException"/>
    public async Task<PrunePlan> ReadAsync(CancellationToken cancellationToken)
    {
        var listed = await Families.ListAsync(Family, "ACTIVE", cancellationToken);
        if (rules.Images || rules.Delete)
            listed.AddRange(await Families.ListAsync(Family, "INACTIVE", cancellationToken));
        // A prefix is the whole name of a family for ECS; here it is made sure.
        listed.RemoveAll(arn => FamilyRevision.FamilyOf(arn) != Family);
        if (listed.Count == 0)
            throw Errors.FamilyEmpty(Family, access.Account, access.Region);

        var references = new References();
        var uses = ReadUsesAsync(references, cancellationToken);
        var revisions = await Families.DescribeAsync(listed, count => Read(count, listed.Count, $"revisions of {Family}"), cancellationToken);
        await uses;
        var now = time.GetUtcNow();
        return new() { Revisions = RevisionChoice.Of(revisions, references, rules, now), References = references, Rules = rules, Now = now };
    }

    /// <summary>The plan with images.</summary>
    /// <param name="name">Of the repository.</param>
    /// <param name="elsewhere">Connected.</param>
    /// <exception cref="EcsReleaseException">ECSR5253.</exception>
    public async Task<(PrunePlan Plan, RepositoryReader Repository)> ReadImagesAsync(
        PrunePlan plan, string name, string? owner, IReadOnlyList<(PlaceToCheck Place, AwsAccess Access)> elsewhere, CancellationToken cancellationToken)
    {
        var ecr = access.Ecr.Through(Paced);
        var repository = new RepositoryReader(ecr, name, owner);
        var sharing = await new RepositorySharing(ecr, repository, name, owner ?? access.Account, access.Account, access.Region).ReadAsync(plan.References, cancellationToken);
        var unseen = sharing.Where(each => each.Account is null
            || !elsewhere.Any(place => place.Access.Account == each.Account && (each.Region is null || each.Region == place.Access.Region))).ToList();
        if (unseen.Count > 0)
            throw Errors.RepositoryShared(name, string.Join(", ", unseen.Select(each => each.With)), access.Region);

        if (plan.Revisions.All(decision => decision.IsKept))
            return (plan, repository);
        plan = plan with { Repository = name, Stored = await repository.ReadAsync(cancellationToken) };
        await Families.ReadOthersAsync(Family, "", plan.References, (count, total) => Read(count, total, "revisions of other families"), cancellationToken);
        foreach (var (place, there) in elsewhere)
            await ReadElsewhereAsync(place, there, plan.References, cancellationToken);
        plan = plan.WithImages(plan.Revisions);
        return (await WithReferrersAsync(plan, repository, cancellationToken), repository);
    }

    private async Task ReadUsesAsync(References into, CancellationToken cancellationToken)
    {
        var scheduled = new ScheduledUses(access.Events.Through(Paced), access.Scheduler.Through(Paced)).ReadAsync(into, cancellationToken);
        var services = await Live.ReadAsync(into, cancellationToken);
        await new DeploymentUses(Ecs).ReadAsync(services, into, cancellationToken);
        await scheduled;
    }

    /// <summary>Another account or region can only run what it names: its revisions, services, deployments and tasks.</summary>
    private async Task ReadElsewhereAsync(PlaceToCheck place, AwsAccess there, References into, CancellationToken cancellationToken)
    {
        reporter.Detail($"Looking through {there.Account}/{there.Region} (profile '{place.Profile}')");
        var ecs = there.Ecs.Through(Paced);
        var found = new References();
        var services = await new LiveUses(ecs, null, withImages: true).ReadAsync(found, cancellationToken);
        await new DeploymentUses(ecs).ReadAsync(services, found, cancellationToken);
        var where = $" in {there.Account}/{there.Region}";
        await new FamilyReader(ecs, null).ReadOthersAsync(null, where, found, (count, total) => Read(count, total, $"revisions{where}"), cancellationToken);
        into.AddElsewhere(found, where);
    }

    /// <summary>ECR's own list of referrers has what its list of images may leave out; one that is not in the list is
    /// somebody's to keep, and so is what it refers to.</summary>
    private static async Task<PrunePlan> WithReferrersAsync(PrunePlan plan, RepositoryReader repository, CancellationToken cancellationToken)
    {
        var referrers = await repository.ReferrersAsync(plan.ToDeleteImages.Select(image => image.Digest), cancellationToken);
        var known = plan.Stored.Where(image => image.Subjects.Any()).Select(image => image.Digest).ToHashSet();
        foreach (var (digest, all) in referrers)
            if (all.FirstOrDefault(referrer => !known.Contains(referrer)) is { } unknown)
                plan.References.AddDigest(digest, $"its referrer {unknown[..19]} is not in the list of images");
        return plan.WithImages(plan.Revisions);
    }

    private PacedCalls Paced(IJsonService service) => new(service, new RequestBudgets(time).Of);

    private void Announce(int count, string what)
    {
        if (CallBudget.Of("DescribeTaskDefinition").TimeFor(count) is { TotalSeconds: > 5 } atLeast)
            reporter.Detail($"Reading {count} {what} takes about {DurationText.Of(atLeast)}: ECS answers 20 a second");
    }

    private void Read(int count, int total, string what)
    {
        if (count == 1)
            Announce(total, what);
        if (count % 100 == 0)
            reporter.Progress(new($"{count} of {total} {what} read", count, total));
    }
}
