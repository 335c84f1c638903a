using System.Text.Json.Nodes;
using EcsRelease.Images;

namespace EcsRelease.Tests.Images;

[Parallelizable(ParallelScope.All)]
public class ImageConfigTests
{
    private const string BaseDigest = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    [Test]
    public void Members_of_the_base_that_nobody_here_knows_survive()
    {
        var config = Build("""{"architecture":"amd64","os":"linux","os.version":"7","novel":{"a":[1]},"config":{"Healthcheck":{"Test":["CMD","true"]},"Shell":["/bin/sh"],"StopSignal":"SIGQUIT","Volumes":{"/data":{}}}}""");

        config["novel"]!.ToJsonString().Should().Be("""{"a":[1]}""");
        config["os.version"]!.ToString().Should().Be("7");
        config["config"]!["Healthcheck"]!["Test"]![0]!.ToString().Should().Be("CMD");
        config["config"]!.AsObject().Should().ContainKey("Shell").And.ContainKey("StopSignal").And.ContainKey("Volumes");
    }

    [Test]
    public void Variables_of_the_project_replace_those_of_the_base_in_place()
    {
        var config = Build("""{"config":{"Env":["PATH=/bin","MODE=base","LAST=x=y"]}}""", settings => settings with { EnvironmentVariables = [new("MODE", "ours"), new("NEW", "1")] });

        config["config"]!["Env"]!.AsArray().Select(line => line!.ToString()).Should().Equal("PATH=/bin", "MODE=ours", "LAST=x=y", "NEW=1");
    }

    [TestCase("", """["APP_UID=1654"]""", "1654")]
    [TestCase("root", """["APP_UID=1654"]""", "root")]
    [TestCase("", """[]""", "daemon")]
    public void The_user_is_the_projects_else_the_bases_app_user_else_its_own(string user, string env, string expected) =>
        Build($$$"""{"config":{"User":"daemon","Env":{{{env}}}}}""", settings => settings with { User = user })["config"]!["User"]!.ToString().Should().Be(expected);

    [TestCase("""["ASPNETCORE_HTTP_PORTS=8080","ASPNETCORE_HTTPS_PORTS=8443"]""", new[] { "53/udp", "8080/tcp", "8443/tcp", "9000/tcp" })]
    [TestCase("""["ASPNETCORE_HTTP_PORTS=8080","ASPNETCORE_URLS=http://+:5000;https://[::]:5001"]""", new[] { "53/udp", "5000/tcp", "5001/tcp", "9000/tcp" })]
    public void Ports_are_the_bases_the_projects_and_those_that_ASPNET_Core_listens_on(string env, string[] ports) =>
        Build($$$"""{"config":{"ExposedPorts":{"9000/tcp":{}},"Env":{{{env}}}}}""", settings => settings with { Ports = [new("53", "udp")] })
            ["config"]!["ExposedPorts"]!.AsObject().Select(port => port.Key).Should().Equal(ports);

    [Test]
    public void The_history_has_one_short_line_for_each_layer()
    {
        var config = Build($$"""
            {"rootfs":{"type":"layers","diff_ids":["{{BaseDigest}}"]},
             "history":[{"created":"2026-01-01T00:00:00Z","created_by":"{{new string('x', 500)}}"},{"created_by":"ENV A=1","empty_layer":true}]}
            """);

        config["rootfs"]!["diff_ids"]!.AsArray().Should().HaveCount(2);
        config["history"]!.AsArray().Should().HaveCount(2).And.OnlyContain(entry => entry!["created_by"]!.ToString().Length < 80);
    }

    [Test]
    public void Nothing_in_it_comes_from_a_clock()
    {
        Build("""{"created":"2020-01-01T00:00:00Z"}""")["created"]!.ToString().Should().Be("2023-11-14T22:13:20Z");
        Build("{}").ToJsonString().Should().Be(Build("{}").ToJsonString()).And.NotContain(DateTime.UtcNow.ToString("yyyy-MM-dd", null));
    }

    [Test]
    public void Labels_are_sorted_and_name_the_base()
    {
        var labels = Build("{}", settings => settings with { Labels = [new("zeta", "1"), new("Alpha", "2")] })["config"]!["Labels"]!.AsObject();

        labels.Select(label => label.Key).Should().BeInAscendingOrder(StringComparer.Ordinal).And.Contain(["zeta", "Alpha", "org.opencontainers.image.revision"]);
        labels["org.opencontainers.image.base.name"]!.ToString().Should().Be("mcr.example/aspnet:10.0");
        labels["org.opencontainers.image.base.digest"]!.ToString().Should().Be(BaseDigest);
    }

    private static JsonObject Build(string baseConfig, Func<ContainerSettings, ContainerSettings>? change = null)
    {
        var container = (change ?? (same => same))(SampleProject.Container);
        var plan = new ImagePlan
        {
            Project = new PublishedProject { PublishDirectory = "/nowhere", AssemblyName = "Orders", Container = container },
            Platform = "linux/amd64",
            Created = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
            Labels = [new("org.opencontainers.image.revision", "abc")],
        };
        var from = new BaseImage("mcr.example/aspnet:10.0@" + BaseDigest, BaseDigest, false, JsonNode.Parse(baseConfig)!.AsObject(), []);
        return JsonNode.Parse(ImageConfig.Build(from, plan, [new("app", BaseDigest)]).Bytes)!.AsObject();
    }
}
