using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Ecr;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Registry;

/// <summary>Manifests and tags of the registry protocol, with ECR's errors.</summary>
internal sealed class ManifestEndpoints(EcrImages images)
{
    public async Task GetAsync(HttpContext context, string repository, string reference)
    {
        var digest = RegistryNames.IsDigest(reference) ? reference : RegistryNames.IsTag(reference) ? images.DigestOf(repository, reference) : null;
        if (digest is null || images.Find(repository, digest) is not { } image)
            throw new RegistryError(404, "MANIFEST_UNKNOWN", "Requested image not found");
        var bytes = images.Bytes(image.Digest);
        context.Response.ContentType = image.MediaType;
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers["Docker-Content-Digest"] = image.Digest;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    public async Task PutAsync(HttpContext context, string repository, string reference)
    {
        var bytes = await ReadAsync(context.Request, context.RequestAborted);
        var byDigest = RegistryNames.IsDigest(reference);
        if (!byDigest && !RegistryNames.IsTag(reference))
            throw new RegistryError(400, "TAG_INVALID", $"The tag '{reference}' must satisfy the regular expression '[a-zA-Z0-9_][a-zA-Z0-9._-]{{0,127}}'");
        if (byDigest && RegistryNames.DigestOf(bytes) != reference)
            throw RegistryError.DigestInvalid(reference);
        try
        {
            // Also the same digest again is refused under an immutable tag, as ECR does.
            var stored = images.Put(repository, bytes, MediaType(context.Request), byDigest ? null : reference, repeatable: true);
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers["Docker-Content-Digest"] = stored.Digest;
            if (stored.Subject is not null)
                context.Response.Headers["OCI-Subject"] = stored.Subject;
        }
        catch (FormatException e)
        {
            throw new RegistryError(400, "MANIFEST_INVALID", e.Message);
        }
        catch (AwsException e)
        {
            throw e.Type switch
            {
                "ImageTagAlreadyExistsException" => new RegistryError(400, "TAG_INVALID", e.Message),
                "LayersNotFoundException" or "ReferencedImagesNotFoundException" => new RegistryError(400, "MANIFEST_BLOB_UNKNOWN", e.Message),
                _ => new RegistryError(404, "NAME_UNKNOWN", e.Message),
            };
        }
    }

    public async Task TagsAsync(HttpContext context, string repository)
    {
        var query = context.Request.Query;
        var size = int.TryParse(query["n"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= 1000 ? n : 1000;
        var last = query["last"].ToString();
        var rest = images.Tags(repository).Select(tag => tag.Tag).Where(tag => last.Length == 0 || string.CompareOrdinal(tag, last) > 0).Take(size + 1).ToList();
        var page = rest.Take(size).ToList();
        if (rest.Count > size)
            context.Response.Headers.Link = $"</v2/{repository}/tags/list?n={size}&last={page[^1]}>; rel=\"next\"";
        var body = new JsonObject { ["name"] = repository, ["tags"] = new JsonArray([.. page.Select(tag => (JsonNode)tag)]) };
        await Json.WriteAsync(context.Response, body, "application/json", context.RequestAborted);
    }

    /// <summary>What refers to a manifest by `subject` (OCI distribution-spec, "Listing Referrers"); empty when nothing does.</summary>
    public async Task ReferrersAsync(HttpContext context, string repository, string digest)
    {
        if (!RegistryNames.IsDigest(digest))
            throw RegistryError.DigestInvalid(digest);
        var wanted = context.Request.Query["artifactType"].ToString();
        var referrers = images.Referrers(repository, digest)
            .Where(image => wanted.Length == 0 || image.ArtifactType == wanted)
            .Select(image => new JsonObject
            {
                ["mediaType"] = image.MediaType,
                ["digest"] = image.Digest,
                ["size"] = images.Bytes(image.Digest).Length,
                ["artifactType"] = image.ArtifactType,
                ["annotations"] = images.Content(image).Content["annotations"]?.DeepClone(),
            });
        if (wanted.Length > 0)
            context.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = Manifest.IndexTypes[0], ["manifests"] = new JsonArray([.. referrers]) };
        await Json.WriteAsync(context.Response, index, Manifest.IndexTypes[0], context.RequestAborted);
    }

    private static string? MediaType(HttpRequest request)
    {
        var type = request.ContentType?.Split(';')[0].Trim();
        return string.IsNullOrEmpty(type) ? null : type;
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > Manifest.SizeLimit)
                throw new RegistryError(413, "SIZE_INVALID", $"A manifest has at most {Manifest.SizeLimit} bytes.");
            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }
}
