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

    public static async Task<PushResult> PushAsync(string host, BuiltImage image, string tag, IReadOnlyList<string>? moving = null, IReadOnlySet<string>? known = null, IReporter? reporter = null)
    {
        using var client = new RegistryClient(host, RegistryCredentials.Anonymous, TimeProvider.System);
        return await ImagePush.PushAsync(client, "orders", image, tag, moving ?? [], known ?? new HashSet<string>(), reporter ?? new Listener(), default);
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
