using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Registry;

namespace EcsRelease.Pruning;

/// <summary>Everything that lies in a repository, and how it hangs together.</summary>
/// <param name="ecr">Paced.</param>
/// <param name="registryId">The account that owns it; null = the caller's.</param>
internal sealed class RepositoryReader(AmazonEcrClient ecr, string name, string? registryId)
{
    private const int ImagesAPage = 1000;

    /// <exception cref="AwsServiceException">Also RepositoryNotFoundException.</exception>
    public async Task<IReadOnlyList<StoredImage>> ReadAsync(CancellationToken cancellationToken)
    {
        var details = new List<JsonObject>();
        // Archived images too: one may be an index whose child is none.
        await foreach (var detail in Paging.ListAllAsync(ecr.DescribeImagesAsync,
            Request(new() { ["maxResults"] = ImagesAPage, ["filter"] = new JsonObject { ["imageStatus"] = "ANY" } }), "imageDetails", cancellationToken))
            if (detail is JsonObject each && each.Text("imageDigest") is not null)
                details.Add(each);
        var indexes = details.Where(IsIndex).Select(detail => detail.Text("imageDigest")!).ToList();
        var answers = await PacedCalls.AllAsync(indexes.Chunk(Paging.ImagesACall), (digests, stop) => ecr.BatchGetImageAsync(Request(new()
        {
            ["imageIds"] = Ids(digests),
            ["acceptedMediaTypes"] = MediaTypes.Manifests.ToJsonArray(),
        }), stop), cancellationToken);
        var children = answers.SelectMany(answer => answer.Objects("images"))
            .GroupBy(image => image.Object("imageId").Text("imageDigest") ?? "")
            .ToDictionary(group => group.Key, group => ChildrenOf(group.First()));
        return [.. details.Select(detail => Image(detail, children))];
    }

    /// <summary>Referrers that ECR knows of the images, by their digests.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReferrersAsync(IEnumerable<string> digests, CancellationToken cancellationToken)
    {
        var found = await PacedCalls.AllAsync(digests, async (digest, stop) =>
        {
            var referrers = new List<string>();
            await foreach (var referrer in Paging.ListAllAsync(ecr.ListImageReferrersAsync, Request(new() { ["subjectId"] = new JsonObject { ["imageDigest"] = digest } }), "referrers", stop))
                if (referrer.Text("digest") is { } named)
                    referrers.Add(named);
            return (digest, referrers);
        }, cancellationToken);
        return found.Where(each => each.referrers.Count > 0).ToDictionary(each => each.digest, each => (IReadOnlyList<string>)each.referrers);
    }

    /// <returns>The failures by digest: ECR's code and words.</returns>
    public async Task<IReadOnlyDictionary<string, (string Code, string Reason)>> DeleteAsync(IReadOnlyList<string> digests, CancellationToken cancellationToken)
    {
        var answer = await ecr.BatchDeleteImageAsync(Request(new() { ["imageIds"] = Ids(digests) }), cancellationToken);
        return answer.Objects("failures")
            .GroupBy(failure => failure.Object("imageId").Text("imageDigest") ?? "")
            .ToDictionary(group => group.Key, group => (group.First().Text("failureCode") ?? "", group.First().Text("failureReason") ?? ""));
    }

    public JsonObject Request(JsonObject request)
    {
        request["repositoryName"] = name;
        if (registryId is not null)
            request["registryId"] = registryId;
        return request;
    }

    private static bool IsIndex(JsonObject detail) => detail.Text("imageManifestMediaType") is { } type && MediaTypes.IsIndex(type);

    private static JsonArray Ids(IEnumerable<string> digests) => new([.. digests.Select(digest => new JsonObject { ["imageDigest"] = digest })]);

    private static IReadOnlyList<string> ChildrenOf(JsonObject image)
    {
        var digest = image.Object("imageId").Text("imageDigest") ?? "";
        var manifest = new Manifest(image.Text("imageManifestMediaType") ?? MediaTypes.OciIndex, digest, Encoding.UTF8.GetBytes(image.Text("imageManifest") ?? ""));
        return [.. ManifestDocument.Parse(manifest).Children.Select(child => child.Descriptor.Digest)];
    }

    private static StoredImage Image(JsonObject detail, Dictionary<string, IReadOnlyList<string>> children)
    {
        var digest = detail.Text("imageDigest")!;
        return new(
            digest, [.. detail.Texts("imageTags")], (long?)detail.Number("imageSizeInBytes") ?? 0, detail.Time("imagePushedAt"), IsIndex(detail),
            children.GetValueOrDefault(digest, []), detail.Text("subjectManifestDigest"));
    }
}
