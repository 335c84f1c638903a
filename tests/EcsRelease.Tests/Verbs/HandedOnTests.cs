using EcsRelease.Tests.Deployments;
using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>A release that stops on the way: its record holds what the next one of the pipeline, or the owner, needs.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class HandedOnTests
{
    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [TestCase(StopAfterStep.Push)]
    [TestCase(StopAfterStep.Register)]
    [TestCase(StopAfterStep.Update)]
    public async Task Each_step_hands_on_what_it_made(StopAfterStep step)
    {
        var record = await bed.ReleaseAsync(new() { StopAfter = step });

        record.Outcome.Should().Be(ReleaseOutcome.HandedOn, record.Message);
        record.Image.Should().EndWith($"/orders:{record.Commit}");
        record.Digest.Should().StartWith("sha256:");
        (record.TaskDefinition is not null).Should().Be(step >= StopAfterStep.Register);
        (record.ServiceDeployment is not null).Should().Be(step == StopAfterStep.Update);
        record.Message.Should().StartWith(step switch
        {
            StopAfterStep.Push => $"Hand on the image: {record.Image}",
            StopAfterStep.Register => $"Hand on the task definition: {record.TaskDefinition}",
            _ => "Follow it: ecs-release wait --cluster default --service orders",
        });
    }

    [TestCase("aws:cloudformation:stack-name", "shop", "CloudFormation stack 'shop'", "aws cloudformation deploy --stack-name shop --template-file TEMPLATE --parameter-overrides TaskDefinition=orders:7")]
    [TestCase("managed-by", "terraform", "Terraform", "terraform apply -var task_definition=orders:7")]
    [TestCase("managed-by", "platform-team", "platform-team", "orders:7")]
    public void The_owner_of_the_service_is_handed_the_revision_by_its_own_command(string key, string value, string owner, string recipe)
    {
        var plan = ReleaseLogTests.Plan($$"""{"status":"ACTIVE","tags":[{"key":"{{key}}","value":"{{value}}"}]}""");
        var log = new ReleaseLog(new() { StopAfter = StopAfterStep.Register }, plan with { Owner = plan.LiveService!.Owner }, new RecordingReporter(), new JumpingTime());
        log.Registered(new("orders:7", 7, Reused: false));

        var record = log.HandedOn(ReleaseOutcome.HandedOn);

        record.Owner.Should().Be(owner);
        record.Message.Should().Be($"Hand on the task definition to {owner}: {recipe}");
    }
}
