using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Tests.Aws;
using EcsRelease.Git;
using EcsRelease.Images;
using EcsRelease.Images.Ecr;
using EcsRelease.Registry;
using EcsRelease.Tests.Aws.Botocore;
using EcsRelease.Tests.Registry;

namespace EcsRelease.Tests.Images.Ecr;

/// <summary>ECR's control plane over a registry of tests: what it answers is what the registry holds.</summary>
internal sealed class ScriptedEcr(FaultyRegistry registry) : IJsonService
{
    public List<string> Calls { get; } = [];

    /// <summary>Each request to BatchCheckLayerAvailability.</summary>
    public List<JsonObject> Looks { get; } = [];

    public JsonObject Repository { get; set; } = new() { ["imageTagMutability"] = "MUTABLE" };

    public bool IsRepositoryMissing { get; set; }

    /// <summary>Thrown in place of an answer when it returns one.</summary>
    public Func<string, JsonObject, Exception?> Fail { get; set; } = (_, _) => null;

    public string Uri => $"{registry.Host}/orders";

    public ReleasePlan Plan(ExistingImage? image = null, IReadOnlySet<string>? liveBlobs = null) => new()
    {
        StartedAt = DateTimeOffset.UnixEpoch,
        Commit = new Commit { Sha = new string('a', 40) },
        Tag = "sha",
        Cluster = "default",
        Service = "orders",
        Access = null!,
        Repository = new EcrRepository { Name = "orders", Uri = Uri, Description = Repository },
        Platform = "linux/amd64",
        ImageInputs = new ImageInputs("layers", new ProjectInfo { ProjectFile = "/src/Orders.csproj", AssemblyName = "Orders" }, "linux/amd64", null),
        Image = image,
        Definition = null!,
        LiveBlobs = liveBlobs ?? new HashSet<string>(),
    };

    public AwsAccess Access(string account, string region) => ScriptedAccess.Over(this, account, region);

    public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        Calls.Add(operation);
        BotocoreModels.Check(operation, request);
        if (Fail(operation, request) is { } failure)
            return Task.FromException<JsonObject>(failure);
        return Task.FromResult(operation switch
        {
            "BatchGetImage" => new JsonObject { ["images"] = new JsonArray([.. request["imageIds"]!.AsArray().Select(id => Image(id!)).OfType<JsonObject>()]) },
            "BatchCheckLayerAvailability" => Layers(request),
            "GetAuthorizationToken" => new JsonObject { ["authorizationData"] = new JsonArray(new JsonObject { ["authorizationToken"] = "QVdTOnNlY3JldA==" }) },
            "DescribeRepositories" when IsRepositoryMissing => throw new AwsServiceException("ecr:DescribeRepositories", "RepositoryNotFoundException", "no such repository"),
            "DescribeRepositories" => new JsonObject { ["repositories"] = new JsonArray(Described()) },
            _ => throw new AwsServiceException($"ecr:{operation}", "UnknownOperationException", ""),
        });
    }

    private JsonObject? Image(JsonNode id)
    {
        // No tag holds one (distribution-spec, "Pulling manifests").
        var name = (string?)id["imageDigest"] ?? (string)id["imageTag"]!;
        if (id["imageTag"] is not null && name.Contains('@'))
            throw new AwsServiceException("ecr:BatchGetImage", "InvalidParameterException", "Invalid parameter at 'imageTag'") { StatusCode = 400 };
        if (!registry.Manifests.TryGetValue(name, out var manifest))
            return null;
        return new JsonObject
        {
            ["imageId"] = new JsonObject { ["imageDigest"] = FaultyRegistry.DigestOf(manifest.Bytes), ["imageTag"] = (string?)id["imageTag"] },
            ["imageManifest"] = System.Text.Encoding.UTF8.GetString(manifest.Bytes),
            ["imageManifestMediaType"] = manifest.MediaType,
        };
    }

    private JsonObject Layers(JsonObject request)
    {
        Looks.Add(request);
        return new JsonObject
        {
            ["layers"] = new JsonArray([.. request["layerDigests"]!.AsArray().Select(digest => new JsonObject
            {
                ["layerDigest"] = (string?)digest,
                ["layerAvailability"] = registry.Blobs.ContainsKey((string)digest!) ? "AVAILABLE" : "UNAVAILABLE",
            })]),
        };
    }

    private JsonObject Described()
    {
        var description = (JsonObject)Repository.DeepClone();
        description["repositoryUri"] = Uri;
        return description;
    }

    /// <summary>An index of one image, as docker buildx pushes it.</summary>
    public static Manifest IndexOf(BuiltImage image)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes($$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypes.OciIndex}}}","manifests":[{"digest":"{{{image.Manifest.Digest}}}","size":{{{image.Manifest.Bytes.Length}}},"platform":{"os":"linux","architecture":"amd64"}}]}""");
        return new Manifest(MediaTypes.OciIndex, FaultyRegistry.DigestOf(bytes), bytes);
    }
}
