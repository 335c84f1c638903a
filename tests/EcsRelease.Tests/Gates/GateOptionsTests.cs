using EcsRelease.Options;

namespace EcsRelease.Tests.Gates;

/// <summary>What EcsBeforeDeploy and EcsAfterDeploy may be, said before anything is built.</summary>
public sealed class GateOptionsTests
{
    [TestCase("https://orders.example.com/health", "https://orders.example.com/health")]
    [TestCase("HTTP://orders.example.com", "http://orders.example.com/")]
    [TestCase("https://jane:s3cret@orders.example.com:8443/a?token=s3cret#s3cret", "https://orders.example.com:8443/a?…")]
    public void An_address_is_shown_without_what_may_be_secret(string text, string shown)
    {
        var check = AfterDeployCheck.Parse(text);

        (check.Shown, check.Path, check.Command.Count).Should().Be((shown, null, 0));
        check.Address.Should().NotBeNull();
    }

    [Test]
    public void What_begins_with_a_slash_is_a_path_and_anything_else_a_command()
    {
        AfterDeployCheck.Parse("/health?deep=1").Should().Match<AfterDeployCheck>(check => check.Path == "/health?deep=1" && check.Shown == "/health?…" && check.Address == null);
        AfterDeployCheck.Parse("smoke --url 'http://x'").Command.Should().Equal("smoke", "--url", "http://x");
    }

    [TestCase("EcsBeforeDeploy", "migrate 's3cret", "the quote ' is not closed")]
    [TestCase("EcsAfterDeploy", "smoke \"s3cret", "the quote \" is not closed")]
    [TestCase("EcsAfterDeploy", "https://jane:s3cret@", "the address cannot be read")]
    [TestCase("EcsAfterDeploy", "//s3cret/health", "the path cannot be read")]
    public void What_cannot_be_understood_is_refused_without_being_quoted(string option, string value, string why) =>
        Read(new() { [option] = value, ["EcsTarget"] = "local" }).Should().Throw<EcsReleaseException>()
            .Where(error => error.Code == "ECSR1021" && error.Outcome == ReleaseOutcome.Invalid)
            .WithMessage($"{option} cannot be understood: {why}.*").And.Message.Should().NotContain("s3cret");

    [Test]
    public void A_path_alone_is_refused_on_AWS()
    {
        Read(new() { ["EcsAfterDeploy"] = "/health" }).Should().Throw<EcsReleaseException>()
            .Where(error => error.Code == "ECSR1022").WithMessage("*EcsAfterDeploy=https://HOST/health");
        Read(new() { ["EcsAfterDeploy"] = "/health", ["EcsTarget"] = "local" }).Should().NotThrow();
    }

    private static Func<ReleaseOptions> Read(Dictionary<string, string> properties) =>
        () => OptionReader.Read(new OptionText(properties, new Dictionary<string, IReadOnlyList<NameValue>>()));
}
