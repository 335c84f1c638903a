using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Registry;

namespace EcsRelease.Images.Ecr;

/// <summary>ECR's control plane, as far as a release needs it: the repository, and a look at an image without
/// asking the registry.</summary>
internal sealed class EcrControl(AmazonEcrClient ecr, TimeProvider time)
{
    // BatchCheckLayerAvailability's limit.
    private const int MostDigests = 100;

    private int requests;

    /// <summary>Requests made, for the release record.</summary>
    public int Requests => requests;

    /// <returns>The repository; without Uri when it does not exist.</returns>
    public async Task<EcrRepository> DescribeAsync(string name, string? registryId, CancellationToken cancellationToken)
    {
        try
        {
            Interlocked.Increment(ref requests);
            var answer = await ecr.DescribeRepositoriesAsync(With(registryId, new JsonObject { ["repositoryNames"] = new JsonArray(name) }), cancellationToken);
            return Of(name, registryId, (JsonObject)answer["repositories"]![0]!);
        }
        catch (AwsServiceException e) when (e.ErrorCode == "RepositoryNotFoundException")
        {
            return new() { Name = name, RegistryId = registryId };
        }
    }

    /// <summary>Creates it: immutable tags, moving tags excluded, scan on push, no lifecycle rule. One that somebody
    /// else made in the meantime is taken as it is.</summary>
    public async Task<EcrRepository> CreateAsync(string name, IReadOnlyList<string> movingTags, CancellationToken cancellationToken)
    {
        var request = new JsonObject
        {
            ["repositoryName"] = name,
            ["imageTagMutability"] = movingTags.Count == 0 ? "IMMUTABLE" : "IMMUTABLE_WITH_EXCLUSION",
            ["imageScanningConfiguration"] = new JsonObject { ["scanOnPush"] = true },
        };
        if (movingTags.Count > 0)
            request["imageTagMutabilityExclusionFilters"] = new JsonArray(
                [.. movingTags.Select(tag => new JsonObject { ["filterType"] = "WILDCARD", ["filter"] = tag })]);
        try
        {
            Interlocked.Increment(ref requests);
            return Of(name, null, (JsonObject)(await ecr.CreateRepositoryAsync(request, cancellationToken))["repository"]!);
        }
        catch (AwsServiceException e) when (e.ErrorCode == "RepositoryAlreadyExistsException")
        {
            return await DescribeAsync(name, null, cancellationToken);
        }
    }

    /// <summary>The manifest under a tag or digest; null when there is none.</summary>
    public async Task<Manifest?> FindAsync(EcrRepository repository, string tagOrDigest, CancellationToken cancellationToken) =>
        (await FindAsync(repository, [tagOrDigest], cancellationToken)).GetValueOrDefault(tagOrDigest);

    /// <summary>The manifests under tags and digests, by these; what is not there is absent. One call of BatchGetImage, which
    /// push roles have where DescribeImages is often missing.</summary>
    public async Task<IReadOnlyDictionary<string, Manifest>> FindAsync(EcrRepository repository, IReadOnlyList<string> tagsOrDigests, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref requests);
        var answer = await ecr.BatchGetImageAsync(With(repository.RegistryId, new JsonObject
        {
            ["repositoryName"] = repository.Name,
            ["imageIds"] = new JsonArray([.. tagsOrDigests.Distinct().Select(id => new JsonObject { [ImageReference.IsDigest(id) ? "imageDigest" : "imageTag"] = id })]),
            ["acceptedMediaTypes"] = new JsonArray([.. MediaTypes.Manifests.Select(type => JsonValue.Create(type))]),
        }), cancellationToken);
        var found = new Dictionary<string, Manifest>();
        foreach (var image in answer["images"] as JsonArray ?? [])
        {
            var digest = (string)image!["imageId"]!["imageDigest"]!;
            var bytes = System.Text.Encoding.UTF8.GetBytes((string)image["imageManifest"]!);
            found[digest] = new((string?)image["imageManifestMediaType"] ?? ManifestDocument.MediaTypeOf(digest, bytes), digest, bytes);
            if ((string?)image["imageId"]!["imageTag"] is { } tag)
                found[tag] = found[digest];
        }
        return found;
    }

    /// <summary>Those of the digests that are blobs of the repository: one call for all, where the registry takes one each.</summary>
    public async Task<IReadOnlySet<string>> PresentBlobsAsync(EcrRepository repository, IReadOnlyList<string> digests, CancellationToken cancellationToken)
    {
        var present = new HashSet<string>();
        foreach (var some in digests.Chunk(MostDigests))
        {
            Interlocked.Increment(ref requests);
            var answer = await ecr.BatchCheckLayerAvailabilityAsync(With(repository.RegistryId, new JsonObject
            {
                ["repositoryName"] = repository.Name,
                ["layerDigests"] = new JsonArray([.. some.Select(digest => JsonValue.Create(digest))]),
            }), cancellationToken);
            foreach (var layer in answer["layers"] as JsonArray ?? [])
                if ((string?)layer?["layerAvailability"] == "AVAILABLE")
                    present.Add((string)layer["layerDigest"]!);
        }
        return present;
    }

    /// <summary>Opens the repository's registry with a fresh token, which lives 12 hours and is never logged.</summary>
    public async Task<RegistryClient> ConnectAsync(EcrRepository repository, RegistryTraffic traffic, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref requests);
        var request = repository.RegistryId is { } id ? new JsonObject { ["registryIds"] = new JsonArray(id) } : [];
        var answer = await ecr.GetAuthorizationTokenAsync(request, cancellationToken);
        var token = (string)answer["authorizationData"]![0]!["authorizationToken"]!;
        return new(repository.Uri!.Split('/')[0], RegistryCredentials.FromBasicToken(token), time, traffic: traffic);
    }

    /// <summary>The host of the caller's own registry.</summary>
    public async Task<string?> HostAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref requests);
        var answer = await ecr.GetAuthorizationTokenAsync([], cancellationToken);
        return Uri.TryCreate(answer.Objects("authorizationData").FirstOrDefault().Text("proxyEndpoint"), UriKind.Absolute, out var endpoint) ? endpoint.Authority : null;
    }

    private static EcrRepository Of(string name, string? registryId, JsonObject description) =>
        new() { Name = name, RegistryId = registryId, Uri = (string)description["repositoryUri"]!, Description = description };

    private static JsonObject With(string? registryId, JsonObject request)
    {
        if (registryId is not null)
            request["registryId"] = registryId;
        return request;
    }
}
