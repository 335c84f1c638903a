using System.Diagnostics;
using System.Text.Json.Nodes;
using EcsRelease.Images;
using EcsRelease.Registry;
using EcsRelease.Tests.Registry;

namespace EcsRelease.Tests.Images;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LayersBuilderTests : IAsyncDisposable
{
    private readonly FaultyRegistry registry = new();
    private readonly TemporaryFolder publish = new();
    private readonly TemporaryFolder home = new();

    public async ValueTask DisposeAsync()
    {
        await registry.DisposeAsync();
        publish.Dispose();
        home.Dispose();
    }

    [Test]
    public async Task Two_folders_with_two_caches_give_one_digest()
    {
        await HaveBaseAsync();
        using var otherPublish = new TemporaryFolder();
        using var otherHome = new TemporaryFolder();

        var here = await BuildAsync(SampleProject.In(publish), home);
        var there = await BuildAsync(SampleProject.In(otherPublish), otherHome);

        there.Manifest.Digest.Should().Be(here.Manifest.Digest);
    }

    [Test]
    public async Task A_change_of_code_moves_the_app_layer_alone()
    {
        await HaveBaseAsync();
        var before = await BuildAsync(SampleProject.In(publish), home);

        var after = await BuildAsync(SampleProject.In(publish, code: "other code"), home);

        after.Blobs.Except(before.Blobs, EqualDigests).Select(blob => blob.Descriptor.MediaType).Should().Equal(MediaTypes.OciLayerGzip, MediaTypes.OciConfig);
        after.Manifest.Digest.Should().NotBe(before.Manifest.Digest);
    }

    [Test]
    public async Task The_bases_layers_go_from_registry_to_registry()
    {
        await HaveBaseAsync();
        await using var target = new FaultyRegistry();
        using var builder = new LayersBuilder(new StateFolder(home.Path), TimeProvider.System);
        var image = await builder.BuildAsync(Plan(SampleProject.In(publish)), default);

        await TestImage.PushAsync(target.Host, image, "sha");

        target.Blobs.Keys.Should().Contain(registry.Blobs.Keys.Where(digest => image.Blobs.Any(blob => blob.Descriptor.Digest == digest)));
        image.Base.Should().StartWith($"{registry.Host}/orders:base@sha256:");
    }

    [Test]
    public async Task A_pinned_base_that_was_seen_once_costs_no_request()
    {
        var digest = await HaveBaseAsync();
        await BuildAsync(SampleProject.In(publish), home);
        registry.Requests.Clear();

        await BuildAsync(SampleProject.In(publish), home, baseImage: $"{registry.Host}/orders@{digest}");

        registry.Requests.Should().BeEmpty();
    }

    [Test]
    public async Task A_base_without_the_platform_is_an_error_that_names_both()
    {
        await HaveBaseAsync();

        var building = () => BuildAsync(SampleProject.In(publish), home, platform: "linux/arm64");

        (await building.Should().ThrowAsync<EcsReleaseException>()).Which.Message.Should().Contain("'linux/arm64'").And.Contain("linux/amd64");
    }

    [Test]
    public async Task A_base_that_is_not_there_is_an_error_that_names_it()
    {
        var building = () => BuildAsync(SampleProject.In(publish), home, baseImage: registry.Host + "/none:1");

        (await building.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR3002" && error.Message.Contains("/none:1"));
    }

    [Test]
    public async Task Without_a_network_this_machines_runtime_is_the_base_where_that_is_allowed()
    {
        RequireLocalBase();
        var nobody = $"127.0.0.1:{FaultyRegistry.FreePort()}/dotnet/aspnet:10.0";
        // Self-contained: the base holds system libraries only, which are compressed quickly.
        var project = SampleProject.In(publish) with { Container = SampleProject.Container with { IsSelfContained = true } };

        var image = await BuildAsync(project, home, baseImage: nobody, mayUseLocalBase: true, platform: Here);
        var refused = () => BuildAsync(project, home, baseImage: nobody, platform: Here);

        image.Base.Should().StartWith("local@sha256:");
        image.ExposedPorts.Should().Equal("8080/tcp");
        image.Warnings.Should().ContainSingle().Which.Should().Match<Notice>(notice => notice.Code == "ECSR3018" && notice.Message.Contains(nobody));
        (await refused.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR3002" && error.Message.Contains(nobody));
    }

    [Test]
    public async Task The_local_base_is_the_same_each_time_and_holds_the_loader_and_the_C_library()
    {
        RequireLocalBase();
        using var otherHome = new TemporaryFolder();
        var project = SampleProject.In(publish) with { Container = SampleProject.Container with { IsSelfContained = true } };

        var first = await BuildAsync(project, home, baseImage: "local", platform: Here);
        var second = await BuildAsync(project, otherHome, baseImage: "local", platform: Here);

        second.Base.Should().Be(first.Base);
        await using var layer = new System.IO.Compression.GZipStream(await first.Blobs[0].Open(default), System.IO.Compression.CompressionMode.Decompress);
        using var tar = new System.Formats.Tar.TarReader(layer);
        var names = new List<string>();
        while (await tar.GetNextEntryAsync() is { } entry)
            names.Add(entry.Name);
        names.Should().Contain(name => name.Contains("/ld-")).And.Contain(name => name.EndsWith("/libc.so.6", StringComparison.Ordinal)).And.Contain("etc/passwd");
    }

    [Test]
    public async Task A_framework_that_is_not_here_cannot_become_a_local_base()
    {
        RequireLocalBase();
        var project = SampleProject.In(publish);
        publish.Write("Orders.runtimeconfig.json", """{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"7.0.0"}}}""");

        var building = () => BuildAsync(project, home, baseImage: "local", platform: Here);

        (await building.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR3014" && error.Message.Contains("7.0.0"));
    }

    [Test]
    public async Task A_Docker_format_image_is_Docker_throughout()
    {
        await HaveBaseAsync();
        var project = SampleProject.In(publish) with { Container = SampleProject.Container with { ImageFormat = "Docker" } };

        var image = await BuildAsync(project, home);

        image.Manifest.MediaType.Should().Be(MediaTypes.DockerManifest);
        image.Blobs.Select(blob => blob.Descriptor.MediaType).Distinct().Should().Equal(MediaTypes.DockerLayerGzip, MediaTypes.DockerConfig);
    }

    [Test]
    public async Task Docker_registry_takes_it_and_skopeo_reads_it()
    {
        await using var docker = await DockerRegistry.StartAsync();
        await HaveBaseAsync();
        using var builder = new LayersBuilder(new StateFolder(home.Path), TimeProvider.System);
        var image = await builder.BuildAsync(Plan(SampleProject.In(publish)), default);

        var first = await TestImage.PushAsync(docker.Host, image, "sha");
        var again = await TestImage.PushAsync(docker.Host, image, "sha");
        await TestImage.MoveAsync(docker.Host, image, "latest");

        (first.BlobsSent, again.BlobsSent).Should().Be((image.Blobs.Count, 0));
        if (DockerRegistry.Find("skopeo") is not { } skopeo)
            return;
        var seen = JsonNode.Parse(await RunAsync(skopeo, "inspect", "--tls-verify=false", $"docker://{docker.Host}/orders:sha"))!;
        seen["Digest"]!.ToString().Should().Be(image.Manifest.Digest);
        seen["Labels"]!["org.opencontainers.image.revision"]!.ToString().Should().Be("abc");
        // Copying makes it check every digest and unpack every layer.
        await RunAsync(skopeo, "copy", "--src-tls-verify=false", "--dest-compress", "--dest-compress-level=1", $"docker://{docker.Host}/orders:sha", $"dir:{Path.Combine(home.Path, "copy")}");
    }

    private static IEqualityComparer<ImageBlob> EqualDigests { get; } = EqualityComparer<ImageBlob>.Create((one, other) => one?.Descriptor == other?.Descriptor, blob => blob.Descriptor.GetHashCode());

    private static string Here => System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "linux/arm64" : "linux/amd64";

    private static void RequireLocalBase()
    {
        if (!OperatingSystem.IsLinux() || System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
            Assert.Ignore("a local base is made on Linux with glibc only");
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, await errors);
        return output;
    }

    /// <summary>A base image in the registry, as orders:base; its digest.</summary>
    private async Task<string> HaveBaseAsync()
    {
        using var folder = new TemporaryFolder();
        var layer = await new LayerStore(folder.Path, TimeProvider.System).GetOrAddAsync(TarLayer.Order([LayerEntry.File("etc/os-release", "NAME=test"u8.ToArray())]), default);
        var bytes = await File.ReadAllBytesAsync(layer.File);
        var config = TestImage.Blob(MediaTypes.OciConfig, System.Text.Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","config":{"Env":["ASPNETCORE_HTTP_PORTS=8080"]},"rootfs":{"type":"layers","diff_ids":["{{{layer.DiffId}}}"]}}"""));
        var blob = TestImage.Blob(MediaTypes.OciLayerGzip, bytes);
        var manifest = ImageManifest.Build(config.Descriptor, [blob.Descriptor], isDocker: false);
        var image = TestImage.Of("base") with { Manifest = manifest, Blobs = [blob, config] };
        await TestImage.PushAsync(registry.Host, image, "base");
        return manifest.Digest;
    }

    private ImagePlan Plan(PublishedProject project, string? baseImage = null, bool mayUseLocalBase = false, string platform = "linux/amd64") => new()
    {
        Project = project,
        BaseImage = baseImage ?? registry.Host + "/orders:base",
        MayUseLocalBase = mayUseLocalBase,
        Platform = platform,
        Created = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        Labels = [new("org.opencontainers.image.revision", "abc")],
    };

    private async Task<BuiltImage> BuildAsync(PublishedProject project, TemporaryFolder home, string? baseImage = null, bool mayUseLocalBase = false, string platform = "linux/amd64")
    {
        using var builder = new LayersBuilder(new StateFolder(home.Path), TimeProvider.System);
        return await builder.BuildAsync(Plan(project, baseImage, mayUseLocalBase, platform), default);
    }
}
