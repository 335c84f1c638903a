using EcsRelease.Registry;
using EcsRelease.Tests.Images;

namespace EcsRelease.Tests.Registry;

[Parallelizable(ParallelScope.All)]
public class RegistryCredentialsTests
{
    [TestCase("ghcr.io", "Z2g=")]
    [TestCase("docker.io", "aHVi")]
    [TestCase("quay.io", "dXNlcjpwYXNz")]
    [TestCase("other.example", null)]
    public async Task Dockers_config_has_an_entry_for_each_registry(string host, string? basic)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("config.json", """{"auths":{"ghcr.io":{"auth":"Z2g="},"https://index.docker.io/v1/":{"auth":"aHVi"},"https://quay.io":{"username":"user","password":"pass"}}}""");

        (await RegistryCredentials.FromDockerConfigAsync(file, host, default)).Basic.Should().Be(basic);
    }

    [TestCase("{ not json")]
    [TestCase("""{"auths":[]}""")]
    public async Task A_damaged_config_is_an_error_that_names_the_file(string text)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("config.json", text);

        var reading = () => RegistryCredentials.FromDockerConfigAsync(file, "ghcr.io", default);

        (await reading.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR3023" && error.Message.Contains(file));
    }

    [Test]
    public void Printing_it_shows_no_secret() =>
        RegistryCredentials.FromPassword("user", "hunter2").ToString().Should().Be("Basic (hidden)");
}
