namespace EcsRelease.Tests.Verbs;

/// <summary>A hundred services of one image in one run, at AWS's request quotas.</summary>
public sealed class FanOutTests
{
    private const int Count = 100;

    [Test]
    [Long]
    public async Task A_hundred_services_are_released_and_no_throttling_is_seen()
    {
        await using var bed = await EngineBed.StartAsync(("THROTTLE", "aws"));

        var records = await bed.ReleaseManyAsync(Enumerable.Range(0, Count).Select(number => new ReleaseOptions { Service = $"service-{number}", MaxParallel = Count, Timeout = TimeSpan.FromMinutes(5) }));

        records.Should().HaveCount(Count).And.OnlyContain(record => record.Outcome == ReleaseOutcome.Succeeded);
        records.Select(record => record.TaskDefinition).Should().OnlyHaveUniqueItems();
        bed.Published.Should().Be(1);
        // One of each: what was throttled would have been asked twice.
        Calls("ecs:RegisterTaskDefinition").Should().Be(Count);
        Calls("ecs:CreateService").Should().Be(Count);
        Calls("ecr:DescribeRepositories").Should().Be(1, "all plans share the look at the image");
        Calls("ecs:DescribeServices").Should().BeLessThan(4 * Count, "looks at services are joined, ten a call");

        int Calls(string operation) => bed.Calls.Count(call => call.Operation == operation);
    }
}
