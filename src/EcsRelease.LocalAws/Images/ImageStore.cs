using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Ecr;
using EcsRelease.LocalAws.Registry;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Images;

/// <summary>Images of the local ECR as tasks use them.</summary>
internal sealed class ImageStore(EcrRepositories repositories, EcrImages images, BlobStore blobs, ServerAddress address) : IImageStore
{
    public string RegistryHost => address.Host;

    public string DigestOf(string reference) => Find(reference).Digest;

    public StoredImage Resolve(string reference, string architecture)
    {
        var stored = Find(reference);
        var content = images.Content(stored);
        if (Manifest.IndexTypes.Contains(stored.MediaType))
        {
            var repository = Parse(reference).Repository;
            var child = ChildFor(content, architecture)
                ?? throw Missing($"image Manifest does not contain descriptor matching platform 'linux/{architecture}'");
            content = images.Content(images.Find(repository, child) ?? throw Missing($"failed to resolve ref {reference}: {child}: not found"));
        }

        return Read(reference, stored.Digest, content);
    }

    public Stream OpenBlob(string digest) => blobs.Open(digest);

    private StoredManifest Find(string reference)
    {
        var (repository, tag, wanted) = Parse(reference);
        if (repositories.Find(repository) is null)
            throw Fails(reference, $"repository {repository} not found: name unknown: The repository with name '{repository}' does not exist in the registry with id '{repositories.Registry}'");
        return (wanted ?? images.DigestOf(repository, tag!)) is { } requested && images.Find(repository, requested) is { } stored
            ? stored
            : throw Missing($"failed to resolve ref {reference}: {reference}: not found");
    }

    private StoredImage Read(string reference, string requested, Manifest manifest)
    {
        try
        {
            var configDigest = manifest.Content["config"]!["digest"]!.GetValue<string>();
            var config = JsonNode.Parse(blobs.Read(configDigest)) as JsonObject ?? throw Fails(reference, "the image config is not a JSON object");
            var diffIds = config["rootfs"]?["diff_ids"] as JsonArray ?? throw Fails(reference, "the image config has no rootfs.diff_ids");
            var layers = manifest.Content["layers"]!.AsArray();
            if (layers.Count != diffIds.Count)
                throw Fails(reference, $"the manifest has {layers.Count} layers, its config has {diffIds.Count} diff_ids");
            var stored = layers.Zip(diffIds, (layer, diffId) => new StoredLayer(
                layer!["digest"]!.GetValue<string>(),
                diffId!.GetValue<string>(),
                layer["mediaType"]?.GetValue<string>() ?? "application/vnd.docker.image.rootfs.diff.tar.gzip",
                layer["size"]!.GetValue<long>()));
            return new StoredImage(manifest.Digest, requested, config, [.. stored]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException)
        {
            throw Fails(reference, $"failed to read the image: {e.Message}");
        }
    }

    private static string? ChildFor(Manifest index, string architecture) => (index.Content["manifests"] as JsonArray ?? [])
        .Where(entry => entry?["platform"] is JsonObject platform
            && Text(platform, "os") == "linux" && Text(platform, "architecture") == architecture)
        .Select(entry => entry!["digest"]!.GetValue<string>())
        .FirstOrDefault();

    private static string? Text(JsonObject node, string name) => node[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Any port of this machine counts: the server may have had another one when the reference was written.</summary>
    private static (string Repository, string? Tag, string? Digest) Parse(string reference)
    {
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? "" : reference[..slash];
        if (host.Split(':')[0] is not ("127.0.0.1" or "localhost"))
            throw Fails(reference, "the local AWS runs only images of its own registry; push the image there");
        var rest = reference[(slash + 1)..];
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? null : rest[(at + 1)..];
        var name = at < 0 ? rest : rest[..at];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var tag = colon < 0 ? digest is null ? "latest" : null : name[(colon + 1)..];
        var repository = colon < 0 ? name : name[..colon];
        return !RegistryNames.IsRepository(repository) || (tag is not null && !RegistryNames.IsTag(tag)) || (digest is not null && !RegistryNames.IsDigest(digest))
            ? throw Fails(reference, "invalid reference format")
            : (repository, tag, digest);
    }

    private static ImageNotFoundException Fails(string reference, string why) => new(Text($"failed to resolve ref {reference}: {why}"));

    /// <summary>The repository is there; what is asked of it is not.</summary>
    private static ImageNotFoundException Missing(string why) => new(Text(why), inRepository: true);

    private static string Text(string why) => "CannotPullContainerError: pull image manifest has been retried 1 time(s): " + why;
}
