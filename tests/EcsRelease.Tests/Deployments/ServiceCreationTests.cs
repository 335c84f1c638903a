using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Tests.Deployments;

public class ServiceCreationTests
{
    [Test]
    public void A_service_is_created_on_fargate_with_the_circuit_breaker_and_rollback_on()
    {
        var request = Request(new ReleaseOptions { Subnets = ["subnet-1"] });

        Matches(request["deploymentConfiguration"], """{"deploymentCircuitBreaker":{"enable":true,"rollback":true}}""");
        Matches(request["networkConfiguration"], """{"awsvpcConfiguration":{"subnets":["subnet-1"],"assignPublicIp":"DISABLED"}}""");
        request["launchType"]!.GetValue<string>().Should().Be("FARGATE");
        request["desiredCount"]!.GetValue<int>().Should().Be(1);
        request["serviceName"]!.GetValue<string>().Should().Be("orders");
    }

    [Test]
    public void The_client_token_fits_ecs_and_is_the_same_for_the_same_request_only()
    {
        var options = new ReleaseOptions { Subnets = ["subnet-1"] };
        var token = Token(options);

        token.Length.Should().BeLessThanOrEqualTo(36);
        Token(options).Should().Be(token);
        Token(options with { DesiredCount = 2 }).Should().NotBe(token, "ECS refuses a token that comes back with another request");
        Token(options, "orders:2").Should().NotBe(token);
    }

    [Test]
    public void Every_creation_option_is_sent()
    {
        var request = Request(new ReleaseOptions
        {
            DesiredCount = 3,
            Subnets = ["subnet-1", "subnet-2"],
            SecurityGroups = ["sg-1"],
            AssignPublicIp = true,
            TargetGroup = "arn:tg",
            CapacityProviders = ["FARGATE_SPOT=4", "FARGATE"],
            HealthCheckGracePeriod = TimeSpan.FromSeconds(90),
            MinimumHealthyPercent = 50,
            MaximumPercent = 150,
            CircuitBreaker = CircuitBreakerPolicy.On,
        });

        Matches(request["deploymentConfiguration"], """{"deploymentCircuitBreaker":{"enable":true,"rollback":false},"minimumHealthyPercent":50,"maximumPercent":150}""");
        Matches(request["networkConfiguration"], """{"awsvpcConfiguration":{"subnets":["subnet-1","subnet-2"],"assignPublicIp":"ENABLED","securityGroups":["sg-1"]}}""");
        Matches(request["loadBalancers"], """[{"targetGroupArn":"arn:tg","containerName":"web","containerPort":8080}]""");
        Matches(request["capacityProviderStrategy"], """[{"capacityProvider":"FARGATE_SPOT","weight":4},{"capacityProvider":"FARGATE"}]""");
        request["healthCheckGracePeriodSeconds"]!.GetValue<int>().Should().Be(90);
        request.ContainsKey("launchType").Should().BeFalse("it excludes capacity providers");
    }

    [Test]
    public void Only_awsvpc_tasks_get_a_network_configuration() =>
        Creation(new ScriptedService([])).Request(new ReleaseOptions { LaunchType = "EC2", Subnets = ["subnet-1"] }, Revision("bridge"), "orders:1", [])
            .ContainsKey("networkConfiguration").Should().BeFalse();

    [Test]
    public void Without_subnets_the_error_names_the_option() =>
        FluentActions.Invoking(() => Request(new ReleaseOptions())).Should().Throw<EcsReleaseException>()
            .WithMessage("*cannot be created without EcsSubnets*").Which.Code.Should().Be("ECSR4014");

    [Test]
    public async Task A_lost_answer_finds_the_service_that_was_created()
    {
        var service = new ScriptedService((JsonObject)JsonNode.Parse("""
            {"CreateService":[{"error":{"code":"Timeout","message":"no answer","lost":true}}],
             "DescribeServices":[{"services":[{"status":"ACTIVE","deployments":[{"id":"ecs-svc/1","status":"PRIMARY","taskDefinition":"orders:1"}]}]}]}
            """)!);

        var rollout = await Creation(service).CreateAsync(new ReleaseOptions(), Revision("awsvpc"), "orders:1", ["subnet-default"], CancellationToken.None);

        rollout.PrimaryId.Should().Be("ecs-svc/1");
        rollout.IsAttached.Should().BeFalse();
        service.Calls.Count(call => call.Operation == "CreateService").Should().Be(1);
    }

    private static string Token(ReleaseOptions options, string taskDefinition = "orders:1") =>
        (string)Creation(new ScriptedService([])).Request(options, Revision("awsvpc"), taskDefinition, [])["clientToken"]!;

    private static JsonObject Request(ReleaseOptions options) =>
        Creation(new ScriptedService([])).Request(options, Revision("awsvpc"), "orders:1", []);

    private static ServiceCreation Creation(ScriptedService service) => new(new AmazonEcsClient(service), "production", "orders", new JumpingTime());

    private static DesiredRevision Revision(string networkMode) => new()
    {
        Definition = (JsonObject)JsonNode.Parse($$"""
            {"family":"orders","networkMode":"{{networkMode}}","containerDefinitions":[{"name":"web","portMappings":[{"containerPort":8080}]}]}
            """)!,
        Family = "orders",
        Container = "web",
        From = "properties",
        Hash = "",
    };

    private static void Matches(JsonNode? found, string expected) => found!.ToJsonString().Should().Be(expected);
}
