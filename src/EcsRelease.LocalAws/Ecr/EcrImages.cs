using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Registry;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Ecr;

/// <param name="PushedAt">Epoch milliseconds.</param>
internal sealed record StoredManifest(string Digest, string MediaType, long SizeInBytes, long PushedAt, string? ArtifactType, string? Subject);

/// <summary>Manifests and tags of the repositories. A manifest's bytes are kept exactly; its digest is their SHA-256.</summary>
internal sealed class EcrImages(IDocumentStore documents, EcrRepositories repositories, EcrReferences references, BlobStore blobs, TimeProvider time)
{
    private const string Kind = "ecr.image";
    private const string TagKind = "ecr.tag";

    /// <summary>Before the first request.</summary>
    public void Open() => references.Complete(() => repositories.All().Select(EcrRepositories.NameOf)
        .SelectMany(repository => All(repository).Select(image => (repository, Content(image)))).ToList());

    public StoredManifest? Find(string repository, string digest) => documents.Get(Kind, $"{repository}@{digest}") is { } kept ? Read(kept) : null;

    public IEnumerable<StoredManifest> All(string repository) => documents.List(Kind, repository + "@").Select(Read);

    public string? DigestOf(string repository, string tag) => documents.Get(TagKind, $"{repository}:{tag}")?["digest"]?.GetValue<string>();

    /// <summary>Tag and digest, in ordinal order of the tags.</summary>
    public IEnumerable<(string Tag, string Digest)> Tags(string repository) => documents.List(TagKind, repository + ":")
        .Select(tag => (tag["tag"]!.GetValue<string>(), tag["digest"]!.GetValue<string>()));

    public byte[] Bytes(string digest) => blobs.Read(digest);

    public Manifest Content(StoredManifest stored) => Manifest.Parse(blobs.Read(stored.Digest), stored.MediaType);

    /// <param name="repeatable">Whether putting the same image again is fine: so by the registry protocol, not by PutImage.</param>
    /// <exception cref="FormatException">Not a manifest.</exception>
    /// <exception cref="AwsException">As PutImage answers.</exception>
    public StoredManifest Put(string repository, byte[] bytes, string? mediaType, string? tag, bool repeatable)
    {
        var manifest = Manifest.Parse(bytes, mediaType);
        blobs.Write(manifest.Digest, bytes);
        return documents.InTransaction(() =>
        {
            var mutability = EcrRepositories.MutabilityOf(repositories.Get(repository));
            var known = Find(repository, manifest.Digest);
            var current = tag is null ? null : DigestOf(repository, tag);
            var same = known is not null && (tag is null || current == manifest.Digest);
            if (same && !repeatable)
                throw EcrErrors.ImageExists(repository, repositories.Registry, manifest.Digest, tag);
            if (current is not null && mutability.IsImmutable(tag!))
                throw EcrErrors.TagIsImmutable(repository, tag!);
            CheckReferences(repository, manifest);
            var stored = known ?? new StoredManifest(
                manifest.Digest, manifest.MediaType, manifest.SizeInBytes, time.GetUtcNow().ToUnixTimeMilliseconds(),
                manifest.Content["artifactType"]?.GetValue<string>() ?? (manifest.Content["config"] as JsonObject)?["mediaType"]?.GetValue<string>(),
                manifest.Subject);
            documents.Put(Kind, $"{repository}@{stored.Digest}", Write(stored));
            references.Add(repository, manifest);
            // The manifest is a blob as well, so that the sweep at start keeps it.
            repositories.AddBlob(repository, stored.Digest, bytes.Length);
            if (tag is not null)
                documents.Put(TagKind, $"{repository}:{tag}", new JsonObject { ["tag"] = tag, ["digest"] = stored.Digest });
            return stored;
        });
    }

    public void RemoveTag(string repository, string tag) => documents.Delete(TagKind, $"{repository}:{tag}");

    /// <summary>Digests of the indexes that name this manifest.</summary>
    public IReadOnlyList<string> IndexesOf(string repository, string digest) => [.. references.To(repository, digest, ReferenceRole.Child)];

    /// <summary>What refers to this manifest by `subject`.</summary>
    public IEnumerable<StoredManifest> Referrers(string repository, string digest) =>
        references.To(repository, digest, ReferenceRole.Subject).Select(by => Find(repository, by)).OfType<StoredManifest>();

    /// <summary>Deletes the image, the given tags, which are all that it has, and the blobs that no other image of the repository names.</summary>
    public void Delete(string repository, StoredManifest image, IEnumerable<string> tags)
    {
        foreach (var tag in tags)
            RemoveTag(repository, tag);
        var manifest = Content(image);
        documents.Delete(Kind, $"{repository}@{image.Digest}");
        references.Remove(repository, manifest);
        foreach (var blob in manifest.Blobs.Distinct().Where(blob => !references.Any(repository, blob, ReferenceRole.Blob)).Append(image.Digest))
            repositories.RemoveBlob(repository, blob);
    }

    private void CheckReferences(string repository, Manifest manifest)
    {
        var missing = manifest.Blobs.Where(blob => !repositories.HasBlob(repository, blob)).Distinct().ToList();
        if (missing.Count > 0)
            throw EcrErrors.LayersNotFound(repository, repositories.Registry, missing);
        var missingImages = manifest.Children.Where(child => Find(repository, child) is null).Distinct().ToList();
        if (missingImages.Count > 0)
            throw EcrErrors.ReferencedImagesNotFound(repository, repositories.Registry, missingImages);
    }

    private static JsonObject Write(StoredManifest image) => new()
    {
        ["digest"] = image.Digest,
        ["mediaType"] = image.MediaType,
        ["size"] = image.SizeInBytes,
        ["pushedAt"] = image.PushedAt,
        ["artifactType"] = image.ArtifactType,
        ["subject"] = image.Subject,
    };

    private static StoredManifest Read(JsonObject kept) => new(
        kept["digest"]!.GetValue<string>(),
        kept["mediaType"]!.GetValue<string>(),
        kept["size"]!.GetValue<long>(),
        kept["pushedAt"]!.GetValue<long>(),
        kept["artifactType"]?.GetValue<string>(),
        kept["subject"]?.GetValue<string>());
}
