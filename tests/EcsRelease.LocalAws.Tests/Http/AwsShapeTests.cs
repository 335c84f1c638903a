using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.LocalAws.Tests.Commands;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Http;

/// <summary>
/// Every operation that the README offers is called once, with something to show, and its answer held against AWS's own model
/// (<see cref="LocalAwsFixture.SendAsync"/> does so for all tests).
/// </summary>
[TestFixture]
public sealed partial class AwsShapeTests
{
    private readonly HashSet<string> _called = [];
    private LocalAwsFixture _aws = null!;

    [SetUp]
    public async Task Start()
    {
        if (!AwsModels.AreHere)
        {
            if ((Environment.GetEnvironmentVariable("ECS_RELEASE_REQUIRE") ?? "").Split(',').Contains("botocore"))
                Assert.Fail("botocore is required, and none with models of service deployments was found.");
            Assert.Ignore("No botocore with AWS's models of service deployments (2024-10-25) was found.");
        }
        _aws = await LocalAwsFixture.StartAsync(settings: usual => usual with { HealthCheckLimit = TimeSpan.FromMilliseconds(50) });
    }

    [TearDown]
    public async Task Stop() => await (_aws?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Test]
    public async Task Every_operation_answers_in_the_shape_of_its_model()
    {
        await CallRegistryAsync();
        await CallLogsAsync();
        await CallTaskDefinitionsAndTasksAsync();
        await CallServicesAsync();
        await CallTagsAndDeletionsAsync();
        await CallEventsAsync();
        await CallSchedulesAsync();

        _called.Should().BeEquivalentTo([
            .. Offered("ecr", "ECR"), .. Offered("logs", "CloudWatch Logs"), .. Offered("ecs", "ECS"), .. Offered("events", "EventBridge"), .. Offered("scheduler", "Scheduler")]);
    }

    [TestCase("DescribeServices", """{"services":[{"serviceName":1}],"failures":[]}""", "serviceName should be string (String), found 1")]
    [TestCase("DescribeServices", """{"services":[{"name":"x"}]}""", "name is not in the model (Service)")]
    [TestCase("DescribeServices", """{"services":[{"launchType":"MOON"}]}""", "which is not in the enum LaunchType")]
    [TestCase("DescribeServices", """{"services":{}}""", "should be list (Services)")]
    [TestCase("DescribeServices", """{"services":[{"deploymentConfiguration":{"alarms":{}}}]}""", "alarms.alarmNames is required")]
    public void A_wrong_answer_is_noticed(string operation, string answer, string fault) =>
        string.Join('\n', AwsModels.CheckAnswer("ecs", operation, JsonNode.Parse(answer)!.AsObject())).Should().Contain(fault);

    [Test]
    public void An_error_that_an_operation_does_not_have_is_noticed() =>
        AwsModels.CheckError("ecs", "DescribeServices", "ServiceNotFoundException").Should().ContainSingle();

    private async Task CallRegistryAsync()
    {
        await CallAsync("ecr", "CreateRepository", """{"repositoryName":"orders","imageTagMutability":"IMMUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":[{"filterType":"WILDCARD","filter":"latest"}],"tags":[{"Key":"a","Value":"b"}]}""");
        await CallAsync("ecr", "GetAuthorizationToken");
        var registry = await RegistryClient.LogInAsync(_aws);
        await registry.PushImageAsync("orders", "one", "content");
        var manifest = await registry.PushImageBlobsAsync("orders", "other");
        await CallAsync("ecr", "PutImage", new JsonObject { ["repositoryName"] = "orders", ["imageManifest"] = Encoding.UTF8.GetString(manifest), ["imageTag"] = "two" });
        await CallAsync("ecr", "DescribeRepositories");
        await CallAsync("ecr", "BatchGetImage", """{"repositoryName":"orders","imageIds":[{"imageTag":"one"},{"imageTag":"none"}]}""");
        await CallAsync("ecr", "DescribeImages", """{"repositoryName":"orders"}""");
        await CallAsync("ecr", "ListImages", """{"repositoryName":"orders"}""");
        await CallAsync("ecr", "BatchCheckLayerAvailability", $$"""{"repositoryName":"orders","layerDigests":["{{RegistryClient.Digest("content"u8.ToArray())}}","{{RegistryClient.Digest("nothing"u8.ToArray())}}"]}""");
        await CallAsync("ecr", "PutImageTagMutability", """{"repositoryName":"orders","imageTagMutability":"MUTABLE"}""");
        await CallAsync("ecr", "GetLifecyclePolicy", """{"repositoryName":"orders"}""", fails: "LifecyclePolicyNotFoundException");
        await CallAsync("ecr", "PutAccountSetting", """{"name":"BLOB_MOUNTING","value":"ENABLED"}""");
        await CallAsync("ecr", "GetAccountSetting", """{"name":"BLOB_MOUNTING"}""");
        const string arn = "arn:aws:ecr:us-east-1:000000000000:repository/orders";
        await CallAsync("ecr", "TagResource", $$"""{"resourceArn":"{{arn}}","tags":[{"Key":"c","Value":"d"}]}""");
        await CallAsync("ecr", "ListTagsForResource", $$"""{"resourceArn":"{{arn}}"}""");
        await CallAsync("ecr", "UntagResource", $$"""{"resourceArn":"{{arn}}","tagKeys":["c"]}""");
        await CallReferrersAsync(registry, manifest);
        await CallPoliciesAsync();
        await CallAsync("ecr", "BatchDeleteImage", """{"repositoryName":"orders","imageIds":[{"imageTag":"two"},{"imageTag":"none"}]}""");
        await CallAsync("ecr", "DeleteRepository", """{"repositoryName":"orders","force":true}""");
    }

    private async Task CallReferrersAsync(RegistryClient registry, byte[] manifest)
    {
        var signature = JsonNode.Parse(manifest)!.AsObject();
        signature["artifactType"] = "application/vnd.dev.sigstore.bundle.v0.3+json";
        signature["annotations"] = new JsonObject { ["by"] = "jane" };
        signature["subject"] = new JsonObject { ["mediaType"] = RegistryClient.ImageType, ["digest"] = RegistryClient.Digest(manifest), ["size"] = manifest.Length };
        var bytes = Encoding.UTF8.GetBytes(signature.ToJsonString());
        using (await registry.PutManifestAsync("orders", RegistryClient.Digest(bytes), bytes))
        {
        }
        var listed = await CallAsync("ecr", "ListImageReferrers", $$"""{"repositoryName":"orders","subjectId":{"imageDigest":"{{RegistryClient.Digest(manifest)}}"} }""");
        listed["referrers"]![0]!["digest"]!.ToString().Should().Be(RegistryClient.Digest(bytes));
    }

    private async Task CallPoliciesAsync()
    {
        await CallAsync("ecr", "GetRepositoryPolicy", """{"repositoryName":"orders"}""", fails: "RepositoryPolicyNotFoundException");
        await CallAsync("ecr", "SetRepositoryPolicy", """{"repositoryName":"orders","policyText":"{\"Version\":\"2012-10-17\"}"}""");
        (await CallAsync("ecr", "GetRepositoryPolicy", """{"repositoryName":"orders"}"""))["policyText"]!.ToString().Should().Contain("2012-10-17");
        await CallAsync("ecr", "DeleteRepositoryPolicy", """{"repositoryName":"orders"}""");
        await CallAsync("ecr", "GetRegistryPolicy", fails: "RegistryPolicyNotFoundException");
        await CallAsync("ecr", "PutRegistryPolicy", """{"policyText":"{\"Version\":\"2012-10-17\"}"}""");
        await CallAsync("ecr", "GetRegistryPolicy");
        await CallAsync("ecr", "DeleteRegistryPolicy");
        (await CallAsync("ecr", "DescribeRegistry"))["replicationConfiguration"]!["rules"]!.AsArray().Should().BeEmpty();
        await CallAsync("ecr", "PutReplicationConfiguration", """{"replicationConfiguration":{"rules":[{"destinations":[{"region":"eu-west-1","registryId":"000000000000"}]}]}}""");
        (await CallAsync("ecr", "DescribeRegistry"))["replicationConfiguration"]!["rules"]!.AsArray().Should().ContainSingle();
    }

    private async Task CallLogsAsync()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await CallAsync("logs", "CreateLogGroup", """{"logGroupName":"g"}""");
        await CallAsync("logs", "CreateLogStream", """{"logGroupName":"g","logStreamName":"s"}""");
        await CallAsync("logs", "PutLogEvents", $$"""{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"old"},{"timestamp":{{now}},"message":"hello"}]}""");
        await CallAsync("logs", "GetLogEvents", """{"logGroupName":"g","logStreamName":"s"}""");
        await CallAsync("logs", "FilterLogEvents", """{"logGroupName":"g"}""");
        await CallAsync("logs", "DescribeLogStreams", """{"logGroupName":"g"}""");
        await CallAsync("logs", "PutRetentionPolicy", """{"logGroupName":"g","retentionInDays":7}""");
        await CallAsync("logs", "DescribeLogGroups");
        await CallAsync("logs", "DeleteRetentionPolicy", """{"logGroupName":"g"}""");
        await CallAsync("logs", "DeleteLogGroup", """{"logGroupName":"g"}""");
    }

    private async Task CallTaskDefinitionsAndTasksAsync()
    {
        await CallAsync("ecs", "CreateCluster", """{"clusterName":"c","tags":[{"key":"a","value":"b"}]}""");
        await CallAsync("ecs", "DescribeClusters", """{"clusters":["c","none"],"include":["TAGS","SETTINGS","CONFIGURATIONS","STATISTICS"]}""");
        await CallAsync("ecs", "ListClusters");
        await CallAsync("ecs", "RegisterTaskDefinition", """
            {"family":"orders","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":".25 vCPU","memory":"0.5GB","executionRoleArn":"arn:aws:iam::000000000000:role/r",
             "runtimePlatform":{"cpuArchitecture":"X86_64","operatingSystemFamily":"LINUX"},"volumes":[{"name":"v"}],"tags":[{"key":"a","value":"b"}],
             "containerDefinitions":[{"name":"app","image":"i","portMappings":[{"containerPort":8080}],"environment":[{"name":"A","value":""}],
               "healthCheck":{"command":["CMD-SHELL","exit 0"]},"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-region":"us-east-1","awslogs-group":"l","awslogs-create-group":"true","awslogs-stream-prefix":"p"}}}]}
            """);
        await CallAsync("ecs", "DescribeTaskDefinition", """{"taskDefinition":"orders","include":["TAGS"]}""");
        await CallAsync("ecs", "ListTaskDefinitions");
        await CallAsync("ecs", "ListTaskDefinitionFamilies");
        var run = await CallAsync("ecs", "RunTask", """
            {"cluster":"c","taskDefinition":"orders","count":2,"launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["s"]}},
             "overrides":{"cpu":"512","memory":"1024","containerOverrides":[{"name":"app","command":["oom"],"cpu":1}]}}
            """);
        var task = run["tasks"]![0]!["taskArn"]!.ToString();
        await CallAsync("ecs", "StopTask", $$"""{"cluster":"c","task":"{{task}}"}""");
        await UntilAsync(async () => (await CallAsync("ecs", "DescribeTasks", $$"""{"cluster":"c","tasks":["{{task}}","none"],"include":["TAGS"]}"""))["tasks"]![0]!["lastStatus"]!.ToString() == "STOPPED");
        await CallAsync("ecs", "ListTasks", """{"cluster":"c","desiredStatus":"STOPPED"}""");
    }

    private async Task CallServicesAsync()
    {
        var created = await CallAsync("ecs", "CreateService", """
            {"cluster":"c","serviceName":"orders","taskDefinition":"orders","desiredCount":1,"launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["s"]}},
             "deploymentConfiguration":{"deploymentCircuitBreaker":{"enable":true,"rollback":true}},"tags":[{"key":"a","value":"b"}],
             "loadBalancers":[{"targetGroupArn":"t","containerName":"app","containerPort":8080}]}
            """);
        await SettledAsync();
        await CallAsync("ecs", "UpdateService", """{"cluster":"c","service":"orders","forceNewDeployment":true}""");
        await CallAsync("ecs", "ListServices", """{"cluster":"c"}""");
        var arn = (await CallAsync("ecs", "ListServiceDeployments", """{"cluster":"c","service":"orders"}"""))["serviceDeployments"]![0]!["serviceDeploymentArn"]!.ToString();
        await CallAsync("ecs", "StopServiceDeployment", $$"""{"serviceDeploymentArn":"{{arn}}"}""");
        await CallAsync("ecs", "ContinueServiceDeployment", $$"""{"serviceDeploymentArn":"{{arn}}","hookId":"h"}""", fails: "InvalidParameterException");
        await SettledAsync();
        var deployment = (await CallAsync("ecs", "DescribeServiceDeployments", $$"""{"serviceDeploymentArns":["{{arn}}","{{arn}}x"]}"""))["serviceDeployments"]![0]!;
        var revision = deployment["targetServiceRevision"]!["arn"]!.ToString();
        await CallAsync("ecs", "DescribeServiceRevisions", $$"""{"serviceRevisionArns":["{{revision}}","{{revision}}1"]}""");
        created["service"]!["serviceArn"]!.ToString().Should().EndWith("service/c/orders");
    }

    private async Task CallTagsAndDeletionsAsync()
    {
        const string arn = "arn:aws:ecs:us-east-1:000000000000:service/c/orders";
        await CallAsync("ecs", "TagResource", $$"""{"resourceArn":"{{arn}}","tags":[{"key":"c","value":"d"}]}""");
        await CallAsync("ecs", "ListTagsForResource", $$"""{"resourceArn":"{{arn}}"}""");
        await CallAsync("ecs", "UntagResource", $$"""{"resourceArn":"{{arn}}","tagKeys":["c"]}""");
        await CallAsync("ecs", "DeleteService", """{"cluster":"c","service":"orders","force":true}""");
        await UntilAsync(async () => (await ServiceAsync())["status"]!.ToString() == "INACTIVE");
        await CallAsync("ecs", "DeregisterTaskDefinition", """{"taskDefinition":"orders:1"}""");
        await CallAsync("ecs", "DeleteTaskDefinitions", """{"taskDefinitions":["orders:1","orders:9"]}""");
        await UntilAsync(async () => (await CallAsync("ecs", "ListTasks", """{"cluster":"c"}"""))["taskArns"]!.AsArray().Count == 0);
        await UntilAsync(async () => (await _aws.SendAsync("ecs", "DeleteCluster", new JsonObject { ["cluster"] = "c" })).Status == HttpStatusCode.OK);
        _called.Add("ecs:DeleteCluster");
    }

    private async Task<JsonObject> ServiceAsync() =>
        (await CallAsync("ecs", "DescribeServices", """{"cluster":"c","services":["orders","none"],"include":["TAGS"]}"""))["services"]![0]!.AsObject();

    private Task SettledAsync() => UntilAsync(async () =>
    {
        var deployments = (await ServiceAsync())["deployments"]!.AsArray();
        return deployments.Count == 1 && deployments[0]!["rolloutState"]!.ToString() == "COMPLETED";
    });

    private Task<JsonObject> CallAsync(string service, string operation, string input = "{}", string? fails = null) =>
        CallAsync(service, operation, JsonNode.Parse(input)!.AsObject(), fails);

    private async Task<JsonObject> CallAsync(string service, string operation, JsonObject input, string? fails = null)
    {
        _called.Add($"{service}:{operation}");
        if (fails is null)
            return await _aws.CallAsync(service, operation, input);
        (await _aws.FailAsync(service, operation, input)).Type.Should().Be(fails);
        return [];
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (await condition())
                return;
            await Task.Delay(50);
        }
        throw new TimeoutException("The condition did not come true within 30 s.");
    }

    private static IEnumerable<string> Offered(string service, string row) => Word().Matches(
        DocumentationTests.Readme.Split('\n').Single(line => line.StartsWith($"| {row} |", StringComparison.Ordinal)).Split('|')[3]).Select(match => $"{service}:{match.Value}");

    [GeneratedRegex("[A-Z][A-Za-z]+")]
    private static partial Regex Word();
}
