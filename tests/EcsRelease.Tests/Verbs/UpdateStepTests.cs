using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;
using EcsRelease.Tests.Deployments;
using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

public sealed class UpdateStepTests
{
    private const string Planned = """{"status":"ACTIVE","deployments":[{"id":"ecs-svc/6","status":"PRIMARY","taskDefinition":"orders:6","rolloutState":"COMPLETED"}]}""";

    [Test]
    public async Task A_service_that_another_release_created_first_is_looked_at_again()
    {
        var (updated, _) = await UpdateAsync(null, """
            {"DescribeServices":[{"services":[]}],
             "CreateService":[{"error":{"code":"InvalidParameterException","message":"Creation of service was not idempotent."}}]}
            """);

        updated.Should().BeNull();
    }

    [Test]
    public async Task A_service_that_moved_since_the_turn_is_not_updated()
    {
        var (updated, operations) = await UpdateAsync(Planned, """
            {"DescribeServices":[{"services":[{"status":"ACTIVE","deployments":[{"id":"ecs-svc/8","status":"PRIMARY","taskDefinition":"orders:8","rolloutState":"COMPLETED"}]}]}]}
            """);

        updated.Should().BeNull();
        operations.Should().Equal("DescribeServices");
    }

    [Test]
    public async Task The_running_digest_is_that_of_our_newest_service_revision_wherever_it_stands_in_the_list()
    {
        var (updated, operations) = await UpdateAsync(Planned, """
            {"DescribeServices":[{"services":[{"status":"ACTIVE","desiredCount":1,"runningCount":1,
               "currentServiceRevisions":[{"arn":"r6"},{"arn":"r7"},{"arn":"r7b"}],
               "deployments":[{"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"orders:7","rolloutState":"COMPLETED"}]}]}],
             "DescribeServiceRevisions":[{"serviceRevisions":[
               {"serviceRevisionArn":"r6","taskDefinition":"orders:6","createdAt":3,"containerImages":[{"containerName":"web","imageDigest":"sha256:old"}]},
               {"serviceRevisionArn":"r7","taskDefinition":"orders:7","createdAt":1,"containerImages":[{"containerName":"web","imageDigest":"sha256:before"}]},
               {"serviceRevisionArn":"r7b","taskDefinition":"orders:7","createdAt":2,"containerImages":[{"containerName":"web","imageDigest":"sha256:aa"}]}]}]}
            """);

        updated!.IsUnchanged.Should().BeTrue();
        operations.Should().NotContain("UpdateService");
    }

    [Test]
    public async Task An_update_sends_nothing_but_the_revision_whatever_is_declared_of_count_network_and_load_balancer()
    {
        var target = new ScriptedTarget($$"""
            {"DescribeServices":[{"services":[{{Planned}}]}],"ListServiceDeployments":[{"serviceDeployments":[]}],"UpdateService":[{"service":{{Planned}}}]}
            """);

        await UpdateAsync(Planned, target, new()
        {
            Cluster = "production", DesiredCount = 9, Subnets = ["subnet-2"], SecurityGroups = ["sg-2"], AssignPublicIp = true, TargetGroup = "arn:tg",
            LaunchType = "EC2", CapacityProviders = ["SPOT"], HealthCheckGracePeriod = TimeSpan.FromMinutes(1), MinimumHealthyPercent = 50, MaximumPercent = 150, CircuitBreaker = CircuitBreakerPolicy.On,
        });

        target.RequestOf("UpdateService").ToJsonString().Should().Be("""{"cluster":"production","service":"orders","taskDefinition":"orders:7"}""");
    }

    [Test]
    public async Task A_saved_plan_that_was_to_follow_a_deployment_does_not_begin_another_when_it_has_failed()
    {
        var target = new ScriptedTarget("""
            {"DescribeServices":[{"services":[{"status":"ACTIVE","deployments":[{"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"orders:7","rolloutState":"FAILED"}]}]}],
             "DescribeServiceRevisions":[{"serviceRevisions":[]}]}
            """);
        var updating = () => UpdateAsync(Planned, target, new() { Cluster = "production" }, plan => plan with { IsBinding = true, Update = UpdateAction.Join });

        (await updating.Should().ThrowAsync<EcsReleaseException>()).Which.Message.Should().Contain("orders:7 is to be deployed anew, which was not planned");
        target.Operations.Should().NotContain("UpdateService");
    }

    private static async Task<(Updated? Updated, IEnumerable<string> Operations)> UpdateAsync(string? planned, string script)
    {
        var target = new ScriptedTarget(script);
        return (await UpdateAsync(planned, target, new ReleaseOptions { Cluster = "production", Subnets = ["subnet-1"] }), target.Operations);
    }

    private static async Task<Updated?> UpdateAsync(string? planned, ScriptedTarget target, ReleaseOptions options, Func<ReleasePlan, ReleasePlan>? change = null)
    {
        var time = new JumpingTime();
        var plan = ReleaseLogTests.Plan(planned) with { Access = await target.ConnectAsync(CancellationToken.None) };
        plan = change?.Invoke(plan) ?? plan;
        var step = new UpdateStep(options, target.Defaults, new ReleaseLog(options, plan, new RecordingReporter(), time), time);
        var desired = new DesiredRevision { Definition = new() { ["networkMode"] = "awsvpc" }, Family = "orders", Container = "web", From = "properties", Hash = "" };
        return await step.UpdateAsync(plan, desired, new RegisteredRevision("orders:7", 7, Reused: false), new PushedImage("host/orders:7", "sha256:aa", [], new("none", null, 0, 0, 0)), CancellationToken.None);
    }
}
