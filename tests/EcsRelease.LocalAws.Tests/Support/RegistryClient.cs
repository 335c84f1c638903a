using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Tests.Support;

/// <summary>The calls of a push and pull, one by one.</summary>
internal sealed class RegistryClient(LocalAwsFixture aws, string token)
{
    public const string ImageType = "application/vnd.oci.image.manifest.v1+json";
    public const string IndexType = "application/vnd.oci.image.index.v1+json";

    public static async Task<RegistryClient> LogInAsync(LocalAwsFixture aws)
    {
        var answer = await aws.CallAsync("ecr", "GetAuthorizationToken", []);
        return new RegistryClient(aws, answer["authorizationData"]![0]!["authorizationToken"]!.GetValue<string>());
    }

    public static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body = null, string? type = null, Action<HttpRequestMessage>? edit = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(aws.Endpoint, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", token);
        if (body is not null)
            request.Content = new ByteArrayContent(body);
        if (type is not null)
            request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        edit?.Invoke(request);
        return await aws.Http.SendAsync(request);
    }

    public async Task<string> StartUploadAsync(string repository)
    {
        using var answer = await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/");
        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.Accepted);
        return answer.Headers.Location!.ToString();
    }

    public async Task<string> PushBlobAsync(string repository, byte[] bytes)
    {
        var digest = Digest(bytes);
        using var answer = await SendAsync(HttpMethod.Put, $"{await StartUploadAsync(repository)}?digest={digest}", bytes);
        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.Created);
        return digest;
    }

    public Task<HttpResponseMessage> PutManifestAsync(string repository, string reference, byte[] manifest, string type = ImageType) =>
        SendAsync(HttpMethod.Put, $"/v2/{repository}/manifests/{reference}", manifest, type);

    /// <summary>Pushes config and layer, and returns the manifest that names them.</summary>
    public async Task<byte[]> PushImageBlobsAsync(string repository, string content, string architecture = "amd64")
    {
        var layer = Encoding.UTF8.GetBytes(content);
        var config = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Cmd"] = new JsonArray("run") },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(layer)) },
        }.ToJsonString());
        await PushBlobAsync(repository, layer);
        await PushBlobAsync(repository, config);
        return ImageManifest(config, layer);
    }

    public async Task<string> PushImageAsync(string repository, string tag, string content, string architecture = "amd64")
    {
        var manifest = await PushImageBlobsAsync(repository, content, architecture);
        using var answer = await PutManifestAsync(repository, tag, manifest);
        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return Digest(manifest);
    }

    public static byte[] ImageManifest(byte[] config, params byte[][] layers) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = ImageType,
        ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", config),
        ["layers"] = new JsonArray([.. layers.Select(layer => Descriptor("application/vnd.oci.image.layer.v1.tar", layer))]),
    }.ToJsonString());

    public static byte[] Index(params (byte[] Manifest, string Architecture)[] children) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = IndexType,
        ["manifests"] = new JsonArray([.. children.Select(child =>
        {
            var descriptor = Descriptor(ImageType, child.Manifest);
            descriptor["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = child.Architecture };
            return descriptor;
        })]),
    }.ToJsonString());

    public static async Task<(string Code, string Message)> ErrorAsync(HttpResponseMessage answer)
    {
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]![0]!;
        return (error["code"]!.GetValue<string>(), error["message"]!.GetValue<string>());
    }

    private static JsonObject Descriptor(string type, byte[] bytes) => new() { ["mediaType"] = type, ["digest"] = Digest(bytes), ["size"] = bytes.Length };
}
