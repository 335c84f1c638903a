using EcsRelease.Registry;

namespace EcsRelease.Tests.Registry;

[Parallelizable(ParallelScope.All)]
public class ImageReferenceTests
{
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [TestCase("nginx", "docker.io/library/nginx:latest")]
    [TestCase("acme/orders:1", "docker.io/acme/orders:1")]
    [TestCase("index.docker.io/nginx", "docker.io/library/nginx:latest")]
    [TestCase("mcr.microsoft.com/dotnet/aspnet:10.0", "mcr.microsoft.com/dotnet/aspnet:10.0")]
    [TestCase("localhost:5000/orders", "localhost:5000/orders:latest")]
    [TestCase("127.0.0.1:5000/a/b-c__d:v1", "127.0.0.1:5000/a/b-c__d:v1")]
    [TestCase("[::1]:5000/orders:1", "[::1]:5000/orders:1")]
    [TestCase("registry:5000/orders:1", "registry:5000/orders:1")]
    [TestCase("registry/orders:1", "docker.io/registry/orders:1")]
    [TestCase("ghcr.io/acme/orders@" + Digest, "ghcr.io/acme/orders@" + Digest)]
    [TestCase("ghcr.io/acme/orders:1@" + Digest, "ghcr.io/acme/orders:1@" + Digest)]
    public void A_reference_is_completed_as_Docker_does(string text, string complete) =>
        ImageReference.Parse(text).ToString().Should().Be(complete);

    [Test]
    public void Docker_Hub_answers_at_another_host_and_a_digest_beats_a_tag()
    {
        var reference = ImageReference.Parse("nginx:1@" + Digest);

        reference.RegistryHost.Should().Be("registry-1.docker.io");
        reference.Target.Should().Be(Digest);
    }

    [TestCase("")]
    [TestCase("UPPER/case")]
    [TestCase("https://mcr.microsoft.com/dotnet/aspnet")]
    [TestCase("orders:tag:tag")]
    [TestCase("orders@sha256:short")]
    [TestCase("orders/../../etc")]
    public void What_is_no_reference_is_quoted_in_the_error(string text)
    {
        var parsing = () => ImageReference.Parse(text);

        parsing.Should().Throw<EcsReleaseException>().Where(error => error.Code == "ECSR3020" && error.Message.Contains($"'{text}'"));
    }
}
