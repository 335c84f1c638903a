using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Registry;

/// <summary>An answer of the registry protocol that is an error (OCI distribution-spec, "Error Codes").</summary>
internal sealed class RegistryError(int status, string code, string message) : Exception(message)
{
    public static RegistryError NameUnknown(string repository, string registry) => new(
        404, "NAME_UNKNOWN", $"The repository with name '{repository}' does not exist in the registry with id '{registry}'");

    public static RegistryError BlobUnknown(string digest) => new(404, "BLOB_UNKNOWN", $"The blob '{digest}' is not in the repository");

    public static RegistryError UploadUnknown() => new(404, "BLOB_UPLOAD_UNKNOWN", "The upload could not be found. Start a new one.");

    public static RegistryError DigestInvalid(string digest) => new(400, "DIGEST_INVALID", $"The digest '{digest}' does not match the uploaded content");

    public static RegistryError Of(Fault fault) => fault.Kind switch
    {
        "throttle" => new(429, "TOOMANYREQUESTS", fault.Message ?? "Rate exceeded"),
        "serverError" => new(503, "UNAVAILABLE", fault.Message ?? "Service Unavailable. Please try again later."),
        "expiredToken" => TokenExpired(fault.Message),
        _ => new(403, "DENIED", fault.Message ?? "requested access to the resource is denied"),
    };

    public static RegistryError TokenExpired(string? message = null) =>
        new(403, "DENIED", message ?? "Your authorization token has expired. Reauthenticate and try again.");

    public async Task WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = status;
        if (HttpMethods.IsHead(response.HttpContext.Request.Method))
            return;
        var body = new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = Message }) };
        await Json.WriteAsync(response, body, "application/json", cancellationToken);
    }
}
