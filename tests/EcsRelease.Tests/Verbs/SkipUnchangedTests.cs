using System.Text.Json.Nodes;

namespace EcsRelease.Tests.Verbs;

/// <summary>EcsSkipUnchanged: a commit that changes nothing of a service leaves it alone, and whatever differs is released.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class SkipUnchangedTests
{
    private static readonly ReleaseOptions Skip = new() { SkipUnchanged = true };

    private EngineBed bed = null!;
    private ReleaseRecord live = null!;

    [SetUp]
    public async Task SetUp()
    {
        bed = await EngineBed.StartAsync();
        live = await bed.ReleaseAsync(Skip);
        live.Outcome.Should().Be(ReleaseOutcome.Succeeded, live.Message);
    }

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task A_commit_that_changes_another_service_leaves_this_one_alone()
    {
        var commit = CommitElsewhere();
        bed.Calls.Clear();

        var record = await bed.ReleaseAsync(Skip);

        (record.Outcome, record.Outcome.ExitCode()).Should().Be((ReleaseOutcome.Unchanged, 0), record.Message);
        (record.Skipped, record.Commit, record.TaskDefinition, record.Digest, record.Image).Should().Be((commit, live.Commit, live.TaskDefinition, live.Digest, live.Image));
        record.ServiceDeployment.Should().Be(live.ServiceDeployment);
        (record.Push!.Blobs, record.Push.Bytes).Should().Be((0, 0));
        record.Message.Should().Contain(commit).And.Contain($"{live.Commit} stays live");
        bed.Calls.Select(call => call.Operation).Should().NotContain(["ecs:RegisterTaskDefinition", "ecs:UpdateService"]);
        (await ImagesAsync()).Should().ContainSingle();
        (await bed.DeploymentsAsync()).Should().Be(1);
    }

    [Test]
    public async Task Without_the_option_it_is_released()
    {
        CommitElsewhere();

        var record = await bed.ReleaseAsync();

        (record.Outcome, record.Skipped).Should().Be((ReleaseOutcome.Succeeded, null), record.Message);
    }

    [Test]
    public async Task A_file_that_differs_is_released()
    {
        bed.Commit("other content");

        await ReleasedAsync(Skip);
    }

    [Test]
    public async Task A_file_that_came_back_to_what_is_live_is_left_alone()
    {
        bed.Commit("other content");
        bed.Commit("first");

        (await bed.ReleaseAsync(Skip)).Outcome.Should().Be(ReleaseOutcome.Unchanged);
    }

    [Test]
    public async Task An_image_with_other_settings_is_released()
    {
        var usual = bed.Container;
        foreach (var image in new[]
        {
            usual with { EnvironmentVariables = [new("DOTNET_gcServer", "1")] },
            usual with { Labels = [new("team", "shop")] },
            usual with { Entrypoint = ["/app/other"] },
            usual with { WorkingDirectory = "/srv/" },
            usual with { User = "1000" },
            usual with { Ports = [new("9090", "tcp")] },
            usual with { ImageFormat = "Docker" },
        })
        {
            CommitElsewhere();
            bed.Container = image;
            await ReleasedAsync(Skip);
        }
    }

    [Test]
    public async Task Another_task_definition_is_released()
    {
        foreach (var options in new[]
        {
            Skip with { EnvironmentVariables = [new("LOG_LEVEL", "debug")] },
            Skip with { Cpu = "512", Memory = "1024" },
            Skip with { TaskRole = "orders" },
            Skip with { Ports = [new("8081", "")] },
            Skip with { Ports = [new("8081", "")], Force = true },
            Skip with { TaskFamily = "orders-web" },
        })
        {
            CommitElsewhere();
            await ReleasedAsync(options);
        }
    }

    [Test]
    public async Task A_variable_that_is_declared_from_now_on_is_released_although_it_was_there()
    {
        bed.Commit("two variables");
        await ReleasedAsync(Skip with { EnvironmentVariables = [new("LOG_LEVEL", "debug"), new("REGION", "north")] });
        CommitElsewhere();

        // The live definition keeps REGION, but the next release would take it away.
        await ReleasedAsync(Skip with { TaskDefinition = "live", EnvironmentVariables = [new("LOG_LEVEL", "debug")] });
    }

    [Test]
    public async Task A_definition_that_names_the_commit_is_released()
    {
        var definition = EcsRelease.TaskDefinitions.RevisionJson.Registrable((JsonObject)(await bed.RevisionAsync(live.TaskDefinition!))["taskDefinition"]!);
        definition["containerDefinitions"]![0]!["environment"] = new JsonArray(new JsonObject { ["name"] = "COMMIT", ["value"] = "${commit}" });
        bed.Repository.Write("orders.json", definition.ToJsonString());
        bed.Repository.Commit("the definition is a file now");
        var file = Skip with { TaskDefinition = "file:orders.json" };
        await ReleasedAsync(file);
        CommitElsewhere();

        await ReleasedAsync(file);
    }

    [Test]
    public async Task A_live_revision_that_was_made_by_hand_is_released_over()
    {
        await bed.EditByHandAsync("BY_HAND");
        CommitElsewhere();

        await ReleasedAsync(Skip with { TaskDefinition = "live" });
    }

    [Test]
    public async Task Fewer_tasks_than_are_wanted_are_watched_and_nothing_is_registered()
    {
        await bed.Ecs.UpdateServiceAsync(new() { ["service"] = "orders", ["desiredCount"] = 3 }, CancellationToken.None);
        CommitElsewhere();
        bed.Calls.Clear();

        var record = await bed.ReleaseAsync(Skip);

        record.Outcome.Should().BeOneOf([ReleaseOutcome.Unchanged, ReleaseOutcome.Succeeded], record.Message);
        (record.Commit, record.TaskDefinition).Should().Be((live.Commit, live.TaskDefinition));
        bed.Calls.Select(call => call.Operation).Should().NotContain(["ecs:RegisterTaskDefinition", "ecs:UpdateService"]);
    }

    [Test]
    public async Task A_service_that_the_image_cannot_be_read_of_is_released()
    {
        CommitElsewhere();
        // The plan looks for the image first.
        var record = await bed.ReleaseAsync(Skip, () => bed.FaultAsync("GetAuthorizationToken", "accessDenied", service: "ecr"));

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        bed.Reporter.Lines.Should().Contain(line => line.StartsWith("Whether anything changed could not be read", StringComparison.Ordinal));
    }

    [Test]
    public async Task An_image_that_is_there_already_is_compared_as_well()
    {
        CommitElsewhere();
        await bed.ReleaseAsync(new() { StopAfter = StopAfterStep.Push });

        var record = await bed.ReleaseAsync(Skip);

        (record.Outcome, record.Digest).Should().Be((ReleaseOutcome.Unchanged, live.Digest), record.Message);
    }

    [Test]
    public async Task The_plan_says_that_it_is_looked_at()
    {
        CommitElsewhere();

        var plan = await bed.PlanAsync(Skip);

        plan.Actions.Should().Contain(line => line.Contains("(EcsSkipUnchanged)"));
        plan.Calls.Should().Contain(call => call.Operation == "ecs:DescribeServiceRevisions");
        plan.Access.Dispose();
    }

    private string CommitElsewhere()
    {
        bed.Repository.Write("Billing.cs", Guid.NewGuid().ToString());
        return bed.Repository.Commit("another service");
    }

    private async Task ReleasedAsync(ReleaseOptions options)
    {
        var before = (await bed.RevisionsAsync()).Count;
        var record = await bed.ReleaseAsync(options);
        (record.Outcome, record.Skipped).Should().Be((ReleaseOutcome.Succeeded, null), record.Message);
        if (options.TaskFamily is null)
            (await bed.RevisionsAsync()).Should().HaveCount(before + 1);
    }

    private async Task<IEnumerable<string?>> ImagesAsync()
    {
        var listed = await bed.Client(EcsRelease.Aws.AwsService.Ecr).CallAsync("DescribeImages", new() { ["repositoryName"] = "orders" }, CancellationToken.None);
        return listed["imageDetails"]!.AsArray().Select(image => (string?)image!["imageDigest"]);
    }
}
