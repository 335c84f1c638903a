using System.Globalization;
using EcsRelease.Aws;

namespace EcsRelease.Pruning;

/// <summary>What became of one item.</summary>
/// <param name="Result">`done`, `failed`, `left`.</param>
internal sealed record ItemEnd(string Result, string? Error = null);

/// <summary>Takes away what the plan says: deregisters first, so that nothing that can be deployed names an image that is
/// gone; then images; deletes revisions last, since only they tell a second run which images were theirs. Killed at any
/// point, the next run finds what is left. Before each batch it looks again at what runs.</summary>
/// <param name="ecs">Paced.</param>
/// <param name="images">Null without `--images`.</param>
internal sealed class PruneRun(PrunePlan plan, AmazonEcsClient ecs, LiveUses live, FamilyReader families, string family, RepositoryReader? images, IReporter reporter)
{
    // Its twenty seconds are longer than a look at some hundred services.
    private const int RevisionsALook = 20;

    private const int DeletionsALook = 10 * Paging.DeletionsACall;

    private readonly Dictionary<string, ItemEnd> ends = new(StringComparer.Ordinal);
    private readonly HashSet<string> known = [.. plan.Revisions.Select(decision => decision.Revision.Arn), .. plan.References.Read];
    private readonly List<RevisionDecision> newcomers = [];
    private string? stopped;

    /// <summary>By ARN or digest.</summary>
    public ItemEnd? EndOf(string item) => ends.GetValueOrDefault(item);

    public int Done => ends.Values.Count(end => end.Result == "done");

    public int Undone => ends.Values.Count(end => end.Result != "done");

    /// <summary>The first thing that went wrong; null = nothing.</summary>
    public string? FirstError => stopped ?? ends.Values.Select(end => end.Error).FirstOrDefault(error => error is not null);

    /// <summary>For whoever interrupts it.</summary>
    public string Left => string.Create(CultureInfo.InvariantCulture,
        $"{Done} of {plan.ToDeregister.Count + plan.ToDeleteImages.Count + plan.ToDelete.Count} changes were made; the rest was left. The same command goes on from there.");

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await EachAsync(plan.ToDeregister, RevisionsALook, revision => revision.Arn, "revisions deregistered", "DeregisterTaskDefinition", DeregisterAsync, cancellationToken);
        if (images is not null)
            await DeleteImagesAsync(images, cancellationToken);
        var gone = plan.ToDelete.Where(revision => !IsLeft(revision)).ToList();
        await EachAsync(gone, DeletionsALook, revision => "delete " + revision.Arn, "revisions deleted", "DeleteTaskDefinitions", DeleteAsync, cancellationToken);
        foreach (var revision in plan.ToDelete)
            ends.TryAdd("delete " + revision.Arn, new("left", stopped ?? EndOf(revision.Arn)?.Error ?? "its image is still there"));
    }

    /// <summary>Batch by batch, each after a look; what something refers to by now is left, and all when a call is denied.</summary>
    private async Task EachAsync(
        IReadOnlyList<FamilyRevision> revisions, int aLook, Func<FamilyRevision, string> key, string what, string operation,
        Func<IReadOnlyList<FamilyRevision>, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var batch in revisions.Chunk(aLook))
        {
            if (stopped is null)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await GuardAsync(async () =>
                {
                    var now = await LookAsync(cancellationToken);
                    foreach (var revision in batch)
                        if (now.To(revision, isLatest: false).FirstOrDefault() is { } use)
                            ends[key(revision)] = new("left", use);
                    await act([.. batch.Where(revision => !ends.ContainsKey(key(revision)))], cancellationToken);
                });
            }
            done += batch.Length;
            Report(what, done, revisions.Count, operation, operation == "DeleteTaskDefinitions" ? Paging.DeletionsACall : 1);
        }
        foreach (var revision in revisions)
            ends.TryAdd(key(revision), new("left", stopped));
    }

    private async Task DeregisterAsync(IReadOnlyList<FamilyRevision> batch, CancellationToken cancellationToken)
    {
        foreach (var revision in batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await ecs.DeregisterTaskDefinitionAsync(new() { ["taskDefinition"] = revision.Arn }, cancellationToken);
                ends[revision.Arn] = new("done");
            }
            catch (AwsServiceException failed) when (!IsLasting(failed))
            {
                // A lost answer, or somebody else was first: what counts is what it is now.
                var now = await families.DescribeAsync([revision.Arn], _ => { }, cancellationToken);
                ends[revision.Arn] = now[0].IsActive ? new("failed", failed.Message) : new("done");
            }
        }
    }

    private async Task DeleteAsync(IReadOnlyList<FamilyRevision> batch, CancellationToken cancellationToken)
    {
        foreach (var some in batch.Chunk(Paging.DeletionsACall))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var answer = await ecs.DeleteTaskDefinitionsAsync(new() { ["taskDefinitions"] = some.Select(revision => revision.Arn).ToJsonArray() }, cancellationToken);
            var failures = answer.Objects("failures").ToLookup(failure => FamilyRevision.NameOf(failure.Text("arn") ?? ""), failure => failure.Text("reason"));
            foreach (var revision in some)
                ends["delete " + revision.Arn] = failures.Contains(revision.Name) ? new("failed", failures[revision.Name].First()) : new("done");
        }
    }

    private async Task DeleteImagesAsync(RepositoryReader repository, CancellationToken cancellationToken)
    {
        var planned = plan.ToDeleteImages;
        var queue = new Queue<StoredImage>(planned);
        var again = new HashSet<string>();
        while (queue.Count > 0 && stopped is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = Enumerable.Range(0, Math.Min(Paging.ImagesACall, queue.Count)).Select(_ => queue.Dequeue().Digest).ToList();
            await GuardAsync(async () =>
            {
                var now = (await DecideAgainAsync(isFirst: queue.Count + batch.Count == planned.Count && again.Count == 0, cancellationToken)).Images.ToDictionary(image => image.Image.Digest);
                // One whose revision stays is no candidate any more.
                foreach (var digest in batch.Where(digest => now.GetValueOrDefault(digest) is not { IsKept: false }))
                    ends[digest] = new("left", now.GetValueOrDefault(digest)?.Reason ?? "a revision that names it stays");
                batch.RemoveAll(ends.ContainsKey);
                var failures = batch.Count == 0 ? new Dictionary<string, (string, string)>() : await repository.DeleteAsync(batch, cancellationToken);
                foreach (var digest in batch)
                {
                    if (!failures.TryGetValue(digest, out var failure) || failure is ("ImageNotFound", _))
                        ends[digest] = new("done");
                    // An index of the same call may have gone after its child was refused.
                    else if (failure is ("ImageReferencedByManifestList", _) && again.Add(digest))
                        queue.Enqueue(planned.First(image => image.Digest == digest));
                    else
                        ends[digest] = new("failed", failure.Reason);
                }
            });
            Report("images deleted", planned.Count - queue.Count, planned.Count, "BatchDeleteImage", Paging.ImagesACall);
        }
        foreach (var image in planned)
            ends.TryAdd(image.Digest, new("left", stopped));
    }

    /// <summary>The decisions about images as things are now: revisions that stayed, and those that came.</summary>
    private async Task<PrunePlan> DecideAgainAsync(bool isFirst, CancellationToken cancellationToken)
    {
        var now = await LookAsync(cancellationToken);
        // Deregistering takes a while, and images are shared: then revisions of all families are looked for, once.
        var came = (await families.ListAsync(isFirst ? null : family, "ACTIVE", cancellationToken)).Where(known.Add).ToList();
        foreach (var revision in await families.DescribeAsync(came, _ => { }, cancellationToken))
            newcomers.Add(new(revision, true, ["new"]));
        var others = now.Revisions.Except(plan.References.Revisions).Where(name => FamilyRevision.FamilyOf(name) != family && known.Add(name)).ToList();
        foreach (var revision in await families.DescribeAsync(others, _ => { }, cancellationToken))
            newcomers.Add(new(revision, true, ["new"]));
        foreach (var (digest, by) in now.Digests)
            plan.References.AddDigest(digest, by[0]);
        return plan.WithImages(
        [
            .. plan.Revisions.Select(decision => decision.IsKept || !IsStaying(decision.Revision, now) ? decision : decision with { IsKept = true }),
            .. newcomers,
        ]);
    }

    private bool IsStaying(FamilyRevision revision, References now) =>
        (revision.IsActive && EndOf(revision.Arn) is not { Result: "done" }) || now.To(revision, isLatest: false).Any();

    // Its image, or a part of it, is still there, and only the revision tells of it.
    private bool IsLeft(FamilyRevision revision) =>
        (revision.IsActive && EndOf(revision.Arn) is not { Result: "done" })
        || plan.Images.Any(image => !image.IsKept && EndOf(image.Image.Digest) is not { Result: "done" } && image.Of.Contains(revision.Name));

    private async Task<References> LookAsync(CancellationToken cancellationToken)
    {
        var now = new References();
        await live.ReadAsync(now, cancellationToken);
        return now.Unread is [var unread, ..] ? throw Errors.PruneLookFailed(unread.What, unread.Action, unread.Why) : now;
    }

    /// <summary>A failure that stops the rest is noted, and what was done is told.</summary>
    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (AwsServiceException failed)
        {
            stopped = AwsErrors.Explain(failed, family).Message;
        }
        catch (EcsReleaseException failed)
        {
            stopped = failed.Message;
        }
    }

    private static bool IsLasting(AwsServiceException failed) => failed.IsAccessDenied || AwsErrors.IsAboutCredentials(failed.ErrorCode);

    private void Report(string what, int done, int total, string operation, int aCall)
    {
        var left = TimeSpan.FromSeconds(Math.Ceiling((total - done) / (double)aCall / CallBudget.Of(operation).PerSecond));
        var rest = left > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $", about {DurationText.Of(left)} to go") : "";
        reporter.Progress(new(string.Create(CultureInfo.InvariantCulture, $"{done} of {total} {what}{rest}"), done, total));
    }
}
