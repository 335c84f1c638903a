using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Registry;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Ecr;

/// <summary>ECR's operations on the images of one repository.</summary>
internal sealed class EcrImageOperations(EcrRepositories repositories, EcrImages images, IDocumentStore documents)
{
    public JsonObject Invoke(string operation, JsonObject input, Func<string> repository) => operation switch
    {
        "PutImage" => PutImage(input, repository()),
        "BatchGetImage" => BatchGetImage(input, repository()),
        "DescribeImages" => DescribeImages(input, repository()),
        "ListImages" => ListImages(input, repository()),
        "BatchDeleteImage" => documents.InTransaction(() => BatchDeleteImage(input, repository())),
        "ListImageReferrers" => ListImageReferrers(input, repository()),
        "BatchCheckLayerAvailability" => BatchCheckLayerAvailability(input, repository()),
        _ => throw new AwsException("UnknownOperationException", $"The local AWS does not offer ecr:{operation}."),
    };

    private JsonObject PutImage(JsonObject input, string repository)
    {
        var tag = input.Text("imageTag");
        if (tag is not null && !RegistryNames.IsTag(tag))
            throw EcrErrors.Invalid("imageTag", "must satisfy regular expression '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}'"); // constructed
        var bytes = Encoding.UTF8.GetBytes(input.RequiredText("imageManifest"));
        if (input.Text("imageDigest") is { } digest && digest != RegistryNames.DigestOf(bytes))
            throw EcrErrors.DigestDoesNotMatch(digest, RegistryNames.DigestOf(bytes));
        try
        {
            var stored = images.Put(repository, bytes, input.Text("imageManifestMediaType"), tag, repeatable: false);
            return new JsonObject { ["image"] = Image(repository, stored, tag) };
        }
        catch (FormatException e)
        {
            throw new AwsException("InvalidParameterException", $"Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax' ({e.Message})"); // constructed
        }
    }

    private JsonObject BatchGetImage(JsonObject input, string repository)
    {
        var accepted = input.Texts("acceptedMediaTypes");
        var (found, failures) = Split(repository, input);
        var answer = new JsonArray();
        foreach (var (image, tag, id) in found)
        {
            if (accepted.Count > 0 && !accepted.Contains(image.MediaType))
                failures.Add(Failure(id, "ImageNotFound", "Requested image not found"));
            else
                answer.Add(Image(repository, image, tag));
        }

        return new JsonObject { ["images"] = answer, ["failures"] = failures };
    }

    private JsonObject DescribeImages(JsonObject input, string repository)
    {
        var tags = images.Tags(repository).ToLookup(tag => tag.Digest, tag => tag.Tag);
        var ids = input.Objects("imageIds");
        if (ids.Count > 0)
        {
            var asked = ids.Select(id => Resolve(repository, id).Image
                ?? throw EcrErrors.ImageNotFound(repository, repositories.Registry, id.Text("imageDigest"), id.Text("imageTag")));
            return new JsonObject { ["imageDetails"] = new JsonArray([.. asked.DistinctBy(image => image.Digest).Select(Detail)]) };
        }

        var filtered = images.All(repository).Where(image => Passes(input, tags[image.Digest].Any()));
        var page = Page<StoredManifest>.Of(filtered, image => image.Digest, input.Text("nextToken"), EcrService.PageSize(input));
        return new JsonObject { ["imageDetails"] = new JsonArray([.. page.Items.Select(Detail)]), ["nextToken"] = page.NextToken };

        JsonObject Detail(StoredManifest image) => new()
        {
            ["registryId"] = repositories.Registry,
            ["repositoryName"] = repository,
            ["imageDigest"] = image.Digest,
            ["imageTags"] = tags[image.Digest].Any() ? new JsonArray([.. tags[image.Digest].Select(tag => (JsonNode)tag)]) : null,
            ["imageSizeInBytes"] = image.SizeInBytes,
            ["imagePushedAt"] = image.PushedAt / 1000.0,
            ["imageManifestMediaType"] = image.MediaType,
            ["artifactMediaType"] = image.ArtifactType,
            ["subjectManifestDigest"] = image.Subject,
            ["imageStatus"] = "ACTIVE",
        };
    }

    private JsonObject ListImages(JsonObject input, string repository)
    {
        var tags = images.Tags(repository).ToLookup(tag => tag.Digest, tag => tag.Tag);
        var entries = images.All(repository)
            .Where(image => Passes(input, tags[image.Digest].Any()))
            .SelectMany(image => tags[image.Digest].Select(tag => (string?)tag).DefaultIfEmpty(), (image, tag) => (image.Digest, Tag: tag));
        var page = Page<(string Digest, string? Tag)>.Of(entries, entry => $"{entry.Digest} {entry.Tag}", input.Text("nextToken"), EcrService.PageSize(input));
        return new JsonObject { ["imageIds"] = new JsonArray([.. page.Items.Select(entry => Id(entry.Digest, entry.Tag))]), ["nextToken"] = page.NextToken };
    }

    /// <summary>By tag: the tag goes, and "when you remove the last tag from an image, the image is deleted from your repository". By digest:
    /// the image goes with all of its tags (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html).</summary>
    private JsonObject BatchDeleteImage(JsonObject input, string repository)
    {
        var (found, failures) = Split(repository, input);
        var tags = images.Tags(repository).GroupBy(tag => tag.Digest).ToDictionary(group => group.Key, group => group.Select(tag => tag.Tag).ToList());
        var deleted = new JsonArray();
        foreach (var (image, tag, id) in found)
        {
            var own = tags.GetValueOrDefault(image.Digest) ?? [];
            if (tag is not null && id.Text("imageDigest") is null && own.Any(other => other != tag))
            {
                images.RemoveTag(repository, tag);
                own.Remove(tag);
                deleted.Add(Id(image.Digest, tag));
                continue;
            }

            var indexes = images.IndexesOf(repository, image.Digest);
            if (indexes.Count > 0)
            {
                failures.Add(Failure(id, "ImageReferencedByManifestList", $"Requested image referenced by manifest list: [{string.Join(", ", indexes)}]"));
                continue;
            }

            if (images.Find(repository, image.Digest) is not null)
                images.Delete(repository, image, own);
            foreach (var removed in own.Select(other => (string?)other).DefaultIfEmpty())
                deleted.Add(Id(image.Digest, removed));
            tags.Remove(image.Digest);
        }

        return new JsonObject { ["imageIds"] = deleted, ["failures"] = failures };
    }

    /// <summary>What refers to an image by `subject` (API_ListImageReferrers); of an image that is not there, nothing does.</summary>
    private JsonObject ListImageReferrers(JsonObject input, string repository)
    {
        var subject = input.Object("subjectId")?.RequiredText("imageDigest") ?? throw EcrErrors.Invalid("subjectId", "Member must not be null");
        var types = input.Object("filter")?.Texts("artifactTypes") ?? [];
        var size = input.Number("maxResults") switch
        {
            null => 50,
            >= 1 and <= 50 and var asked => asked,
            _ => throw EcrErrors.Invalid("maxResults", "Member must be between 1 and 50"), // constructed
        };
        var found = images.Referrers(repository, subject).Where(image => types.Count == 0 || types.Contains(image.ArtifactType ?? ""));
        var page = Page<StoredManifest>.Of(found, image => image.Digest, input.Text("nextToken"), size);
        return new JsonObject { ["referrers"] = page.Items.Select(Referrer).ToJsonArray(), ["nextToken"] = page.NextToken };

        JsonObject Referrer(StoredManifest image) => new()
        {
            ["digest"] = image.Digest,
            ["mediaType"] = image.MediaType,
            ["artifactType"] = image.ArtifactType,
            ["size"] = images.Bytes(image.Digest).Length,
            ["annotations"] = images.Content(image).Content["annotations"]?.DeepClone(),
            ["artifactStatus"] = "ACTIVE",
        };
    }

    private JsonObject BatchCheckLayerAvailability(JsonObject input, string repository)
    {
        var layers = new JsonArray();
        var failures = new JsonArray();
        foreach (var digest in input.Texts("layerDigests"))
        {
            if (!RegistryNames.IsDigest(digest))
                failures.Add(new JsonObject { ["layerDigest"] = digest, ["failureCode"] = "InvalidLayerDigest", ["failureReason"] = "Invalid request parameters: layer digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'" });
            else if (repositories.BlobSize(repository, digest) is { } size)
                layers.Add(new JsonObject { ["layerDigest"] = digest, ["layerAvailability"] = "AVAILABLE", ["layerSize"] = size });
            else
                layers.Add(new JsonObject { ["layerDigest"] = digest, ["layerAvailability"] = "UNAVAILABLE" });
        }

        return new JsonObject { ["layers"] = layers, ["failures"] = failures };
    }

    private (List<(StoredManifest Image, string? Tag, JsonObject Id)> Found, JsonArray Failures) Split(string repository, JsonObject input)
    {
        var ids = input.Objects("imageIds");
        if (ids.Count is 0 or > 100)
            throw EcrErrors.Invalid("imageIds", "Member must have length between 1 and 100"); // constructed
        var found = new List<(StoredManifest, string?, JsonObject)>();
        var failures = new JsonArray();
        foreach (var id in ids)
        {
            var (image, failure) = Resolve(repository, id);
            if (image is null)
                failures.Add(failure);
            else
                found.Add((image, id.Text("imageTag"), id));
        }

        return (found, failures);
    }

    private (StoredManifest? Image, JsonObject? Failure) Resolve(string repository, JsonObject id)
    {
        var (digest, tag) = (id.Text("imageDigest"), id.Text("imageTag"));
        if (digest is null && tag is null)
            return (null, Failure(id, "MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null"));
        if (digest is not null && !RegistryNames.IsDigest(digest))
            return (null, Failure(id, "InvalidImageDigest", "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'"));
        var tagged = tag is null ? null : images.DigestOf(repository, tag);
        if (tag is not null && tagged is not null && digest is not null && tagged != digest)
            return (null, Failure(id, "ImageTagDoesNotMatchDigest", "Requested tag does not match the requested digest"));
        var wanted = tag is null ? digest : tagged;
        return wanted is not null && images.Find(repository, wanted) is { } image ? (image, null) : (null, Failure(id, "ImageNotFound", "Requested image not found"));
    }

    private JsonObject Image(string repository, StoredManifest image, string? tag) => new()
    {
        ["registryId"] = repositories.Registry,
        ["repositoryName"] = repository,
        ["imageId"] = Id(image.Digest, tag),
        ["imageManifest"] = Encoding.UTF8.GetString(images.Bytes(image.Digest)),
        ["imageManifestMediaType"] = image.MediaType,
    };

    private static bool Passes(JsonObject input, bool tagged) => input.Object("filter")?.Text("tagStatus") switch
    {
        "TAGGED" => tagged,
        "UNTAGGED" => !tagged,
        _ => true,
    };

    private static JsonObject Id(string digest, string? tag) => new() { ["imageDigest"] = digest, ["imageTag"] = tag };

    private static JsonObject Failure(JsonObject id, string code, string reason) =>
        new() { ["imageId"] = id.DeepClone(), ["failureCode"] = code, ["failureReason"] = reason };
}
