using EcsRelease.Verbs;

namespace EcsRelease.Tests.Deployments;

/// <summary>Many services watched together.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WaitManyTests
{
    private readonly SimulatedTime time = new();

    [Test]
    public void A_hundred_services_end_right_and_soon_with_at_most_ten_calls_a_second()
    {
        var fleet = new Fleet(100, time);

        var records = Wait(fleet, fleet.Services);

        records.Select(record => record.Service).Should().Equal(fleet.Services);
        records.Select(record => record.Outcome).Should().Equal(Enumerable.Range(0, 100).Select(Fleet.OutcomeOf));
        var delays = fleet.Delays;
        TestContext.Out.WriteLine($"{fleet.Calls.Count} calls in {fleet.Calls[^1].At.TotalSeconds:0} s, at most {fleet.BusiestSecond()} in a second; ends seen after {delays[50].TotalSeconds:0.00} s (median), {delays[^1].TotalSeconds:0.00} s (latest)");
        fleet.BusiestSecond().Should().BeLessThanOrEqualTo(10);
        delays.Should().HaveCount(100);
        delays[50].Should().BeLessThan(TimeSpan.FromSeconds(2));
    }

    [Test]
    public void Throttling_slows_down_and_fails_no_watch()
    {
        var fleet = new Fleet(30, time) { IsThrottling = at => at.TotalSeconds is > 1 and < 4 or > 60 and < 75 };

        var records = Wait(fleet, fleet.Services);

        records.Select(record => record.Outcome).Should().Equal(Enumerable.Range(0, 30).Select(Fleet.OutcomeOf));
        fleet.Calls.Count(call => call.At.TotalSeconds is > 65 and < 75).Should().BeLessThan(15, "it goes on asking, more and more slowly");
    }

    [Test]
    public void A_service_that_may_not_be_read_or_does_not_exist_ends_alone()
    {
        var fleet = new Fleet(12, time) { Denied = "service-003" };

        var records = Wait(fleet, [.. fleet.Services, "nobody"]);

        records.Should().HaveCount(13);
        records[3].Code.Should().Be("ECSR4003");
        records[^1].Code.Should().Be("ECSR4010");
        foreach (var number in Enumerable.Range(0, 12).Where(number => number != 3))
            records[number].Outcome.Should().Be(Fleet.OutcomeOf(number));
    }

    [Test]
    public void Reads_of_one_moment_are_one_call()
    {
        var fleet = new Fleet(10, time);

        Wait(fleet, fleet.Services);

        var first = fleet.Calls.First(call => call.Operation == "DescribeServices");
        first.Request["services"]!.AsArray().Should().HaveCount(10);
        fleet.Calls.Count(call => call.Operation is "DescribeServices" or "DescribeServiceDeployments").Should().BeLessThan(3 * 330, "ten watches of 330 s share their looks");
    }

    private IReadOnlyList<ReleaseRecord> Wait(Fleet fleet, IReadOnlyList<string> services) => time.Run(() =>
        new WaitMany(new ReleaseOptions { Cluster = "production" }, services, fleet, new ReportLog(), time).RunAsync(CancellationToken.None));
}
