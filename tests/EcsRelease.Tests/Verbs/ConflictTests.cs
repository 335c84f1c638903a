namespace EcsRelease.Tests.Verbs;

/// <summary>EcsOnConflict: another release's deployment is in progress.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class ConflictTests
{
    private EngineBed bed = null!;
    private ReleaseRecord other = null!;

    [SetUp]
    public async Task SetUp()
    {
        // A task counts as healthy late, so that there is time to meet its deployment.
        bed = await EngineBed.StartAsync(("HEALTHY_AFTER", "6s"));
        await bed.ReleaseAsync(new() { Wait = false });
        bed.Commit("the other");
        other = await bed.ReleaseAsync(new() { Wait = false, OnConflict = ConflictPolicy.Supersede });
        other.Outcome.Should().Be(ReleaseOutcome.Started, other.Message);
        bed.Commit("ours");
    }

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task With_fail_it_is_refused_before_anything_is_built()
    {
        var record = await bed.ReleaseAsync(new() { OnConflict = ConflictPolicy.Fail });

        (record.Outcome, record.Code, record.Push).Should().Be((ReleaseOutcome.Refused, "ECSR5101", null));
        record.Message.Should().Contain(other.TaskDefinition).And.Contain("EcsOnConflict=wait").And.Contain("EcsOnConflict=supersede");
    }

    [Test]
    public async Task With_wait_it_ends_well_and_ours_is_released_after_it()
    {
        var record = await bed.ReleaseAsync();

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.Seconds.Keys.Should().Contain("turn");
        record.Previous!.TaskDefinition.Should().Be(other.TaskDefinition);
        (await StatusAsync(other)).Should().Be("SUCCESSFUL");
    }

    [Test]
    public async Task With_supersede_it_is_replaced_and_ours_goes_live()
    {
        var record = await bed.ReleaseAsync(new() { OnConflict = ConflictPolicy.Supersede });

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.Seconds.Keys.Should().NotContain("turn");
        record.Warnings.Should().Contain(warning => warning.Code == "ECSR5174");
        (await StatusAsync(other)).Should().Be("STOPPED");
    }

    private async Task<string?> StatusAsync(ReleaseRecord record)
    {
        var described = await bed.Ecs.DescribeServiceDeploymentsAsync(
            new() { ["serviceDeploymentArns"] = new System.Text.Json.Nodes.JsonArray(record.ServiceDeployment) }, CancellationToken.None);
        return (string?)described["serviceDeployments"]![0]!["status"];
    }
}
