using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Commands;

/// <summary>Programs of others that know AWS and registries, and nothing of this project.</summary>
[Parallelizable(ParallelScope.All)]
public class OutsideWitnessTests
{
    [Test]
    public async Task The_AWS_CLI_signs_asks_and_understands_the_answers()
    {
        Need("aws");
        await using var aws = await LocalAwsFixture.StartAsync();

        var identity = await AwsAsync(aws, "sts", "get-caller-identity");
        await AwsAsync(aws, "ecr", "create-repository", "--repository-name", "orders", "--image-tag-mutability", "IMMUTABLE_WITH_EXCLUSION",
            "--image-tag-mutability-exclusion-filters", "filterType=WILDCARD,filter=latest");
        var repositories = await AwsAsync(aws, "ecr", "describe-repositories");
        await AwsAsync(aws, "logs", "create-log-group", "--log-group-name", "/ecs/orders");
        await AwsAsync(aws, "logs", "create-log-stream", "--log-group-name", "/ecs/orders", "--log-stream-name", "one");
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await AwsAsync(aws, "logs", "put-log-events", "--log-group-name", "/ecs/orders", "--log-stream-name", "one", "--log-events", $"timestamp={now},message=hello");
        var events = await AwsAsync(aws, "logs", "filter-log-events", "--log-group-name", "/ecs/orders");

        identity["Account"]!.GetValue<string>().Should().Be("000000000000");
        repositories["repositories"]![0]!["imageTagMutabilityExclusionFilters"]![0]!["filter"]!.GetValue<string>().Should().Be("latest");
        events["events"]![0]!["message"]!.GetValue<string>().Should().Be("hello");
    }

    [Test]
    public async Task The_AWS_CLI_shows_an_error_as_that_of_its_model()
    {
        Need("aws");
        await using var aws = await LocalAwsFixture.StartAsync();

        var result = await RunAwsAsync(aws, "ecr", "describe-images", "--repository-name", "nothing");

        result.ExitCode.Should().NotBe(0);
        result.Error.Should().Contain("An error occurred (RepositoryNotFoundException) when calling the DescribeImages operation: The repository with name 'nothing' does not exist");
    }

    [TestCase("UnknownOperationException", "GetParameters", "ssm", "get-parameters", "--names", "/a")]
    [TestCase("UnknownOperationException", "DescribeAlarms", "cloudwatch", "describe-alarms")]
    [TestCase("InvalidAction", "GetRole", "iam", "get-role", "--role-name", "r")]
    [TestCase("InvalidAction", "DescribeTargetGroups", "elbv2", "describe-target-groups")]
    public async Task The_AWS_CLI_understands_that_a_service_is_not_here(string type, string operation, params string[] arguments)
    {
        Need("aws");
        await using var aws = await LocalAwsFixture.StartAsync();

        var result = await RunAwsAsync(aws, arguments);

        result.ExitCode.Should().NotBe(0);
        result.Error.Should().Contain($"An error occurred ({type}) when calling the {operation} operation: ");
    }

    [Test]
    public async Task The_AWS_CLI_runs_a_task_and_waits_for_its_end()
    {
        Need("aws");
        await using var aws = await LocalAwsFixture.StartAsync();
        await AwsAsync(aws, "ecs", "register-task-definition", "--family", "migrate", "--container-definitions", """[{"name":"app","image":"i","memory":128}]""");

        var run = await AwsAsync(aws, "ecs", "run-task", "--task-definition", "migrate", "--started-by", "release", "--tags", "key=why,value=try",
            "--overrides", """{"containerOverrides":[{"name":"app","command":["sh","-c","echo migrating; exit 3"]}]}""");
        var arn = run["tasks"]![0]!["taskArn"]!.GetValue<string>();
        await AwsAsync(aws, "ecs", "wait", "tasks-stopped", "--tasks", arn);
        var task = (await AwsAsync(aws, "ecs", "describe-tasks", "--tasks", arn))["tasks"]![0]!;

        task["containers"]![0]!["exitCode"]!.GetValue<int>().Should().Be(3);
        task["startedBy"]!.GetValue<string>().Should().Be("release");
    }

    [Test]
    public async Task Skopeo_pushes_and_pulls_an_image_unchanged()
    {
        Need("skopeo");
        await using var aws = await LocalAwsFixture.StartAsync();
        using var folder = new TemporaryFolder();
        await aws.CreateRepositoryAsync("team/orders", "IMMUTABLE");
        var token = (await aws.CallAsync("ecr", "GetAuthorizationToken", []))["authorizationData"]![0]!["authorizationToken"]!.GetValue<string>();
        await File.WriteAllTextAsync(folder.In("auth.json"), new JsonObject { ["auths"] = new JsonObject { [aws.Host] = new JsonObject { ["auth"] = token } } }.ToJsonString());
        var digest = await WriteLayoutAsync(folder.In("in"));

        await SkopeoAsync("copy", "--authfile", folder.In("auth.json"), "--dest-tls-verify=false", $"oci:{folder.In("in")}:one", $"docker://{aws.Host}/team/orders:one");
        await SkopeoAsync("copy", "--authfile", folder.In("auth.json"), "--src-tls-verify=false", $"docker://{aws.Host}/team/orders:one", $"dir:{folder.In("out")}");
        var again = await Command.RunAsync("skopeo", ["copy", "--authfile", folder.In("auth.json"), "--dest-tls-verify=false", $"oci:{folder.In("in")}:one", $"docker://{aws.Host}/team/orders:one"]);

        RegistryClient.Digest(await File.ReadAllBytesAsync(Path.Combine(folder.In("out"), "manifest.json"))).Should().Be(digest);
        again.ExitCode.Should().NotBe(0);
        again.Error.Should().Contain("cannot be overwritten because the tag is immutable");
    }

    private static void Need(string program)
    {
        if (Command.IsOnPath(program))
            return;
        if ((Environment.GetEnvironmentVariable("ECS_RELEASE_REQUIRE") ?? "").Split(',').Contains(program))
            Assert.Fail($"`{program}` is required and not on PATH.");
        Assert.Ignore($"`{program}` is not on PATH.");
    }

    private static async Task<JsonObject> AwsAsync(LocalAwsFixture aws, params string[] arguments)
    {
        var result = await RunAwsAsync(aws, arguments);
        result.ExitCode.Should().Be(0, result.Error);
        return string.IsNullOrWhiteSpace(result.Output) ? [] : JsonNode.Parse(result.Output)!.AsObject();
    }

    private static Task<CommandResult> RunAwsAsync(LocalAwsFixture aws, params string[] arguments) => Command.RunAsync("aws", arguments, new Dictionary<string, string?>
    {
        ["AWS_ENDPOINT_URL"] = aws.Endpoint.ToString(),
        ["AWS_ACCESS_KEY_ID"] = aws.Key.AccessKeyId,
        ["AWS_SECRET_ACCESS_KEY"] = aws.Key.SecretAccessKey,
        ["AWS_SESSION_TOKEN"] = null,
        ["AWS_PROFILE"] = null,
        ["AWS_REGION"] = "us-east-1",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_CONFIG_FILE"] = Path.Combine(aws.StatePath, "none"),
        ["AWS_PAGER"] = "",
        ["AWS_MAX_ATTEMPTS"] = "1",
        ["NO_PROXY"] = "127.0.0.1",
    });

    private static async Task SkopeoAsync(params string[] arguments)
    {
        var result = await Command.RunAsync("skopeo", arguments, new Dictionary<string, string?> { ["NO_PROXY"] = "127.0.0.1" });
        result.ExitCode.Should().Be(0, result.Error);
    }

    private static async Task<string> WriteLayoutAsync(string folder)
    {
        var blobs = Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256")).FullName;
        var tar = new byte[1024];
        var config = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(RegistryClient.Digest(tar)) },
        }.ToJsonString());
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            await gzip.WriteAsync(tar);
        var layer = compressed.ToArray();
        // Skopeo compresses what is not, which would make it another image.
        var manifest = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(RegistryClient.ImageManifest(config, layer)).Replace("layer.v1.tar", "layer.v1.tar+gzip", StringComparison.Ordinal));
        foreach (var bytes in (byte[][])[layer, config, manifest])
            await File.WriteAllBytesAsync(Path.Combine(blobs, RegistryClient.Digest(bytes)["sha256:".Length..]), bytes);
        var digest = RegistryClient.Digest(manifest);
        await File.WriteAllTextAsync(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "index.json"),
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["manifests"] = new JsonArray(new JsonObject
                {
                    ["mediaType"] = RegistryClient.ImageType,
                    ["digest"] = digest,
                    ["size"] = manifest.Length,
                    ["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = "one" },
                }),
            }.ToJsonString());
        return digest;
    }
}
