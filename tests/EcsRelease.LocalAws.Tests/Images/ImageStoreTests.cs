using System.Runtime.InteropServices;
using EcsRelease.LocalAws.Images;
using EcsRelease.LocalAws.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EcsRelease.LocalAws.Tests.Images;

[Parallelizable(ParallelScope.All)]
public class ImageStoreTests
{
    private static string HostArchitecture => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";

    [Test]
    public async Task An_image_is_found_by_tag_by_digest_and_by_both()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("team/orders");
        var digest = await (await RegistryClient.LogInAsync(aws)).PushImageAsync("team/orders", "one", "content");
        var store = aws.Services.GetRequiredService<IImageStore>();

        foreach (var reference in (string[])[$"{aws.Host}/team/orders:one", $"{aws.Host}/team/orders@{digest}", $"{aws.Host}/team/orders:one@{digest}"])
        {
            var image = store.Resolve(reference, CpuArchitecture.Host);
            image.Digest.Should().Be(digest);
            image.Config["config"]!["Cmd"]!.ToJsonString().Should().Be("""["run"]""");
            var layer = image.Layers.Should().ContainSingle().Subject;
            using var reader = new StreamReader(store.OpenBlob(layer.Digest));
            (await reader.ReadToEndAsync()).Should().Be("content");
        }
    }

    [Test]
    public async Task Of_an_index_the_image_for_this_machine_is_taken()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var ours = await registry.PushImageBlobsAsync("orders", "ours", HostArchitecture);
        var other = await registry.PushImageBlobsAsync("orders", "other", "riscv64");
        foreach (var child in (byte[][])[ours, other])
            (await registry.PutManifestAsync("orders", RegistryClient.Digest(child), child)).Dispose();
        var index = RegistryClient.Index((other, "riscv64"), (ours, HostArchitecture));
        (await registry.PutManifestAsync("orders", "one", index, RegistryClient.IndexType)).Dispose();

        var image = aws.Services.GetRequiredService<IImageStore>().Resolve($"{aws.Host}/orders:one", CpuArchitecture.Host);

        image.Digest.Should().Be(RegistryClient.Digest(ours));
        image.RequestedDigest.Should().Be(RegistryClient.Digest(index));
    }

    [TestCase("{host}/orders:none", "{host}/orders:none: not found")]
    [TestCase("{host}/nothing:one", "The repository with name 'nothing' does not exist in the registry with id '000000000000'")]
    [TestCase("public.ecr.aws/nginx:1", "runs only images of its own registry")]
    [TestCase("{host}/../state.db", "invalid reference format")]
    public async Task What_cannot_be_pulled_is_told_as_ECS_tells_it(string reference, string text)
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");

        var resolve = () => aws.Services.GetRequiredService<IImageStore>().Resolve(reference.Replace("{host}", aws.Host, StringComparison.Ordinal), CpuArchitecture.Host);

        var message = resolve.Should().Throw<ImageNotFoundException>().Which.Message;
        message.Should().StartWith("CannotPullContainerError: ");
        message.Should().Contain(text.Replace("{host}", aws.Host, StringComparison.Ordinal));
    }
}
