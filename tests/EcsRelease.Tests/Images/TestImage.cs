using System.Collections.Concurrent;
using System.Text;
using EcsRelease.Images;
using EcsRelease.Registry;

namespace EcsRelease.Tests.Images;

/// <summary>Images and listeners for tests of pushing.</summary>
internal static class TestImage
{
    /// <summary>An image of one small layer that holds this text.</summary>
    public static BuiltImage Of(string text)
    {
        var layer = Blob(MediaTypes.OciLayerGzip, Encoding.UTF8.GetBytes(text));
        var config = Blob(MediaTypes.OciConfig, Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","config":{"ExposedPorts":{"8080/tcp":{}},"Labels":{"text":"{{{text}}}"} } }"""));
        return new BuiltImage
        {
            Manifest = ImageManifest.Build(config.Descriptor, [layer.Descriptor], isDocker: false),
            Platform = "linux/amd64",
            Base = "none",
            Blobs = [layer, config],
            ExposedPorts = ["8080/tcp"],
        };
    }

    public static ImageBlob Blob(string mediaType, byte[] bytes) =>
        new(new Descriptor(mediaType, "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), bytes.Length), _ => Task.FromResult<Stream>(new MemoryStream(bytes)));

    public static async Task<RegistryTraffic> PushAsync(string host, BuiltImage image, string tag, IReadOnlySet<string>? known = null, IReporter? reporter = null)
    {
        using var client = new RegistryClient(host, RegistryCredentials.Anonymous, TimeProvider.System);
        await ImagePush.PushAsync(client, "orders", image, tag, known ?? new HashSet<string>(), (digests, token) => LookAsync(host, digests, token), reporter ?? new Listener(), default);
        return client.Traffic;
    }

    public static async Task MoveAsync(string host, BuiltImage image, string tag)
    {
        using var client = new RegistryClient(host, RegistryCredentials.Anonymous, TimeProvider.System);
        await ImagePush.MoveTagAsync(client, "orders", tag, image.Manifest, () => Errors.MovingTagImmutable(tag, "orders", "COMMAND"), default);
    }

    private static async Task<IReadOnlySet<string>> LookAsync(string host, IReadOnlyList<string> digests, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var present = new HashSet<string>();
        foreach (var digest in digests)
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, $"http://{host}/v2/orders/blobs/{digest}");
            using var answer = await http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
                present.Add(digest);
        }
        return present;
    }

    public sealed class Listener : IReporter
    {
        public ConcurrentQueue<Progress> Seen { get; } = new();

        public void Step(ReleaseStep step, string text) => TestContext.Out.WriteLine(text);

        public void Progress(Progress progress) => Seen.Enqueue(progress);

        public void Detail(string text) => TestContext.Out.WriteLine(text);

        public void Warn(Notice warning) => TestContext.Out.WriteLine(warning.Message);
    }
}
