using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Races;

/// <summary>What became of a service, by AWS's own records, as anybody with an account reads them.</summary>
internal sealed record Account
{
    public required JsonNode? Service { get; init; }

    /// <summary>Of the service, oldest first.</summary>
    public required IReadOnlyList<Deployed> Deployments { get; init; }

    public required IReadOnlyList<Revision> ActiveRevisions { get; init; }

    /// <summary>Digest by tag.</summary>
    public required IReadOnlyDictionary<string, string> Images { get; init; }

    public required int UntaggedImages { get; init; }

    public JsonNode? Primary => Service?["deployments"]!.AsArray().Single(each => (string?)each!["status"] == "PRIMARY");

    public string? Live => (string?)Primary?["taskDefinition"];

    public static async Task<Account> ReadAsync(EngineBed bed, string service, string repository)
    {
        var (ecs, ecr) = (bed.Client(AwsService.Ecs), bed.Client(AwsService.Ecr));
        var described = (await CallAsync(ecs, "DescribeServices", new() { ["services"] = new JsonArray(service) }))["services"]!.AsArray().FirstOrDefault();
        var images = await ImagesAsync(ecr, repository);
        return new()
        {
            Service = described,
            Deployments = described is null ? [] : await DeploymentsAsync(ecs, service),
            ActiveRevisions = await RevisionsAsync(ecs, service),
            Images = images.Where(image => image.Tag is not null).ToDictionary(image => image.Tag!, image => image.Digest),
            UntaggedImages = images.Count(image => image.Tag is null),
        };
    }

    private static async Task<IReadOnlyList<Deployed>> DeploymentsAsync(IJsonService ecs, string service)
    {
        var listed = (await CallAsync(ecs, "ListServiceDeployments", new() { ["service"] = service }))["serviceDeployments"]!.AsArray();
        var found = new List<Deployed>();
        foreach (var brief in listed.Chunk(20))
        {
            var targets = brief.Select(each => (string)each!["targetServiceRevisionArn"]!).Distinct().ToList();
            var revisions = (await CallAsync(ecs, "DescribeServiceRevisions", new() { ["serviceRevisionArns"] = new JsonArray([.. targets.Select(arn => (JsonNode)arn)]) }))["serviceRevisions"]!.AsArray()
                .ToDictionary(each => (string)each!["serviceRevisionArn"]!, each => (string)each!["taskDefinition"]!);
            found.AddRange(brief.Select(each => new Deployed(
                (string)each!["serviceDeploymentArn"]!, revisions[(string)each["targetServiceRevisionArn"]!], (string)each["status"]!, Time(each["createdAt"])!.Value, Time(each["finishedAt"]))));
        }
        return [.. found.OrderBy(each => each.CreatedAt)];
    }

    private static async Task<IReadOnlyList<Revision>> RevisionsAsync(IJsonService ecs, string family)
    {
        var listed = (await CallAsync(ecs, "ListTaskDefinitions", new() { ["familyPrefix"] = family, ["status"] = "ACTIVE" }))["taskDefinitionArns"]!.AsArray();
        var found = new List<Revision>();
        foreach (var arn in listed.Select(each => (string)each!))
        {
            var described = await CallAsync(ecs, "DescribeTaskDefinition", new() { ["taskDefinition"] = arn, ["include"] = new JsonArray("TAGS") });
            string? Tag(string key) => (string?)described["tags"]!.AsArray().FirstOrDefault(tag => (string?)tag!["key"] == key)?["value"];
            found.Add(new(arn, Tag("ecs-release:commit"), Tag("ecs-release:hash")));
        }
        return found;
    }

    private static async Task<IReadOnlyList<(string? Tag, string Digest)>> ImagesAsync(IJsonService ecr, string repository)
    {
        var found = new List<(string? Tag, string Digest)>();
        try
        {
            string? next = null;
            do
            {
                var request = new JsonObject { ["repositoryName"] = repository, ["maxResults"] = 1000 };
                if (next is not null)
                    request["nextToken"] = next;
                var page = await CallAsync(ecr, "ListImages", request);
                found.AddRange(page["imageIds"]!.AsArray().Select(image => ((string?)image!["imageTag"], (string)image["imageDigest"]!)));
                next = (string?)page["nextToken"];
            }
            while (next is not null);
        }
        catch (AwsServiceException missing) when (missing.ErrorCode == "RepositoryNotFoundException")
        {
            // Nothing was pushed.
        }
        return found;
    }

    private static async Task<JsonObject> CallAsync(IJsonService service, string operation, JsonObject request) =>
        await service.CallAsync(operation, request, CancellationToken.None);

    private static DateTimeOffset? Time(JsonNode? epoch) =>
        epoch is null ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)(epoch.GetValue<double>() * 1000));
}

/// <summary>A service deployment.</summary>
internal sealed record Deployed(string Arn, string TaskDefinition, string Status, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>A task definition revision and what its tags say.</summary>
internal sealed record Revision(string Arn, string? Commit, string? Hash);
