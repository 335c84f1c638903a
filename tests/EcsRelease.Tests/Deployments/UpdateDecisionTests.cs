using System.Text.Json.Nodes;
using EcsRelease.Deployments;

namespace EcsRelease.Tests.Deployments;

[TestFixture]
public sealed class UpdateDecisionTests
{
    private const string Ours = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7";
    private const string Other = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:6";
    private const string Digest = "sha256:aaaa";

    [TestCase(false, UpdateAction.Create)]
    [TestCase(true, UpdateAction.Gone)]
    public void A_service_that_is_missing_is_created_only_when_the_plan_found_none(bool existed, UpdateAction expected) =>
        UpdateDecision.Decide(null, existed, Ours, Digest, null, force: false).Should().Be(expected);

    [Test]
    public void A_service_that_is_being_deleted_is_gone_whatever_it_runs() =>
        Decide(Service(Ours, "COMPLETED", running: 0, desired: 0, status: "DRAINING")).Should().Be(UpdateAction.Gone);

    [Test]
    public void A_failed_revision_is_deployed_anew_unless_ecs_is_about_to_roll_it_back()
    {
        Decide(Service(Ours, "FAILED", 0, 1, rollback: true, other: Other)).Should().Be(UpdateAction.Join);
        Decide(Service(Ours, "FAILED", 0, 1, rollback: true)).Should().Be(UpdateAction.ForceUpdate, "there is nothing to go back to");
        Decide(Service(Ours, "FAILED", 0, 1, other: Other)).Should().Be(UpdateAction.ForceUpdate);
    }

    [TestCase(Other, "COMPLETED", 1, Digest, false, UpdateAction.Update)]
    [TestCase(Other, "FAILED", 1, Digest, false, UpdateAction.Update)]
    [TestCase(Other, "IN_PROGRESS", 1, Digest, false, UpdateAction.Conflict)]
    [TestCase(Ours, "COMPLETED", 1, Digest, false, UpdateAction.Unchanged)]
    [TestCase(Ours, "COMPLETED", 1, Digest, true, UpdateAction.ForceUpdate)]
    [TestCase(Ours, "COMPLETED", 1, "sha256:bbbb", false, UpdateAction.ForceUpdate)]
    [TestCase(Ours, "COMPLETED", 0, Digest, false, UpdateAction.Watch)]
    [TestCase(Ours, "IN_PROGRESS", 0, Digest, false, UpdateAction.Join)]
    [TestCase(Ours, "IN_PROGRESS", 0, "sha256:bbbb", false, UpdateAction.Join)]
    [TestCase(Ours, null, 1, Digest, false, UpdateAction.Join)]
    [TestCase(Ours, "FAILED", 0, Digest, false, UpdateAction.ForceUpdate)]
    public void What_a_service_needs_follows_from_its_primary_deployment(string primary, string? rolloutState, int running, string runningDigest, bool force, UpdateAction expected) =>
        UpdateDecision.Decide(Service(primary, rolloutState, running, 1), existed: true, Ours, Digest, runningDigest, force).Should().Be(expected);

    private static UpdateAction Decide(LiveService service) => UpdateDecision.Decide(service, existed: true, Ours, Digest, Digest, force: false);

    private static LiveService Service(
        string primary, string? rolloutState, int running, int desired, string status = "ACTIVE", bool rollback = false, string? other = null)
    {
        var deployments = new JsonArray(new JsonObject { ["status"] = "PRIMARY", ["taskDefinition"] = primary, ["rolloutState"] = rolloutState });
        if (other is not null)
            deployments.Add(new JsonObject { ["status"] = "ACTIVE", ["taskDefinition"] = other, ["rolloutState"] = "COMPLETED" });
        return new(new JsonObject
        {
            ["serviceName"] = "orders",
            ["status"] = status,
            ["desiredCount"] = desired,
            ["runningCount"] = running,
            ["deployments"] = deployments,
            ["deploymentConfiguration"] = new JsonObject { ["deploymentCircuitBreaker"] = new JsonObject { ["enable"] = true, ["rollback"] = rollback } },
        });
    }
}
