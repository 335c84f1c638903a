using System.Globalization;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Pruning;

namespace EcsRelease.Verbs;

/// <summary>Takes away revisions, and when asked images, that nothing needs (DESIGN 14): reads everything that could
/// refer to one, decides, and, unless it is a dry run, does it.</summary>
/// <param name="service">Name of the service; empty when only EcsTaskFamily says what is meant.</param>
/// <param name="places">Looked through for users of images, beside the account and region of the service.</param>
/// <param name="elsewhere">How a place is reached.</param>
public sealed class Prune(
    ReleaseOptions options, string service, PruneRules rules, IReadOnlyList<PlaceToCheck> places, Func<PlaceToCheck, IReleaseTarget> elsewhere,
    IReleaseTarget target, IReporter reporter, TimeProvider time)
{
    private readonly DateTimeOffset startedAt = time.GetUtcNow();
    private readonly WarningList log = new(reporter);
    private PruneRun? run;

    /// <summary>What an interruption leaves.</summary>
    public string WhatIsLeft => run is null ? "Nothing was changed." : run.Left;

    /// <returns>`planned` for a dry run, else `succeeded`, `unchanged` or `partial`.</returns>
    /// <exception cref="EcsReleaseException">ECSR5250 to 5253 before anything was changed, 5258, ECSR4xxx.</exception>
    public Task<PruneReport> RunAsync(CancellationToken cancellationToken) => Explained.RunAsync(options.TaskFamily ?? service, async () =>
    {
        using var access = await target.ConnectAsync(cancellationToken);
        var family = await FamilyAsync(access, cancellationToken);
        log.Step(ReleaseStep.Preflight, $"Looking for what uses the revisions of {family} in {access.Account}/{access.Region}");
        var reader = new PruneReader(access, family, options.Container, rules, log, time);
        var plan = await reader.ReadAsync(cancellationToken);
        var (whole, repository) = rules.Images ? await WithImagesAsync(reader, plan, access, cancellationToken) : (plan, null);
        WarnOfUnread(whole, family);
        if (!rules.Act || whole.IsEmpty)
            return Report(whole, access, family, null);

        log.Step(ReleaseStep.Update, $"Pruning {family}: {PruneDocument.Summary(whole)}, in about {DurationText.Of(whole.Duration)}");
        run = new(whole, reader.Ecs, reader.Live, reader.Families, family, repository, log);
        await run.RunAsync(cancellationToken);
        return run.Done == 0 ? throw Errors.RevisionsUnread(family, run.FirstError ?? "everything is in use by now.") : Report(whole, access, family, run);
    });

    /// <summary>The family that is named, else that of the live revision.</summary>
    private async Task<string> FamilyAsync(AwsAccess access, CancellationToken cancellationToken)
    {
        if (options.TaskFamily is { Length: > 0 } named)
            return named;
        var live = await LiveRelease.ReadServiceAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, service, access, cancellationToken);
        return live is { TaskDefinition.Length: > 0 } ? FamilyRevision.FamilyOf(live.TaskDefinition) : throw Errors.FamilyUnknown(service, options.Cluster);
    }

    private async Task<(PrunePlan Plan, RepositoryReader? Repository)> WithImagesAsync(PruneReader reader, PrunePlan plan, AwsAccess access, CancellationToken cancellationToken)
    {
        var (name, owner) = RepositoryOf(plan, access);
        plan = plan with { IsHere = image => IsOf(name, owner ?? access.Account, access.Region, TaskDefinitions.ImageName.Repository(image)) };
        var others = new List<(PlaceToCheck, AwsAccess)>();
        try
        {
            foreach (var place in places)
                others.Add((place, await elsewhere(place).ConnectAsync(cancellationToken)));
            return await reader.ReadImagesAsync(plan, name, owner, others, cancellationToken);
        }
        catch (AwsServiceException missing) when (missing.ErrorCode == "RepositoryNotFoundException")
        {
            throw Errors.RepositoryMissing(name, owner ?? access.Account, access.Region, isOwn: false);
        }
        finally
        {
            foreach (var (_, other) in others)
                other.Dispose();
        }
    }

    /// <summary>EcrRepository, else the repository of the newest revision's image; with the account that owns it.</summary>
    private (string Name, string? Owner) RepositoryOf(PrunePlan plan, AwsAccess access)
    {
        if (options.Repository is { Length: > 0 } named)
            return (TargetDefaults.NameOf(named), target.Defaults.AddressOf(named)?.Account);
        var newest = plan.Revisions[0].Revision;
        var image = newest.Image ?? "";
        var host = TaskDefinitions.ImageName.Repository(image);
        if (target.Defaults.HasOneRegistry)
            return (NamedImage.PathOf(host), null);
        return EcrAddress.Parse(host) is { } address && address.Account == access.Account && address.Region == access.Region
            ? (address.Repository, null)
            : throw Errors.RepositoryUnclear(newest.Name, image, access.Account, access.Region);
    }

    // The same name in another registry is another repository; the local AWS has one registry, under any address.
    private bool IsOf(string name, string owner, string region, string repository) => target.Defaults.HasOneRegistry
        ? NamedImage.PathOf(repository) == name
        : EcrAddress.Parse(repository) is { } address && (address.Account, address.Region, address.Repository) == (owner, region, name);

    private void WarnOfUnread(PrunePlan plan, string family)
    {
        foreach (var source in plan.References.Unread)
            log.Warn(Errors.SourceUnread(source.What, source.Action, source.OnlyImages ? "every image is kept" : $"every revision of '{family}' is kept", source.Why));
        if (rules is { Delete: true, Images: false } && plan.ToDelete.Count > 0)
            log.Warn(Errors.ImagesLoseRevisions(plan.ToDelete.Count));
    }

    private PruneReport Report(PrunePlan plan, AwsAccess access, string family, PruneRun? ended)
    {
        var partial = ended is { Undone: > 0 } ? Errors.PruneIncomplete(ended.Done, ended.Undone, ended.FirstError ?? "") : null;
        return new()
        {
            Version = EngineVersion.Current,
            StartedAt = startedAt,
            Outcome = partial?.Outcome ?? (ended is not null ? ReleaseOutcome.Succeeded : plan.IsEmpty ? ReleaseOutcome.Unchanged : ReleaseOutcome.Planned),
            Code = partial?.Code,
            Message = partial?.Message ?? string.Create(CultureInfo.InvariantCulture, $"{(plan.IsEmpty ? "nothing to prune" : PruneDocument.Summary(plan))}"),
            Target = target.Name,
            Account = access.Account,
            Region = access.Region,
            Family = family,
            Repository = plan.Repository,
            Keep = rules.Keep,
            KeepDays = rules.KeepDays,
            Totals = PruneDocument.Totals(plan, ended),
            Revisions = PruneDocument.Revisions(plan, ended),
            Images = PruneDocument.Images(plan, ended),
            Warnings = [.. log.Warnings],
        };
    }
}
