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
            ["""{"serviceDeployments":[{"serviceDeploymentArn":"a"}],"nextToken":"2"}""", """{"serviceDeployments":[{"serviceDeploymentArn":"b"}]}"""]));

        var baseline = await Update(service).BaselineAsync(Live("ecs-svc/6", "orders:6"), CancellationToken.None);

        baseline.ServiceDeployments.Should().BeEquivalentTo("a", "b");
        baseline.PrimaryId.Should().Be("ecs-svc/6");
        service.Calls[1].Request["nextToken"]!.GetValue<string>().Should().Be("2");
    }

    [Test]
    public async Task Without_permission_to_list_the_baseline_has_the_primary_alone()
    {
        var service = Script(("ListServiceDeployments", ["""{"error":{"code":"AccessDeniedException","message":"not authorized"}}"""]));

        var baseline = await Update(service).BaselineAsync(Live("ecs-svc/6", "orders:6"), CancellationToken.None);

        baseline.Should().Be(new RolloutBaseline(null, "ecs-svc/6"));
    }

    [TestCase("FAILED", Revision, true)]
    [TestCase("IN_PROGRESS", Revision, false)]
    [TestCase("FAILED", "orders:6", false)]
    public void A_revision_that_is_primary_and_failed_there_needs_a_forced_deployment(string state, string live, bool expected)
    {
        var service = Live("ecs-svc/6", live);
        service["deployments"]![0]!["rolloutState"] = state;

        ServiceUpdate.NeedsForce(service, Revision).Should().Be(expected);
    }

    private static ServiceUpdate Update(ScriptedService service) => new(new AmazonEcsClient(service), "production", "orders", new JumpingTime());

    private static ScriptedService Script(params (string Operation, string[] Answers)[] script) =>
        new(new JsonObject(script.Select(each => KeyValuePair.Create(each.Operation, (JsonNode?)new JsonArray([.. each.Answers.Select(answer => JsonNode.Parse(answer))])))));

    private static JsonObject Live(string id, string revision) =>
        (JsonObject)JsonNode.Parse($$"""{"status":"ACTIVE","deployments":[{"id":"{{id}}","status":"PRIMARY","taskDefinition":"{{revision}}","createdAt":1767225600.5}]}""")!;

    private static string Answer(string id, string revision) => new JsonObject { ["service"] = Live(id, revision) }.ToJsonString();

    private static string Described(string id, string revision) => new JsonObject { ["services"] = new JsonArray(Live(id, revision)) }.ToJsonString();
}
