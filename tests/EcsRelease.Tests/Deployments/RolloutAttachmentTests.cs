using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.Tests.Deployments;

public class RolloutAttachmentTests
{
    [Test]
    public async Task During_a_rollback_the_deployment_that_failed_is_followed_and_not_the_primary()
    {
        var rollout = await NewestAsync("""
            {"DescribeServices":[{"services":[{"status":"ACTIVE","deployments":[{"id":"ecs-svc/8","status":"PRIMARY","taskDefinition":"orders:6","createdAt":20,"rolloutStateReason":"ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/8."},{"id":"ecs-svc/7","status":"ACTIVE","taskDefinition":"orders:7","createdAt":10}]}]}],
             "ListServiceDeployments":[{"serviceDeployments":[{"serviceDeploymentArn":"new","createdAt":10,"targetServiceRevisionArn":"r7"},{"serviceDeploymentArn":"old","createdAt":1,"targetServiceRevisionArn":"r6"}]}],
             "DescribeServiceRevisions":[{"serviceRevisions":[{"serviceRevisionArn":"r7","taskDefinition":"orders:7"}]}]}
            """);

        rollout.ServiceDeployment.Should().Be("new");
        rollout.TaskDefinition.Should().Be("orders:7");
        rollout.PrimaryId.Should().Be("ecs-svc/7");
    }

    [Test]
    public async Task After_a_rollback_the_deployment_that_was_rolled_back_is_followed()
    {
        var rollout = await NewestAsync("""
            {"DescribeServices":[{"services":[{"status":"ACTIVE","deployments":[{"id":"ecs-svc/6","status":"PRIMARY","taskDefinition":"orders:6","createdAt":1,"rolloutState":"COMPLETED"}]}]}],
             "ListServiceDeployments":[{"serviceDeployments":[{"serviceDeploymentArn":"new","createdAt":10,"finishedAt":20,"status":"ROLLBACK_SUCCESSFUL","targetServiceRevisionArn":"r7"}]}],
             "DescribeServiceRevisions":[{"serviceRevisions":[{"serviceRevisionArn":"r7","taskDefinition":"orders:7"}]}]}
            """);

        rollout.ServiceDeployment.Should().Be("new");
        rollout.TaskDefinition.Should().Be("orders:7");
        rollout.IsAttached.Should().BeFalse("its deployment is not PRIMARY");
    }

    [Test]
    public async Task The_deployment_of_primary_is_followed()
    {
        var rollout = await NewestAsync(Primary7("""{"serviceDeploymentArn":"new","createdAt":100.1,"status":"IN_PROGRESS","targetServiceRevisionArn":"r7"}"""));

        rollout.ServiceDeployment.Should().Be("new");
        rollout.PrimaryId.Should().Be("ecs-svc/7");
    }

    [TestCase("""{"serviceDeploymentArn":"old","createdAt":50,"finishedAt":60,"status":"SUCCESSFUL","targetServiceRevisionArn":"r6"}""")]
    [TestCase("""{"serviceDeploymentArn":"old","createdAt":50,"finishedAt":60,"status":"ROLLBACK_SUCCESSFUL","targetServiceRevisionArn":"r6"}""")]
    [TestCase("""{"serviceDeploymentArn":"old","createdAt":50,"finishedAt":60,"status":"SUCCESSFUL","targetServiceRevisionArn":"r7"}""")]
    public async Task While_the_deployment_of_primary_is_not_listed_yet_an_older_one_is_not_taken_for_it(string older)
    {
        var rollout = await NewestAsync(Primary7(older));

        rollout.ServiceDeployment.Should().BeNull();
        rollout.TaskDefinition.Should().Be("orders:7");
        rollout.PrimaryId.Should().Be("ecs-svc/7");
    }

    [Test]
    public async Task Without_permission_to_list_the_deployment_that_is_being_rolled_back_is_followed()
    {
        var rollout = await NewestAsync("""
            {"DescribeServices":[{"services":[{"status":"ACTIVE","deployments":[{"id":"ecs-svc/6","status":"PRIMARY","taskDefinition":"orders:6","createdAt":1,"rolloutStateReason":"ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/6."},{"id":"ecs-svc/7","status":"ACTIVE","taskDefinition":"orders:7","createdAt":10}]}]}],
             "ListServiceDeployments":[{"error":{"code":"AccessDeniedException"}}]}
            """);

        rollout.PrimaryId.Should().Be("ecs-svc/7");
        rollout.TaskDefinition.Should().Be("orders:7");
        rollout.IsAttached.Should().BeFalse();
    }

    [Test]
    public async Task Without_permission_to_list_the_primary_is_followed()
    {
        var rollout = await NewestAsync("""
            {"DescribeServices":[{"services":[{"status":"ACTIVE","deployments":[{"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"orders:7","createdAt":10}]}]}],
             "ListServiceDeployments":[{"error":{"code":"AccessDeniedException"}}]}
            """);

        rollout.ServiceDeployment.Should().BeNull();
        rollout.IsAttached.Should().BeTrue();
        rollout.TaskDefinition.Should().Be("orders:7");
    }

    [TestCase("""{"services":[]}""", "ECSR4010")]
    [TestCase("""{"services":[{"status":"INACTIVE","deployments":[]}]}""", "ECSR5113")]
    public async Task A_service_that_is_not_there_is_refused(string described, string code) =>
        (await FluentActions.Awaiting(() => NewestAsync($$"""{"DescribeServices":[{{described}}]}""")).Should().ThrowAsync<EcsReleaseException>())
            .Which.Code.Should().Be(code);

    private static string Primary7(string listed) => $$"""
        {"DescribeServices":[{"services":[{"status":"ACTIVE","deployments":[{"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"orders:7","createdAt":100,"rolloutState":"IN_PROGRESS"},{"id":"ecs-svc/6","status":"ACTIVE","taskDefinition":"orders:6","createdAt":50}]}]}],
         "ListServiceDeployments":[{"serviceDeployments":[{{listed}}]}],
         "DescribeServiceRevisions":[{"serviceRevisions":[{"serviceRevisionArn":"r6","taskDefinition":"orders:6"},{"serviceRevisionArn":"r7","taskDefinition":"orders:7"}]}]}
        """;

    private static Task<StartedRollout> NewestAsync(string script) => RolloutAttachment.NewestAsync(
        new AmazonEcsClient(new ScriptedService((JsonObject)JsonNode.Parse(script)!)), "production", "orders", new JumpingTime(), CancellationToken.None);
}
