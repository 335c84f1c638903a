using System.Globalization;
using EcsRelease.LocalAws.Ecr;
using EcsRelease.LocalAws.State;
using Microsoft.Net.Http.Headers;

namespace EcsRelease.LocalAws.Registry;

/// <summary>Blobs of the registry protocol (OCI distribution-spec, "Pulling blobs" and "Pushing blobs"), with ECR's ways.</summary>
internal sealed class BlobEndpoints(EcrRepositories repositories, EcrImages images, BlobStore blobs, BlobUploads uploads, IDocumentStore documents)
{
    public async Task GetAsync(HttpContext context, string repository, string digest)
    {
        if (!RegistryNames.IsDigest(digest))
            throw RegistryError.DigestInvalid(digest);
        if (!repositories.HasBlob(repository, digest) || !blobs.Exists(digest))
            throw RegistryError.BlobUnknown(digest);
        context.Response.Headers["Docker-Content-Digest"] = digest;
        var file = TypedResults.PhysicalFile(
            blobs.PathOf(digest), "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{digest}\""), enableRangeProcessing: true);
        await file.ExecuteAsync(context);
    }

    /// <summary>POST …/blobs/uploads/: opens an upload, mounts a blob, or takes the whole blob at once.</summary>
    public async Task StartAsync(HttpContext context, string repository)
    {
        var query = context.Request.Query;
        var (mount, from, digest) = (query["mount"].ToString(), query["from"].ToString(), query["digest"].ToString());
        if (mount.Length > 0 && TryMount(repository, from, mount))
        {
            Created(context, repository, mount);
            return;
        }

        if (digest.Length > 0 && !RegistryNames.IsDigest(digest))
            throw RegistryError.DigestInvalid(digest);
        var id = uploads.Start(repository).ToString("D");
        if (digest.Length > 0 && context.Request.ContentLength is not 0)
        {
            await uploads.AppendAsync(repository, id, context.Request.Body, null, context.RequestAborted);
            Finish(context, repository, id, digest);
            return;
        }

        Accepted(context, repository, id, 0, StatusCodes.Status202Accepted);
    }

    public async Task PatchAsync(HttpContext context, string repository, string id)
    {
        var length = await uploads.AppendAsync(repository, id, context.Request.Body, StartOfRange(context.Request), context.RequestAborted);
        // ECR answers 201 here where the specification says 202; clients have to live with it.
        Accepted(context, repository, id, length, StatusCodes.Status201Created);
    }

    public async Task PutAsync(HttpContext context, string repository, string id)
    {
        var digest = context.Request.Query["digest"].ToString();
        if (!RegistryNames.IsDigest(digest))
            throw RegistryError.DigestInvalid(digest);
        await uploads.AppendAsync(repository, id, context.Request.Body, StartOfRange(context.Request), context.RequestAborted);
        Finish(context, repository, id, digest);
    }

    public void Status(HttpContext context, string repository, string id) =>
        Accepted(context, repository, id, uploads.Offset(repository, id), StatusCodes.Status204NoContent);

    public void Cancel(HttpContext context, string repository, string id)
    {
        uploads.Cancel(repository, id);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Only with the account setting BLOB_MOUNTING, and when an image of the source names the blob.</summary>
    private bool TryMount(string repository, string from, string digest) => documents.InTransaction(() =>
    {
        if (!RegistryNames.IsDigest(digest) || documents.Get(EcrService.SettingKind, "BLOB_MOUNTING")?["value"]?.GetValue<string>() != "ENABLED")
            return false;
        if (repositories.Find(from) is null || repositories.BlobSize(from, digest) is not { } size)
            return false;
        if (!images.All(from).Any(image => images.Content(image).Blobs.Contains(digest)))
            return false;
        repositories.AddBlob(repository, digest, size);
        return true;
    });

    private void Finish(HttpContext context, string repository, string id, string digest)
    {
        var length = uploads.Finish(repository, id, digest);
        repositories.AddBlob(repository, digest, length);
        Created(context, repository, digest);
    }

    private static long? StartOfRange(HttpRequest request)
    {
        var range = request.Headers.ContentRange.ToString();
        if (range.Length == 0)
            return null;
        var first = range.Replace("bytes ", "", StringComparison.Ordinal).Split('-')[0];
        return long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? start
            : throw new RegistryError(416, "BLOB_UPLOAD_INVALID", $"Content-Range '{range}' is not START-END.");
    }

    private static void Accepted(HttpContext context, string repository, string id, long length, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = $"/v2/{repository}/blobs/uploads/{id}";
        context.Response.Headers["Docker-Upload-UUID"] = id;
        context.Response.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"0-{Math.Max(0, length - 1)}");
    }

    private static void Created(HttpContext context, string repository, string digest)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"/v2/{repository}/blobs/{digest}";
        context.Response.Headers["Docker-Content-Digest"] = digest;
    }
}
