using System.Text.Json.Nodes;
using EcsRelease.Deployments;
using EcsRelease.Gates;
using EcsRelease.Tests.Aws;
using EcsRelease.Tests.Deployments;

namespace EcsRelease.Tests.Gates;

/// <summary>What a service is set back to after a failed check.</summary>
public sealed class SetBackTests
{
    // Deployments of revisions 4 (good), 5 (good), 6 (failed) and 7, which is the release; r5 is the newest good one of before.
    private const string History = """
        "ListServiceDeployments":[{"serviceDeployments":[
          {"serviceDeploymentArn":"d7","status":"SUCCESSFUL","createdAt":1767225600,"targetServiceRevisionArn":"r7"},
          {"serviceDeploymentArn":"d6","status":"ROLLBACK_FAILED","createdAt":1767220000,"targetServiceRevisionArn":"r6"},
          {"serviceDeploymentArn":"d4","status":"SUCCESSFUL","createdAt":1767200000,"targetServiceRevisionArn":"r4"},
          {"serviceDeploymentArn":"d5","status":"SUCCESSFUL","createdAt":1767210000,"targetServiceRevisionArn":"r5"}]}],
        "DescribeServiceRevisions":[{"serviceRevisions":[
          {"serviceRevisionArn":"r4","taskDefinition":"orders:4"},{"serviceRevisionArn":"r5","taskDefinition":"orders:5"}]}]
        """;

    private static readonly StartedRollout Released = new()
    {
        Cluster = "production", Service = "orders", TaskDefinition = "orders:7", PrimaryId = "ecs-svc/7", Baseline = new(null, "ecs-svc/6"), UpdatedAt = JumpingTime.Start,
    };

    [TestCase("COMPLETED")]
    [TestCase(null)]
    public async Task The_revision_that_was_live_is_gone_back_to(string? state) =>
        (await FindAsync(Before("orders:6", state), "{}")).Should().Be("orders:6");

    [TestCase("FAILED")]
    [TestCase("IN_PROGRESS")]
    public async Task A_revision_that_had_failed_or_was_not_complete_is_passed_over(string state) =>
        (await FindAsync(Before("orders:6", state), $"{{{History}}}")).Should().Be("orders:5");

    [Test]
    public async Task A_forced_release_of_the_live_revision_goes_back_to_the_one_before_it() =>
        (await FindAsync(Before("orders:7", "COMPLETED"), $"{{{History}}}")).Should().Be("orders:5");

    [Test]
    public async Task A_service_that_the_release_created_has_none() =>
        (await FindAsync(null, "{}")).Should().BeNull();

    [Test]
    public async Task A_deployment_that_came_after_the_release_is_not_undone()
    {
        var aws = new ScriptedService(Json("""{"DescribeServices":[{"services":[{"status":"ACTIVE","deployments":[{"id":"ecs-svc/8","status":"PRIMARY","taskDefinition":"orders:8"}]}]}]}"""));

        var end = await Back(aws).RunAsync(Before("orders:6", "COMPLETED"), Released, each => each, TimeSpan.FromMinutes(20), CancellationToken.None);

        end.Should().Be(new SetBackEnd("orders:6", null, "another deployment made orders:8 live in the meantime."));
        aws.Calls.Select(call => call.Operation).Should().Equal("DescribeServices");
    }

    [Test]
    public async Task A_refusal_of_ECS_is_the_reason()
    {
        var aws = new ScriptedService(Json("""
            {"DescribeServices":[{"services":[{"status":"ACTIVE","deployments":[{"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"orders:7"}]}]}],
             "ListServiceDeployments":[{"serviceDeployments":[]}],
             "UpdateService":[{"error":{"code":"ClientException","message":"TaskDefinition is inactive"}}]}
            """));

        var end = await Back(aws).RunAsync(Before("orders:6", "COMPLETED"), Released, each => each, TimeSpan.FromMinutes(20), CancellationToken.None);

        end.Why.Should().Contain("TaskDefinition is inactive");
        end.Result.Should().BeNull();
    }

    private static Task<string?> FindAsync(LiveService? before, string script) =>
        Back(new ScriptedService(Json(script))).FindAsync(before, Released, CancellationToken.None);

    private static SetBack Back(ScriptedService aws) => new(ScriptedAccess.Over(aws), new ReportLog(), new JumpingTime());

    private static LiveService Before(string taskDefinition, string? state) => new(Json(
        $$"""{"status":"ACTIVE","deployments":[{"id":"ecs-svc/6","status":"PRIMARY","taskDefinition":"{{taskDefinition}}"{{(state is null ? "" : $",\"rolloutState\":\"{state}\"")}}}]}"""));

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}
