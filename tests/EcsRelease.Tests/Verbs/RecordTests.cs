namespace EcsRelease.Tests.Verbs;

/// <summary>The record tells the deployment however a release ends.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class RecordTests
{
    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task A_release_that_is_not_waited_for_or_changes_nothing_names_its_service_deployment()
    {
        var started = await bed.ReleaseAsync(new() { Wait = false });
        await bed.ReleaseAsync();
        var unchanged = await bed.ReleaseAsync();
        bed.Commit("second");
        var handedOn = await bed.ReleaseAsync(new() { StopAfter = StopAfterStep.Update });

        (started.Outcome, unchanged.Outcome, handedOn.Outcome).Should().Be((ReleaseOutcome.Started, ReleaseOutcome.Unchanged, ReleaseOutcome.HandedOn));
        started.Message.Should().Be("Follow it: ecs-release wait --cluster default --service orders");
        handedOn.Message.Should().Be(started.Message);
        started.ServiceDeployment.Should().NotBeNull();
        unchanged.ServiceDeployment.Should().Be(started.ServiceDeployment);
        handedOn.ServiceDeployment.Should().NotBeNull().And.NotBe(started.ServiceDeployment);
    }

    [Test]
    public async Task A_release_that_ends_before_the_update_says_what_to_hand_on_and_the_same_commit_later_says_what_it_did()
    {
        var pushed = await bed.ReleaseAsync(new() { StopAfter = StopAfterStep.Push });
        var registered = await bed.ReleaseAsync(new() { StopAfter = StopAfterStep.Register });
        await bed.ReleaseAsync();
        bed.Reporter.Lines.Clear();
        await bed.ReleaseAsync();

        pushed.Message.Should().Be($"Hand on the image: {pushed.Image}");
        registered.Message.Should().Be($"Hand on the task definition: {registered.TaskDefinition}");
        bed.Reporter.Lines.Should().NotContain(line => line.Contains("Registering", StringComparison.Ordinal) || line.Contains("Updating", StringComparison.Ordinal));
    }

    [Test]
    public async Task Credentials_that_expire_during_the_rollout_do_not_look_as_if_nothing_was_changed()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");
        await bed.FaultAsync("DescribeServiceDeployments", "expiredToken", times: 100);

        var record = await bed.ReleaseAsync();

        record.Outcome.Should().Be(ReleaseOutcome.AwsFailed);
        record.Message.Should().Contain("expired").And.Contain("ECS goes on").And.Contain("ecs-release wait --cluster default --service orders");
        (await bed.DeploymentsAsync()).Should().Be(2);
    }
}
