using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.Tests.Deployments;

public class ServiceUpdateTests
{
    private const string Revision = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7";
    private const string Lost = """{"error":{"code":"Timeout","message":"no answer","lost":true}}""";

    private static readonly RolloutBaseline _before = new(new HashSet<string>(), "ecs-svc/6");

    [Test]
    public async Task An_update_sends_service_and_revision_alone_so_that_the_rest_of_the_service_stays()
    {
        var service = Script(("UpdateService", [Answer("ecs-svc/7", Revision)]));

        var rollout = await Update(service).UpdateAsync(Revision, force: false, _before, CancellationToken.None);

        rollout.PrimaryId.Should().Be("ecs-svc/7");
        rollout.IsAttached.Should().BeFalse();
        service.Calls.Should().ContainSingle();
        service.Calls[0].Request.Select(member => member.Key).Should().BeEquivalentTo("cluster", "service", "taskDefinition");
    }

    [TestCase("""{"id":"ecs-svc/8","status":"ACTIVE","taskDefinition":"orders:8","createdAt":20},{"id":"ecs-svc/6","status":"ACTIVE","taskDefinition":"orders:6","createdAt":10}""", "orders:8")]
    [TestCase("""{"id":"ecs-svc/8","status":"ACTIVE","taskDefinition":"orders:8","createdAt":20}""", "orders:8")]
    [TestCase("""{"id":"ecs-svc/6","status":"ACTIVE","taskDefinition":"orders:6","createdAt":10},{"id":"ecs-svc/5","status":"ACTIVE","taskDefinition":"orders:5","createdAt":5}""", null)]
    public async Task A_deployment_that_began_after_the_baseline_is_told_by_the_answer_that_took_its_place(string others, string? overtaken)
    {
        var service = Script(("UpdateService", [$$"""
            {"service":{"deployments":[{"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"{{Revision}}","createdAt":30},{{others}}]} }
            """]));

        var rollout = await Update(service).UpdateAsync(Revision, force: false, _before with { PrimarySince = DateTimeOffset.FromUnixTimeSeconds(10) }, CancellationToken.None);

        rollout.Overtook.Should().Be(overtaken);
    }

    [Test]
    public async Task A_lost_answer_is_settled_by_reading_the_service_and_not_by_a_second_update()
    {
        var service = Script(("UpdateService", [Lost]), ("DescribeServices", [Described("ecs-svc/7", Revision)]));

        var rollout = await Update(service).UpdateAsync(Revision, force: true, _before, CancellationToken.None);

        rollout.PrimaryId.Should().Be("ecs-svc/7");
        service.Calls.Count(call => call.Operation == "UpdateService").Should().Be(1);
    }

    [Test]
    public async Task An_update_that_was_lost_on_the_way_is_sent_again()
    {
        var service = Script(("UpdateService", [Lost, Answer("ecs-svc/7", Revision)]), ("DescribeServices", [Described("ecs-svc/6", "orders:6")]));

        var rollout = await Update(service).UpdateAsync(Revision, force: false, _before, CancellationToken.None);

        rollout.PrimaryId.Should().Be("ecs-svc/7");
        service.Calls.Count(call => call.Operation == "UpdateService").Should().Be(2);
    }

    [Test]
    public async Task A_lost_update_that_another_release_has_replaced_is_followed_to_that_and_not_sent_again()
    {
        var service = Script(
            ("UpdateService", [Lost]),
            ("DescribeServices", [Described("ecs-svc/8", "orders:8")]),
            ("ListServiceDeployments", ["""{"serviceDeployments":[]}""", """{"serviceDeployments":[{"serviceDeploymentArn":"theirs","createdAt":30,"targetServiceRevisionArn":"r8"},{"serviceDeploymentArn":"ours","createdAt":20,"targetServiceRevisionArn":"r7"},{"serviceDeploymentArn":"before","createdAt":10,"targetServiceRevisionArn":"r7"}]}"""]),
            ("DescribeServiceRevisions", [$$"""{"serviceRevisions":[{"serviceRevisionArn":"r7","taskDefinition":"{{Revision}}"},{"serviceRevisionArn":"r8","taskDefinition":"orders:8"}]}"""]));

        var rollout = await Update(service).UpdateAsync(Revision, force: false, _before with { ServiceDeployments = new HashSet<string> { "before" } }, CancellationToken.None);

        rollout.ServiceDeployment.Should().Be("ours");
        rollout.TaskDefinition.Should().Be(Revision);
        rollout.IsAttached.Should().BeFalse();
        service.Calls.Count(call => call.Operation == "UpdateService").Should().Be(1);
    }

    [Test]
    public async Task A_lost_update_beside_another_release_is_refused_and_not_sent_again_when_nothing_of_ours_began()
    {
        var service = Script(
            ("UpdateService", [Lost]),
            ("DescribeServices", [Described("ecs-svc/8", "orders:8")]),
            ("ListServiceDeployments", ["""{"serviceDeployments":[{"serviceDeploymentArn":"theirs","createdAt":30,"targetServiceRevisionArn":"r8"}]}"""]),
            ("DescribeServiceRevisions", ["""{"serviceRevisions":[{"serviceRevisionArn":"r8","taskDefinition":"orders:8"}]}"""]));

        var refused = (await FluentActions.Awaiting(() => Update(service).UpdateAsync(Revision, force: false, _before, CancellationToken.None))
            .Should().ThrowAsync<EcsReleaseException>()).Which;

        refused.Code.Should().Be("ECSR5110");
        refused.Message.Should().Contain("then 'ecs-svc/6'").And.Contain("now 'ecs-svc/8 orders:8'");
        service.Calls.Count(call => call.Operation == "UpdateService").Should().Be(1);
    }

    [Test]
    public async Task A_service_that_cannot_be_read_after_a_lost_answer_gets_no_second_update()
    {
        var service = Script(("UpdateService", [Lost]), ("DescribeServices", [Lost]));

        await FluentActions.Awaiting(() => Update(service).UpdateAsync(Revision, force: true, _before, CancellationToken.None)).Should().ThrowAsync<AwsServiceException>();
        service.Calls.Count(call => call.Operation == "UpdateService").Should().Be(1);
    }

    [Test]
    public async Task A_refusal_is_passed_on_and_not_repeated()
    {
        var service = Script(("UpdateService", ["""{"error":{"code":"ServiceNotActiveException","message":"Service was not ACTIVE."}}"""]));

        await FluentActions.Awaiting(() => Update(service).UpdateAsync(Revision, force: false, _before, CancellationToken.None))
            .Should().ThrowAsync<AwsServiceException>().WithMessage("Service was not ACTIVE.");
        service.Calls.Should().ContainSingle();
    }

    [Test]
    public async Task The_baseline_holds_every_page_of_service_deployments()
    {
        var service = Script(("ListServiceDeployments",
            ["""{"serviceDeployments":[{"serviceDeploymentArn":"a"}],"nextToken":"2"}""", """{"serviceDeployments":[{"serviceDeploymentArn":"b"}]}"""]),
            ("DescribeServices", [Described("ecs-svc/6", "orders:6")]));

        var baseline = await Update(service).BaselineAsync(CancellationToken.None);

        baseline.ServiceDeployments.Should().BeEquivalentTo("a", "b");
        baseline.PrimaryId.Should().Be("ecs-svc/6");
        service.Calls[1].Request["nextToken"]!.GetValue<string>().Should().Be("2");
    }

    [Test]
    public async Task The_baseline_asks_for_a_day_of_service_deployments_and_describes_the_service_after_them()
    {
        var service = Script(("ListServiceDeployments", ["""{"serviceDeployments":[]}"""]), ("DescribeServices", [Described("ecs-svc/6", "orders:6")]));

        await Update(service).BaselineAsync(CancellationToken.None);

        service.Calls.Select(call => call.Operation).Should().Equal("ListServiceDeployments", "DescribeServices");
        var after = (double)service.Calls[0].Request["createdAt"]!["after"]!;
        DateTimeOffset.UnixEpoch.AddSeconds(after).Should().Be(JumpingTime.Start - TimeSpan.FromDays(1));
    }

    [Test]
    public async Task Without_permission_to_list_the_baseline_has_the_primary_alone()
    {
        var service = Script(("ListServiceDeployments", ["""{"error":{"code":"AccessDeniedException","message":"not authorized"}}"""]), ("DescribeServices", [Described("ecs-svc/6", "orders:6")]));

        var baseline = await Update(service).BaselineAsync(CancellationToken.None);

        (baseline.ServiceDeployments, baseline.PrimaryId).Should().Be((null, "ecs-svc/6"));
    }

    [Test]
    public void A_revision_that_is_primary_already_is_attached_to()
    {
        var rollout = Update(Script()).Attach(Live("ecs-svc/7", Revision), Revision);

        rollout.IsAttached.Should().BeTrue();
        rollout.PrimaryId.Should().Be("ecs-svc/7");
        rollout.UpdatedAt.Should().Be(JumpingTime.Start.AddSeconds(0.5));
    }

    private static ServiceUpdate Update(ScriptedService service) => new(new AmazonEcsClient(service), "production", "orders", new JumpingTime());

    private static ScriptedService Script(params (string Operation, string[] Answers)[] script) =>
        new(new JsonObject(script.Select(each => KeyValuePair.Create(each.Operation, (JsonNode?)new JsonArray([.. each.Answers.Select(answer => JsonNode.Parse(answer))])))));

    private static JsonObject Live(string id, string revision) =>
        (JsonObject)JsonNode.Parse($$"""{"status":"ACTIVE","deployments":[{"id":"{{id}}","status":"PRIMARY","taskDefinition":"{{revision}}","createdAt":1767225600.5}]}""")!;

    private static string Answer(string id, string revision) => new JsonObject { ["service"] = Live(id, revision) }.ToJsonString();

    private static string Described(string id, string revision) => new JsonObject { ["services"] = new JsonArray(Live(id, revision)) }.ToJsonString();
}
