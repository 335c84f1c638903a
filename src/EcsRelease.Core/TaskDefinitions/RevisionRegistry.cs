using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <param name="Reused">The revision was there already.</param>
public sealed record RegisteredRevision(string Arn, int Revision, bool Reused);

/// <summary>Registers revisions so that one commit with one definition has one ACTIVE revision, also after a killed
/// run, a lost answer, or two releases at the same time (DESIGN 9 and 14, "Races").</summary>
/// <param name="cluster">Of the service.</param>
/// <param name="service">The one that the revisions are for; it may not exist.</param>
public sealed partial class RevisionRegistry(AmazonEcsClient ecs, string cluster, string service, IReporter reporter, TimeProvider time)
{
    private const int Newest = 10;
    private const int MaxAttempts = 4;

    private static readonly TimeSpan _betweenAttempts = TimeSpan.FromSeconds(1);

    /// <param name="image">The image reference of the revision.</param>
    /// <exception cref="AwsServiceException">ECS refused.</exception>
    public async Task<RegisteredRevision> RegisterAsync(DesiredRevision desired, string image, RevisionTags tags, TagPolicy policy, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var wanted = new Wanted(desired, image, tags, policy);
        if (await LowestAsync(wanted, known, cancellationToken) is { } existing)
            return new(existing.Arn, existing.Revision, Reused: true);

        var (registered, isOwn) = await RegisterOnceAsync(wanted, known, cancellationToken);
        known[registered.Arn] = registered.Described;
        var winner = await LowestAsync(wanted, known, cancellationToken);
        if (winner is null || winner.Revision >= registered.Revision)
            return new(registered.Arn, registered.Revision, Reused: false);

        if (isOwn)
            await WithdrawAsync(registered, cancellationToken);
        return new(winner.Arn, winner.Revision, Reused: true);
    }

    /// <summary>The revision that <see cref="RegisterAsync"/> would take instead of registering one. Changes nothing.</summary>
    /// <exception cref="AwsServiceException">ECS refused.</exception>
    public async Task<RegisteredRevision?> FindAsync(DesiredRevision desired, string image, RevisionTags tags, TagPolicy policy, CancellationToken cancellationToken) =>
        await LowestAsync(new Wanted(desired, image, tags, policy), new(StringComparer.Ordinal), cancellationToken) is { } found
            ? new(found.Arn, found.Revision, Reused: true)
            : null;

    /// <returns>IsOwn = surely registered by this run: after a lost answer it may be another run's.</returns>
    private async Task<(Found Found, bool IsOwn)> RegisterOnceAsync(Wanted wanted, Dictionary<string, JsonObject> known, CancellationToken cancellationToken)
    {
        var request = wanted.Desired.WithImage(wanted.Image);
        if (wanted.Policy != TagPolicy.Off)
            request["tags"] = wanted.Tags.ToJson(wanted.Desired.OwnTags);
        else if (wanted.Desired.OwnTags.Count > 0)
            request["tags"] = new RevisionTags(null, null, null, null, null, null, null).ToJson(wanted.Desired.OwnTags);
        var tagsDenied = false;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await ecs.RegisterTaskDefinitionAsync((JsonObject)request.DeepClone(), cancellationToken);
                return (Found.Of(answer), IsOwn: true);
            }
            catch (AwsServiceException denied) when (IsTagDenial(denied) && wanted.Policy == TagPolicy.Auto && !tagsDenied)
            {
                reporter.Warn(Errors.TagsDenied(DeniedResource().Match(denied.Message) is { Success: true } match ? match.Groups[1].Value : "*"));
                request.Remove("tags");
                tagsDenied = true;
            }
            catch (AwsServiceException unsure) when ((unsure.IsAnswerLost || IsContended(unsure)) && attempt < MaxAttempts)
            {
                // RegisterTaskDefinition has no client token: only the list tells whether it was done.
                if (await LowestAsync(wanted, known, cancellationToken) is { } done)
                    return (done, IsOwn: false);
                await Task.Delay(_betweenAttempts, time, cancellationToken);
                if (await LowestAsync(wanted, known, cancellationToken) is { } late)
                    return (late, IsOwn: false);
            }
        }
    }

    // Others choose the lowest as well, but one that listed the family in between may have taken this one.
    private async Task WithdrawAsync(Found own, CancellationToken cancellationToken)
    {
        try
        {
            if (await IsInServiceAsync(own, cancellationToken))
                reporter.Detail($"Another release registered the same revision first; {own.Arn} stays, a deployment of '{service}' uses it");
            else
                await ecs.DeregisterTaskDefinitionAsync(new JsonObject { ["taskDefinition"] = own.Arn }, cancellationToken);
        }
        catch (AwsServiceException kept)
        {
            reporter.Detail($"Another release registered the same revision first; {own.Arn} stays ({kept.ErrorCode}: {kept.Message})");
        }
    }

    private async Task<bool> IsInServiceAsync(Found revision, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ecs.DescribeServicesAsync(new JsonObject { ["cluster"] = cluster, ["services"] = new JsonArray(service) }, cancellationToken);
            return answer.Objects("services").SelectMany(found => found.Objects("deployments").Append(found))
                .Any(user => user.Text("taskDefinition") == revision.Arn);
        }
        catch (AwsServiceException missing) when (missing.ErrorCode == "ClusterNotFoundException")
        {
            return false;
        }
    }

    private async Task<Found?> LowestAsync(Wanted wanted, Dictionary<string, JsonObject> known, CancellationToken cancellationToken)
    {
        var listed = await ecs.ListTaskDefinitionsAsync(new JsonObject
        {
            ["familyPrefix"] = wanted.Desired.Family,
            ["status"] = "ACTIVE",
            ["sort"] = "DESC",
            ["maxResults"] = Newest,
        }, cancellationToken);
        var arns = listed.Texts("taskDefinitionArns").ToList();
        var unknown = arns.Where(arn => !known.ContainsKey(arn)).ToList();
        var described = await Task.WhenAll(unknown.Select(arn => ecs.DescribeTaskDefinitionAsync(
            new JsonObject { ["taskDefinition"] = arn, ["include"] = new JsonArray("TAGS") }, cancellationToken)));
        foreach (var (arn, description) in unknown.Zip(described))
            known[arn] = description;
        return arns.Select(arn => known[arn]).Where(wanted.IsIn).Select(Found.Of).MinBy(found => found.Revision);
    }

    private static bool IsTagDenial(AwsServiceException error) =>
        error.IsAccessDenied && error.Message.Contains("ecs:TagResource", StringComparison.OrdinalIgnoreCase);

    private static bool IsContended(AwsServiceException error) =>
        error.Message.Contains("Too many concurrent attempts to create a new revision", StringComparison.Ordinal);

    [GeneratedRegex(@"on resource: (arn:\S+:task-definition/[^\s:]+(:\*|:\d+)?)")]
    private static partial Regex DeniedResource();

    private sealed record Found(string Arn, int Revision, JsonObject Described)
    {
        public static Found Of(JsonObject answer) => new(
            answer.Object("taskDefinition").Text("taskDefinitionArn") ?? "",
            answer.Object("taskDefinition").Integer("revision") ?? 0,
            answer);
    }

    private sealed record Wanted(DesiredRevision Desired, string Image, RevisionTags Tags, TagPolicy Policy)
    {
        // The content decides; tags can be copied by hand to a revision with other content.
        public bool IsIn(JsonObject described)
        {
            if (described.Object("taskDefinition") is not { } definition || definition.Text("status") is not (null or "ACTIVE"))
                return false;
            var found = RevisionTags.Read(described);
            var image = definition.Objects("containerDefinitions").FirstOrDefault(each => each.Text("name") == Desired.Container).Text("image");
            return image == Image
                && (found.Commit is null ? Policy != TagPolicy.Required : found.Commit == Tags.Commit)
                && (found.Digest is null || found.Digest == Tags.Digest)
                && NormalForm.AreSame(definition, Desired.Definition, Desired.Container);
        }
    }
}
