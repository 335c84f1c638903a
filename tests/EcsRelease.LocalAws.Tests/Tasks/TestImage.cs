using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Images;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Tasks;

/// <summary>Images for tasks, built by hand and pushed over the registry's protocol.</summary>
internal static class TestImage
{
    private const string App = "EcsRelease.LocalAws.TestApp";

    /// <summary>The test app under /app, to be run by a `dotnet` that the image does not have: for the runtime `process`.</summary>
    public static Task<string> PushAppAsync(LocalAwsFixture aws, string tag = "one", string? architecture = null) => PushAsync(
        aws, "app", tag, Tar(Directory.GetFiles(AppFolder).Select(file => new PaxTarEntry(TarEntryType.RegularFile, "app/" + Path.GetFileName(file)) { DataStream = new MemoryStream(File.ReadAllBytes(file)) })),
        new JsonObject { ["Entrypoint"] = new JsonArray("dotnet", $"/app/{App}.dll"), ["WorkingDir"] = "/app", ["Env"] = new JsonArray("ASPNETCORE_HTTP_PORTS=8080"), ["Labels"] = new JsonObject { ["tag"] = tag } }, architecture);

    public static async Task<string> PushAsync(LocalAwsFixture aws, string repository, string tag, byte[] layer, JsonObject config, string? architecture = null)
    {
        var known = await aws.SendAsync("ecr", "DescribeRepositories", new JsonObject { ["repositoryNames"] = new JsonArray(repository) });
        if (known.Status != System.Net.HttpStatusCode.OK)
            await aws.CreateRepositoryAsync(repository);
        var registry = await RegistryClient.LogInAsync(aws);
        var document = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["architecture"] = architecture ?? CpuArchitecture.Host,
            ["os"] = "linux",
            ["config"] = config,
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(RegistryClient.Digest(layer)) },
        }.ToJsonString());
        await registry.PushBlobAsync(repository, layer);
        await registry.PushBlobAsync(repository, document);
        var manifest = RegistryClient.ImageManifest(document, layer);
        using var answer = await registry.PutManifestAsync(repository, tag, manifest);
        answer.EnsureSuccessStatusCode();
        return RegistryClient.Digest(manifest);
    }

    public static byte[] Tar(IEnumerable<TarEntry> entries)
    {
        var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, leaveOpen: true))
        {
            foreach (var entry in entries)
                writer.WriteEntry(entry);
        }
        return bytes.ToArray();
    }

    /// <summary>Beside this project's own output: …/tests/PROJECT/bin/CONFIGURATION/FRAMEWORK.</summary>
    private static string AppFolder =>
        AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Replace("EcsRelease.LocalAws.Tests", App, StringComparison.Ordinal);
}
