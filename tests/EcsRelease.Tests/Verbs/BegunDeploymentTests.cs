using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.Tests.Deployments;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

public sealed class BegunDeploymentTests
{
    [Test]
    public async Task An_earlier_deployment_of_the_same_revision_is_not_the_one_that_was_begun()
    {
        var ecs = new AmazonEcsClient(new ScriptedService((JsonObject)JsonNode.Parse("""
            {"ListServiceDeployments":[{"serviceDeployments":[{"serviceDeploymentArn":"before","createdAt":1767225590,"targetServiceRevisionArn":"r7"}]}],
             "DescribeServiceRevisions":[{"serviceRevisions":[{"serviceRevisionArn":"r7","taskDefinition":"orders:7"}]}]}
            """)!));
        var forced = new StartedRollout
        {
            Cluster = "production",
            Service = "orders",
            TaskDefinition = "orders:7",
            PrimaryId = "ecs-svc/8",
            UpdatedAt = JumpingTime.Start,
            Baseline = new(new HashSet<string> { "before" }, "ecs-svc/7"),
        };

        (await BegunDeployment.FindAsync(ecs, forced, new ReportLog(), CancellationToken.None)).Should().BeNull("ECS does not list ours yet");
    }
}
