using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;
using EcsRelease.Tests.Deployments;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>What a plan announces is what the release does: the calls of each are compared.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class PlannedCallsTests
{
    // Pushes go by the registry protocol, past the clients that are listened to.
    private static readonly string[] _registry = ["ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"];

    // BatchGetImage and BatchCheckLayerAvailability.
    private static readonly string[] _reads = ["Describe", "List", "Get", "BatchGet", "BatchCheck"];

    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task Of_a_first_release()
    {
        var writes = await ReleaseAsPlannedAsync(new());

        writes.Should().Equal("ecr:CreateRepository", "logs:CreateLogGroup", "ecs:RegisterTaskDefinition", "ecs:CreateService");
    }

    [Test]
    public async Task Of_a_repository_whose_address_is_in_another_account_which_does_not_count_here()
    {
        var writes = await ReleaseAsPlannedAsync(new() { Repository = "444455556666.dkr.ecr.us-west-2.amazonaws.com/shop/orders" });

        writes.Should().Equal("ecr:CreateRepository", "logs:CreateLogGroup", "ecs:RegisterTaskDefinition", "ecs:CreateService");
    }

    [Test]
    public async Task Of_a_new_commit_and_of_the_same_commit_again()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");

        (await ReleaseAsPlannedAsync(new())).Should().Equal("ecs:RegisterTaskDefinition", "ecs:UpdateService");
        (await ReleaseAsPlannedAsync(new())).Should().BeEmpty();
        (await bed.PlanAsync()).Changes.Should().BeFalse();
    }

    [Test]
    public async Task Of_a_commit_that_has_its_revision_already()
    {
        var first = await bed.ReleaseAsync();
        bed.Commit("second");
        await bed.ReleaseAsync();
        bed.Repository.Git("checkout", "--quiet", first.Commit!);

        (await ReleaseAsPlannedAsync(new() { AllowOlder = true })).Should().Equal("ecs:UpdateService");
    }

    [Test]
    public async Task Of_a_forced_deployment_and_of_other_settings_of_the_same_commit()
    {
        await bed.ReleaseAsync();

        (await ReleaseAsPlannedAsync(new() { Force = true })).Should().Equal("ecs:UpdateService");
        (await ReleaseAsPlannedAsync(new() { EnvironmentVariables = [new("LOG_LEVEL", "debug")] })).Should().Equal("ecs:RegisterTaskDefinition", "ecs:UpdateService");
    }

    [TestCase(StopAfterStep.Push, "ecr:CreateRepository")]
    [TestCase(StopAfterStep.Register, "ecr:CreateRepository", "logs:CreateLogGroup", "ecs:RegisterTaskDefinition")]
    [TestCase(StopAfterStep.Update, "ecr:CreateRepository", "logs:CreateLogGroup", "ecs:RegisterTaskDefinition", "ecs:CreateService")]
    public async Task Of_a_release_that_stops_on_the_way_and_of_the_same_again(StopAfterStep step, params string[] expected)
    {
        (await ReleaseAsPlannedAsync(new() { StopAfter = step })).Should().Equal(expected);

        (await ReleaseAsPlannedAsync(new() { StopAfter = step, Wait = false })).Should().BeEmpty();
    }

    [Test]
    public async Task Of_a_command_before_the_update()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");
        var options = new ReleaseOptions { BeforeDeploy = "exit 0" };

        (await ReleaseAsPlannedAsync(options)).Should().Equal("ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:UpdateService");
        (await ReleaseAsPlannedAsync(options)).Should().BeEmpty();
    }

    [Test]
    public async Task Of_a_moving_tag_that_is_behind()
    {
        await bed.ReleaseAsync(new() { MovingTags = ["latest"] });
        bed.Commit("second");

        (await bed.PlanAsync(new() { MovingTags = ["latest"] })).Calls.Should().Contain(PlannedCall.Write("ecr:PutImage", "orders:latest"));
        await bed.ReleaseAsync(new() { MovingTags = ["latest"] });
        (await bed.PlanAsync(new() { MovingTags = ["latest"] })).Changes.Should().BeFalse();
    }

    [Test]
    public async Task Of_a_file_that_names_parameters()
    {
        var reader = new ParameterReader(new AmazonSsmClient(new ScriptedService((JsonObject)JsonNode.Parse("""{"GetParameters":[{"Parameters":[{"Name":"/p","Type":"String","Value":"v"}]}]}""")!)));
        await reader.ReadAsync(["/p"], CancellationToken.None);
        var plan = await bed.PlanAsync();
        plan = plan with { Definition = plan.Definition with { Parameters = reader } };
        var desired = await TaskDefinitionSource.ResolveAsync(plan.Definition, CancellationToken.None);

        new PlanSteps(plan, new(), desired).All().SelectMany(step => step.Calls).Should().Contain(PlannedCall.Read("ssm:GetParameters", "/p"));
    }

    /// <returns>The operations that wrote, as made; they are those that the plan announced.</returns>
    private async Task<IReadOnlyList<string>> ReleaseAsPlannedAsync(ReleaseOptions options)
    {
        bed.Calls.Clear();
        var plan = await bed.PlanAsync(options);
        var read = bed.Calls.Select(call => call.Operation).ToHashSet();
        read.Where(IsWrite).Should().BeEmpty("a plan only reads");
        bed.Calls.Clear();

        var record = await bed.ReleaseAsync(options);

        record.Code.Should().BeNull(record.Message);
        var made = bed.Calls.Select(call => call.Operation).ToList();
        // The release plans by itself once more.
        made.Except(read).Should().BeSubsetOf(plan.Calls.Select(call => call.Operation));
        var writes = made.Where(IsWrite).ToList();
        bed.Calls.Clear();
        plan.Calls.Where(call => call.Writes && !_registry.Contains(call.Operation)).Select(call => call.Operation).Should().Equal(writes);
        plan.Calls.Any(call => call.Operation == "ecr:UploadLayerPart").Should().Be(record.Push!.Blobs > 0);
        return writes;
    }

    private static bool IsWrite(string operation) =>
        !_reads.Any(verb => operation.Split(':')[1].StartsWith(verb, StringComparison.Ordinal));
}
