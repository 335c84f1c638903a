using System.Text.Json.Nodes;
using EcsRelease.Deployments;

namespace EcsRelease.Tests.Deployments;

[TestFixture]
public sealed class UpdateDecisionTests
{
    private const string Ours = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7";
    private const string Other = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:6";
    private const string Digest = "sha256:aaaa";

    [Test]
    public void A_service_that_is_missing_is_created() =>
        UpdateDecision.Decide(null, Ours, Digest, null, force: false).Should().Be(UpdateAction.Create);

    [TestCase(Other, "COMPLETED", 1, Digest, false, UpdateAction.Update)]
    [TestCase(Other, "FAILED", 1, Digest, false, UpdateAction.Update)]
    [TestCase(Other, "IN_PROGRESS", 1, Digest, false, UpdateAction.Conflict)]
    [TestCase(Ours, "COMPLETED", 1, Digest, false, UpdateAction.Unchanged)]
    [TestCase(Ours, "COMPLETED", 1, Digest, true, UpdateAction.ForceUpdate)]
    [TestCase(Ours, "COMPLETED", 1, "sha256:bbbb", false, UpdateAction.ForceUpdate)]
    [TestCase(Ours, "COMPLETED", 0, Digest, false, UpdateAction.Watch)]
    [TestCase(Ours, "IN_PROGRESS", 0, Digest, false, UpdateAction.Join)]
    [TestCase(Ours, "FAILED", 0, Digest, false, UpdateAction.ForceUpdate)]
    public void What_a_service_needs_follows_from_its_primary_deployment(string primary, string rolloutState, int running, string runningDigest, bool force, UpdateAction expected)
    {
        var service = new LiveService(new JsonObject
        {
            ["serviceName"] = "orders",
            ["desiredCount"] = 1,
            ["runningCount"] = running,
            ["deployments"] = new JsonArray(new JsonObject { ["status"] = "PRIMARY", ["taskDefinition"] = primary, ["rolloutState"] = rolloutState }),
        });

        UpdateDecision.Decide(service, Ours, Digest, runningDigest, force).Should().Be(expected);
    }
}
