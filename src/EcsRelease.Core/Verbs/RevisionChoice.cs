using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.History;

namespace EcsRelease.Verbs;

/// <summary>Which release of a service is meant; neither = the live one.</summary>
/// <param name="Commit">A prefix of the commit.</param>
/// <param name="Revision">Number of the revision.</param>
public sealed record RevisionChoice(string? Commit = null, int? Revision = null)
{
    public bool IsLive => Commit is null && Revision is null;
}

/// <summary>Finds the release that is meant by a choice, in a service as just read.</summary>
/// <param name="verb">The verb that takes it, for the command that names another one.</param>
internal sealed class ChosenRelease(string verb, ReleaseOptions options, string service, LiveService live, AwsAccess access, IReporter log, TimeProvider time)
{
    private readonly HistorySteps history = new(new(access.Ecs, options.Cluster, service, options.Container, time), live);

    /// <returns>The revision as described, tags included.</returns>
    /// <exception cref="EcsReleaseException">ECSR5113, 5211 to 5214, 5216.</exception>
    /// <exception cref="AwsServiceException"/>
    public async Task<JsonObject> ReadAsync(RevisionChoice choice, CancellationToken cancellationToken) => await access.Ecs.DescribeTaskDefinitionAsync(
        new JsonObject { ["taskDefinition"] = choice.IsLive ? Live : (await FindAsync(choice, cancellationToken)).Newest.TaskDefinition, ["include"] = new JsonArray("TAGS") },
        cancellationToken);

    /// <summary>Each time that the release was brought to the service, of a commit in all its revisions; newest first.</summary>
    /// <exception cref="EcsReleaseException">As <see cref="ReadAsync"/>.</exception>
    /// <exception cref="AwsServiceException"/>
    public async Task<IReadOnlyList<PastRelease>> TimesAsync(RevisionChoice choice, CancellationToken cancellationToken)
    {
        var found = await FindAsync(choice, cancellationToken);
        var isMeant = choice.Commit is not null && found.Best.Commit is { } commit
            ? new Func<PastRelease, bool>(each => each.Commit == commit)
            : each => each.TaskDefinition == found.Newest.TaskDefinition;
        await foreach (var read in history.AllAsync(cancellationToken))
            if (read.Releases.Where(isMeant).ToList() is { Count: > 0 } times)
                return times;
        return [found.Newest];
    }

    /// <summary>All that is known of the service's past.</summary>
    /// <exception cref="AwsServiceException"/>
    public async Task<IReadOnlyList<PastRelease>> AllAsync(CancellationToken cancellationToken) => (await history.NewestAsync(cancellationToken)).Releases;

    private string Live => live.TaskDefinition is { Length: > 0 } arn ? arn : throw Errors.NothingLive(service, options.Cluster);

    private Task<KnownRevision> FindAsync(RevisionChoice choice, CancellationToken cancellationToken)
    {
        var family = FamilyRevisions.FamilyOf(Live);
        var finder = new ReleaseFinder(
            access.Ecs, history, family, service, Environment.CurrentDirectory, $"{FollowCommand.Of(verb, options, service)} --revision", FollowCommand.Of("history", options, service), log);
        return finder.FindAsync(choice.Commit ?? $"{family}:{choice.Revision}", cancellationToken);
    }
}
