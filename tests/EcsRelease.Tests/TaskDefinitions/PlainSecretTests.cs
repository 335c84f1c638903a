using System.Text.Json.Nodes;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Tests.TaskDefinitions;

/// <summary>A secret in plain text is warned of, and only a secret.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PlainSecretTests : IDisposable
{
    private readonly DefinitionBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [TestCase("DB_PASSWORD", "x", true)]
    [TestCase("SMTP_PWD", "x", true)]
    [TestCase("GITHUB_TOKEN", "x", true)]
    [TestCase("Stripe__ApiKey", "x", true)]
    [TestCase("CLIENT_SECRET", "x", true)]
    [TestCase("ConnectionStrings__Orders", "Server=db", true)]
    [TestCase("BROKER", "amqp://user:hunter2@host", true)]
    [TestCase("DB", "Host=db;Password=hunter2", true)]
    [TestCase("DB_PASSWORD", "", false)]
    [TestCase("DB_PASSWORD_FILE", "/run/secrets/db", false)]
    [TestCase("DB_SECRET_ARN", "arn:x", false)]
    [TestCase("TOKEN_URL", "https://login.example/token", false)]
    [TestCase("TOKEN_LIFETIME", "3600", false)]
    [TestCase("RequirePassword", "true", false)]
    [TestCase("PUBLIC_KEY", "x", false)]
    [TestCase("AUTHORITY", "https://login.example", false)]
    [TestCase("LOG_LEVEL", "info", false)]
    public void A_name_or_a_value_tells_a_secret(string name, string value, bool isSecret) =>
        PlainSecrets.LooksSecret(name, value).Should().Be(isSecret);

    [Test]
    public async Task A_declared_variable_is_warned_of_by_its_item()
    {
        _bed.Options = _bed.Options with { EnvironmentVariables = [new("DB_PASSWORD", "hunter2")] };

        var revision = await _bed.ResolveAsync("""{"containerDefinitions":[{"name":"web"}]}""");

        revision.Warnings.Single().Message.Should().StartWith("EcsEnvironmentVariable: variable 'DB_PASSWORD'").And.NotContain("hunter2");
    }

    [Test]
    public async Task What_an_option_takes_out_of_the_file_is_not_warned_of()
    {
        _bed.Options = _bed.Options with { Secrets = [new("DB_PASSWORD", "arn:x")] };

        (await _bed.ResolveAsync("""{"containerDefinitions":[{"name":"web","environment":[{"name":"DB_PASSWORD","value":"x"}]}]}""")).Warnings.Should().BeEmpty();
    }

    [Test]
    public async Task What_was_live_before_is_not_its_authors_doing()
    {
        _bed.Options = new() { TaskDefinition = "live" };
        _bed.Live = (JsonObject)JsonNode.Parse("""{"family":"f","containerDefinitions":[{"name":"web","environment":[{"name":"DB_PASSWORD","value":"x"}]}]}""")!;

        (await _bed.ResolveAsync()).Warnings.Should().BeEmpty();
    }
}
