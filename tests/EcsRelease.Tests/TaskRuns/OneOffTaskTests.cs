using System.Text.Json.Nodes;
using EcsRelease.TaskRuns;

namespace EcsRelease.Tests.TaskRuns;

/// <summary>The request of RunTask.</summary>
public sealed class OneOffTaskTests
{
    public const string Revision = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7";

    [Test]
    public void A_task_runs_where_the_tasks_of_the_service_run()
    {
        var request = Of("""
            {"launchType":"FARGATE","platformVersion":"1.4.0","enableExecuteCommand":true,"desiredCount":3,"capacityProviderStrategy":[],"placementStrategy":[],
             "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"],"securityGroups":["sg-1"],"assignPublicIp":"DISABLED"}}}
            """).Request();

        request.Remove("clientToken");
        JsonNode.DeepEquals(request, JsonNode.Parse($$$$"""
            {"cluster":"production","taskDefinition":"{{{{Revision}}}}","count":1,"startedBy":"ecs-release/EcsBeforeDeploy/3f2a91c0d4b5","propagateTags":"TASK_DEFINITION",
             "overrides":{"containerOverrides":[{"name":"web","command":["migrate","--to","latest one"]}]},
             "launchType":"FARGATE","platformVersion":"1.4.0","enableExecuteCommand":true,
             "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"],"securityGroups":["sg-1"],"assignPublicIp":"DISABLED"}}}
            """)).Should().BeTrue(request.ToJsonString());
    }

    [Test]
    public void Capacity_providers_take_the_place_of_a_launch_type()
    {
        var request = Of("""{"launchType":"FARGATE","capacityProviderStrategy":[{"capacityProvider":"FARGATE_SPOT","weight":1,"base":0}],"networkConfiguration":{}}""").Request();

        request.ContainsKey("launchType").Should().BeFalse();
        request.ContainsKey("networkConfiguration").Should().BeFalse();
        ((string?)request["capacityProviderStrategy"]![0]!["capacityProvider"]).Should().Be("FARGATE_SPOT");
    }

    [Test]
    public void A_volume_that_is_configured_at_launch_is_made_as_for_the_service()
    {
        var task = Of("""
            {"deployments":[{"status":"PRIMARY","volumeConfigurations":[
              {"name":"data","managedEBSVolume":{"roleArn":"arn:role","sizeInGiB":20,"tagSpecifications":[{"resourceType":"volume","propagateTags":"SERVICE"}]}},
              {"name":"gone","managedEBSVolume":{"roleArn":"arn:role"}}]}]}
            """);
        task.Definition["volumes"] = new JsonArray(new JsonObject { ["name"] = "data", ["configuredAtLaunch"] = true }, new JsonObject { ["name"] = "scratch" });

        JsonNode.DeepEquals(task.Request()["volumeConfigurations"], JsonNode.Parse("""[{"name":"data","managedEBSVolume":{"roleArn":"arn:role","sizeInGiB":20}}]""")).Should().BeTrue();
    }

    [Test]
    public void The_client_token_is_one_per_run_and_fits_the_API()
    {
        var task = Of("{}");

        Token(task).Should().Be(Token(task)).And.MatchRegex("^[0-9a-f]{64}$");
        Token(task with { Attempt = "later" }).Should().NotBe(Token(task));
        Token(task with { Command = ["other"] }).Should().NotBe(Token(task));
        (task with { Commit = new string('a', 40) }).StartedBy.Should().MatchRegex("^[A-Za-z0-9/_-]{1,128}$");
    }

    internal static OneOffTask Of(string service, string container = """{"name":"web"}""") => new()
    {
        Option = "EcsBeforeDeploy",
        Cluster = "production",
        TaskDefinition = Revision,
        Definition = (JsonObject)JsonNode.Parse($$"""{"taskDefinitionArn":"{{Revision}}","containerDefinitions":[{{container}}]}""")!,
        Container = "web",
        Command = ["migrate", "--to", "latest one"],
        Commit = "3f2a91c0d4b5",
        Service = (JsonObject)JsonNode.Parse(service)!,
        Attempt = "2026-01-01",
    };

    private static string Token(OneOffTask task) => (string)task.Request()["clientToken"]!;
}
