namespace EcsRelease.LocalAws.Tests.Http;

/// <summary>EventBridge and Scheduler.</summary>
public sealed partial class AwsShapeTests
{
    private async Task CallEventsAsync()
    {
        await CallAsync("events", "ListEventBuses");
        await CallAsync("events", "PutRule", """{"Name":"nightly","ScheduleExpression":"rate(1 day)","Description":"d"}""");
        await CallAsync("events", "DescribeRule", """{"Name":"nightly"}""");
        await CallAsync("events", "PutTargets", """
            {"Rule":"nightly","Targets":[{"Id":"t","Arn":"arn:aws:ecs:us-east-1:000000000000:cluster/c","RoleArn":"arn:aws:iam::000000000000:role/r",
             "EcsParameters":{"TaskDefinitionArn":"arn:aws:ecs:us-east-1:000000000000:task-definition/orders:1","TaskCount":1}}]}
            """);
        (await CallAsync("events", "ListTargetsByRule", """{"Rule":"nightly"}"""))["Targets"]![0]!["EcsParameters"]!["TaskCount"]!.GetValue<int>().Should().Be(1);
        (await CallAsync("events", "ListRules", """{"NamePrefix":"n"}"""))["Rules"]!.AsArray().Should().ContainSingle();
        await CallAsync("events", "RemoveTargets", """{"Rule":"nightly","Ids":["t"]}""");
        await CallAsync("events", "DeleteRule", """{"Name":"nightly"}""");
    }

    private async Task CallSchedulesAsync()
    {
        const string schedule = """
            {"Name":"nightly","ScheduleExpression":"rate(1 day)","FlexibleTimeWindow":{"Mode":"OFF"},"Target":{"Arn":"arn:aws:ecs:us-east-1:000000000000:cluster/c",
             "RoleArn":"arn:aws:iam::000000000000:role/r","EcsParameters":{"TaskDefinitionArn":"arn:aws:ecs:us-east-1:000000000000:task-definition/orders:1"}}}
            """;
        await CallAsync("scheduler", "ListScheduleGroups");
        await CallAsync("scheduler", "CreateSchedule", schedule);
        await CallAsync("scheduler", "UpdateSchedule", schedule);
        (await CallAsync("scheduler", "GetSchedule", """{"Name":"nightly","GroupName":"default"}"""))["Target"]!["EcsParameters"].Should().NotBeNull();
        (await CallAsync("scheduler", "ListSchedules", """{"MaxResults":"10","GroupName":"default"}"""))["Schedules"]!.AsArray().Should().ContainSingle();
        await CallAsync("scheduler", "DeleteSchedule", """{"Name":"nightly"}""");
    }
}
