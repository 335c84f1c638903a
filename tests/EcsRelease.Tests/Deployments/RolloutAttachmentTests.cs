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
            {"DescribeServices":[{"services":[{"status":"ACTIVE","deployments":[{"id":"ecs-svc/8","status":"PRIMARY","taskDefinition":"orders:6","createdAt":20},{"id":"ecs-svc/7","status":"ACTIVE","taskDefinition":"orders:7","createdAt":10}]}]}],
             "ListServiceDeployments":[{"serviceDeployments":[{"serviceDeploymentArn":"new","createdAt":10,"targetServiceRevisionArn":"r7"},{"serviceDeploymentArn":"old","createdAt":1,"targetServiceRevisionArn":"r6"}]}],
             "DescribeServiceRevisions":[{"serviceRevisions":[{"serviceRevisionArn":"r7","taskDefinition":"orders:7"}]}]}
            """);

        rollout.ServiceDeployment.Should().Be("new");
        rollout.TaskDefinition.Should().Be("orders:7");
        rollout.PrimaryId.Should().Be("ecs-svc/7");
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

    private static Task<StartedRollout> NewestAsync(string script) => RolloutAttachment.NewestAsync(
        new AmazonEcsClient(new ScriptedService((JsonObject)JsonNode.Parse(script)!)), "production", "orders", new JumpingTime(), CancellationToken.None);
}
