using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Git;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.History;

/// <summary>Finds the release of a service that a person names: by commit, revision or digest.</summary>
/// <param name="family">Of the live revision.</param>
/// <param name="directory">Of the clone that knows branches and tags.</param>
/// <param name="rollback">The command that takes the name of a release.</param>
/// <param name="list">The command that lists the releases.</param>
internal sealed class ReleaseFinder(AmazonEcsClient ecs, HistorySteps history, string family, string service, string directory, string rollback, string list, IReporter reporter)
{
    /// <exception cref="EcsReleaseException">ECSR5211 to 5214, 5216.</exception>
    /// <exception cref="AwsServiceException"/>
    public async Task<KnownRevision> FindAsync(string text, CancellationToken cancellationToken)
    {
        var wanted = new WantedRelease(text);
        if (wanted.IsRevision)
            return await RevisionAsync(text, cancellationToken) ?? throw Errors.RevisionMissing(text, family, list);
        if (wanted.IsDigest)
            return await OnlyAsync(await MatchAsync(each => Starts(each.Digest, text), cancellationToken), each => each.Digest, "image", text, cancellationToken)
                ?? throw Errors.ReleaseNotFound(service, text, "none ran an image with this digest", list);
        if (wanted.IsTag)
            return await OnlyAsync(await MatchAsync(each => each.Image?.Split('@')[0].EndsWith(':' + text, StringComparison.Ordinal) == true, cancellationToken), each => each.Commit, "commit", text, cancellationToken)
                ?? throw Errors.ReleaseNotFound(service, text, "none has an image with this tag", list);
        var revision = wanted.Number is { } number ? await RevisionAsync($"{family}:{number}", cancellationToken) : null;
        var ofCommit = wanted.IsCommit ? await OnlyAsync(await MatchAsync(each => Starts(each.Commit, text), cancellationToken), each => each.Commit, "commit", text, cancellationToken) : null;
        if (revision is not null && ofCommit is not null)
            throw Errors.ReleaseUnclear(service, "release", text, await TextsAsync([revision, ofCommit], directory, cancellationToken), rollback);
        return revision ?? ofCommit ?? await InCloneAsync(wanted, cancellationToken);
    }

    private async Task<KnownRevision> InCloneAsync(WantedRelease wanted, CancellationToken cancellationToken)
    {
        if (await GitReference.ResolveAsync(directory, wanted.Text, cancellationToken) is { } commit)
            return await OnlyAsync(await MatchAsync(each => string.Equals(each.Commit, commit.Sha, StringComparison.OrdinalIgnoreCase), cancellationToken), each => each.Commit, "commit", wanted.Text, cancellationToken)
                ?? throw Errors.CommitNotReleased(service, $"'{wanted.Text}' ({commit.Sha[..Math.Min(12, commit.Sha.Length)]} '{InertText.Of(commit.Subject)}')", commit.Sha, list);
        throw wanted switch
        {
            { Number: { } number } => Errors.RevisionMissing($"{family}:{number}", family, list),
            { IsCommit: true } => Errors.ReleaseNotFound(service, wanted.Text, "none is of such a commit, and this directory's clone does not know it either", list),
            _ => Errors.ReleaseNameUnreadable(wanted.Text),
        };
    }

    private async Task<IReadOnlyList<KnownRevision>> MatchAsync(Func<PastRelease, bool> isMeant, CancellationToken cancellationToken)
    {
        await foreach (var read in history.AllAsync(cancellationToken))
            if (KnownRevision.Of(read.Releases.Where(isMeant)) is { Count: > 0 } found)
                return found;
        return [];
    }

    /// <summary>The one release that is meant, of all its revisions the one to go back to.</summary>
    /// <param name="key">What a release is one by.</param>
    private async Task<KnownRevision?> OnlyAsync(IReadOnlyList<KnownRevision> found, Func<PastRelease, string?> key, string what, string text, CancellationToken cancellationToken)
    {
        var releases = found.GroupBy(each => key(each.Best)).ToList();
        if (releases.Count > 1)
            throw Errors.ReleaseUnclear(service, what, text, await TextsAsync(releases.Select(each => KnownRevision.Choose([.. each])!), directory, cancellationToken), rollback);
        var chosen = KnownRevision.Choose(found);
        if (found.Count > 1)
            reporter.Detail($"{text} has {found.Count} revisions, {string.Join(", ", found.Select(each => each.Name))}: {chosen!.Name} is the newest that {(chosen.Good is null ? "can be deployed, none ended well" : "ended well")}");
        return chosen;
    }

    /// <returns>Null when there is none.</returns>
    private async Task<KnownRevision?> RevisionAsync(string name, CancellationToken cancellationToken)
    {
        JsonObject described;
        try
        {
            described = await ecs.DescribeTaskDefinitionAsync(new() { ["taskDefinition"] = name, ["include"] = new JsonArray("TAGS") }, cancellationToken);
        }
        catch (AwsServiceException missing) when (missing.ErrorCode is "ClientException" or "InvalidParameterException")
        {
            return null;
        }
        var definition = described.Object("taskDefinition");
        var arn = definition.Text("taskDefinitionArn") ?? name;
        var read = await history.NewestAsync(cancellationToken);
        if (KnownRevision.Of(read.Releases.Where(each => each.TaskDefinition == arn)) is [var known])
            return known;
        var tags = RevisionTags.Read(described);
        return new(new PastRelease
        {
            TaskDefinition = arn,
            Revision = FamilyRevisions.RevisionOf(arn),
            Commit = RevisionTags.CommitOf(described),
            Branch = tags.Branch,
            Actor = tags.Actor,
            Image = LiveImage.Of(described, null),
            Digest = tags.Digest,
            At = definition.Time("registeredAt"),
            IsReleased = RevisionOrigin.IsReleased(described, null),
            RevisionStatus = definition.Text("status") ?? "ACTIVE",
        }, null);
    }

    /// <summary>Releases in words, for a choice between them, with what the clone knows of their commits.</summary>
    internal static Task<string[]> TextsAsync(IEnumerable<KnownRevision> releases, string directory, CancellationToken cancellationToken) => Task.WhenAll(releases.Select(async each =>
        each.Text(each.Best.Commit is { } commit ? (await GitReference.ResolveAsync(directory, commit, cancellationToken))?.Subject : null)));

    private static bool Starts(string? text, string start) => text?.StartsWith(start, StringComparison.OrdinalIgnoreCase) == true;
}
