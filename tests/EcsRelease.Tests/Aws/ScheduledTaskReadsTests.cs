using System.Text.Json.Nodes;
using Amazon.Runtime;
using EcsRelease.Aws;
using EcsRelease.Tests.Aws.Botocore;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Aws;

/// <summary>EventBridge and Scheduler, each in its own protocol: signed requests that the local AWS takes, and their errors.</summary>
public sealed class ScheduledTaskReadsTests
{
    [Test]
    public async Task Rules_and_their_targets_are_read_page_by_page()
    {
        await using var bed = await EngineBed.StartAsync();
        for (var i = 0; i < 3; i++)
            await bed.CreateRuleAsync($"nightly-{i}", $"orders:{i}");
        var events = new AmazonEventBridgeClient(bed.Client(AwsService.EventBridge));

        var rules = await Paging.ListAllAsync(events.ListRulesAsync, Checked("ListRules", """{"Limit":2}"""), "Rules", CancellationToken.None, "NextToken").ToListAsync();
        var targets = await events.ListTargetsByRuleAsync(Checked("ListTargetsByRule", """{"Rule":"nightly-2"}"""), CancellationToken.None);

        rules.Select(rule => (string?)rule["Name"]).Should().Equal("nightly-0", "nightly-1", "nightly-2");
        ((string?)targets["Targets"]![0]!["EcsParameters"]!["TaskDefinitionArn"]).Should().Be("orders:2");
        (await events.ListEventBusesAsync(Checked("ListEventBuses", "{}"), CancellationToken.None))["EventBuses"]!.AsArray().Should().ContainSingle();
        (await FluentActions.Awaiting(() => events.ListTargetsByRuleAsync(Json("""{"Rule":"none"}"""), CancellationToken.None)).Should().ThrowAsync<AwsServiceException>())
            .Which.Should().Match<AwsServiceException>(error => error.ErrorCode == "ResourceNotFoundException" && error.Operation == "events:ListTargetsByRule");
    }

    [Test]
    public async Task Schedules_are_read_by_path_and_query_and_an_error_has_its_name_from_the_header()
    {
        await using var bed = await EngineBed.StartAsync();
        foreach (var name in (string[])["nightly.a", "nightly-b"])
            await bed.CreateScheduleAsync(name, "orders:7");
        var scheduler = new AmazonSchedulerClient(bed.Client(AwsService.Scheduler));

        var listed = await Paging.ListAllAsync(scheduler.ListSchedulesAsync, Checked("ListSchedules", """{"GroupName":"default","MaxResults":1}"""), "Schedules", CancellationToken.None, "NextToken").ToListAsync();
        var read = await scheduler.GetScheduleAsync(Checked("GetSchedule", """{"Name":"nightly.a","GroupName":"default"}"""), CancellationToken.None);
        var groups = await scheduler.ListScheduleGroupsAsync(Checked("ListScheduleGroups", "{}"), CancellationToken.None);

        listed.Select(schedule => (string?)schedule["Name"]).Should().Equal("nightly-b", "nightly.a");
        ((string?)read["Target"]!["EcsParameters"]!["TaskDefinitionArn"]).Should().Be("orders:7");
        ((string?)groups["ScheduleGroups"]![0]!["Name"]).Should().Be("default");
        (await FluentActions.Awaiting(() => scheduler.GetScheduleAsync(Json("""{"Name":"none"}"""), CancellationToken.None)).Should().ThrowAsync<AwsServiceException>())
            .Which.Should().Match<AwsServiceException>(error => error.ErrorCode == "ResourceNotFoundException" && error.StatusCode == 404
                && error.Message == "Schedule none does not exist." && error.RequestId != null && !error.IsAnswerLost);
    }

    [Test]
    public async Task A_failed_read_of_a_schedule_is_repeated()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Cut, FakeAws.Json("""{"Name":"nightly","Brand":"new"}"""));
        using var http = new AwsHttp(TimeProvider.System, useProxy: false);
        using var client = WireClient.For(AwsService.Scheduler, aws.Endpoint, "eu-west-1", new BasicAWSCredentials("AKIDEXAMPLE", "secret"), http, TimeProvider.System);

        var answer = await client.CallAsync("GetSchedule", Json("""{"Name":"nightly"}"""), CancellationToken.None);

        ((string?)answer["Brand"]).Should().Be("new");
        aws.Requests.Should().HaveCount(2).And.OnlyContain(request =>
            request.Method == "GET" && request.Path == "/schedules/nightly" && request.Headers["Authorization"].Contains("/eu-west-1/scheduler/aws4_request"));
    }

    private static JsonObject Checked(string operation, string request)
    {
        var read = Json(request);
        BotocoreModels.Check(operation, read);
        return read;
    }

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}
