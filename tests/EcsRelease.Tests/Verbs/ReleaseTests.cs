namespace EcsRelease.Tests.Verbs;

/// <summary>The release from end to end, short of MSBuild and of real tasks.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class ReleaseTests
{
    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task A_commit_becomes_one_image_one_revision_and_one_deployment()
    {
        var record = await bed.ReleaseAsync();

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.Image.Should().EndWith($"/orders:{record.Commit}");
        record.Push!.Blobs.Should().BeGreaterThan(0);
        record.Seconds.Keys.Should().Contain(["preflight", "build", "push", "register", "update", "rollout", "total"]);
        record.ServiceDeployment.Should().NotBeNull();
        (await bed.RevisionsAsync()).Should().Equal(record.TaskDefinition);
        (await bed.DeploymentsAsync()).Should().Be(1);
    }

    [Test]
    public async Task The_same_commit_again_is_unchanged()
    {
        var first = await bed.ReleaseAsync();

        var again = await bed.ReleaseAsync();

        again.Outcome.Should().Be(ReleaseOutcome.Unchanged, again.Message);
        again.Push!.Blobs.Should().Be(0);
        again.TaskDefinition.Should().Be(first.TaskDefinition);
        (await bed.DeploymentsAsync()).Should().Be(1);
    }

    [Test]
    public async Task A_new_commit_pushes_its_own_layer_only_and_replaces_the_live_one()
    {
        var first = await bed.ReleaseAsync();
        bed.Commit("second");

        var second = await bed.ReleaseAsync();

        second.Outcome.Should().Be(ReleaseOutcome.Succeeded, second.Message);
        second.Previous.Should().Be(new PreviousRelease(first.Commit, first.TaskDefinition));
        second.Push!.Blobs.Should().Be(2, "the layer of the app and the config");
        second.Push.Bytes.Should().BeLessThan(20_000);
        second.TaskDefinition.Should().NotBe(first.TaskDefinition);
    }

    [Test]
    public async Task An_older_commit_is_refused_unless_it_is_allowed()
    {
        var first = await bed.ReleaseAsync();
        bed.Commit("second");
        await bed.ReleaseAsync();
        bed.Repository.Git("checkout", "--quiet", first.Commit!);

        var refused = await bed.ReleaseAsync();
        var allowed = await bed.ReleaseAsync(new() { AllowOlder = true });

        (refused.Outcome, refused.Code, refused.Commit).Should().Be((ReleaseOutcome.Refused, "ECSR2008", first.Commit));
        allowed.Outcome.Should().Be(ReleaseOutcome.Succeeded, allowed.Message);
        allowed.TaskDefinition.Should().Be(first.TaskDefinition, "the commit has its revision already");
    }

    [Test]
    public async Task A_commit_of_another_branch_names_what_it_takes_back_and_is_refused_on_request()
    {
        var first = await bed.ReleaseAsync();
        bed.Commit("on main");
        var live = await bed.ReleaseAsync();
        bed.Repository.Git("checkout", "--quiet", "-b", "hotfix", first.Commit!);
        bed.Commit("on the branch");

        var refused = await bed.ReleaseAsync(new() { OnDiverged = DivergedPolicy.Refuse });
        var warned = await bed.ReleaseAsync();

        (refused.Outcome, refused.Code).Should().Be((ReleaseOutcome.Refused, "ECSR5230"));
        var names = $"(branch hotfix) lacks 1 commit(s) of the live '{live.Commit![..12]}' (branch main), which this release takes back: {live.Commit[..12]} on main";
        refused.Message.Should().Contain(names).And.Contain($"git merge {live.Commit[..12]}");
        warned.Outcome.Should().Be(ReleaseOutcome.Succeeded, warned.Message);
        warned.Warnings.Should().ContainSingle(warning => warning.Code == "ECSR5173").Which.Message.Should().Contain(names);
    }

    [Test]
    public async Task A_variable_that_is_no_longer_declared_disappears_from_the_next_revision()
    {
        await bed.ReleaseAsync(new() { EnvironmentVariables = [new("LOG_LEVEL", "debug"), new("REGION", "north")] });
        bed.Commit("without the variable");

        var record = await bed.ReleaseAsync(new() { EnvironmentVariables = [new("REGION", "north")] });

        var revision = await bed.RevisionAsync(record.TaskDefinition!);
        var environment = revision["taskDefinition"]!["containerDefinitions"]![0]!["environment"]!.AsArray();
        environment.Select(variable => (string?)variable!["name"]).Should().Equal("REGION");
    }

    [Test]
    public async Task The_same_commit_released_twice_at_once_gives_one_revision_and_the_same_truth()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");

        var both = await Task.WhenAll(bed.ReleaseAsync(), bed.ReleaseAsync());

        both.Should().OnlyContain(record => record.Outcome == ReleaseOutcome.Succeeded || record.Outcome == ReleaseOutcome.Unchanged);
        both[0].TaskDefinition.Should().Be(both[1].TaskDefinition);
        both[0].Digest.Should().Be(both[1].Digest);
        (await bed.RevisionsAsync()).Should().HaveCount(2);
        (await bed.DeploymentsAsync()).Should().Be(2);
    }

    [TestCase("RegisterTaskDefinition")]
    [TestCase("UpdateService")]
    public async Task A_lost_answer_leaves_one_revision_and_one_deployment(string operation)
    {
        await bed.ReleaseAsync();
        bed.Commit("second");
        await bed.FaultAsync(operation, "loseAnswer");

        var record = await bed.ReleaseAsync();

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        (await bed.RevisionsAsync()).Should().HaveCount(2);
        (await bed.DeploymentsAsync()).Should().Be(2);
    }

    [Test]
    public async Task A_push_that_fails_changes_nothing_live_and_the_second_run_mends_it()
    {
        var first = await bed.ReleaseAsync();
        bed.Commit("second");
        // As many as the registry client tries, no more.
        await bed.FaultAsync("PUT manifests", "serverError", times: EcsRelease.Registry.RegistrySettings.Default.Attempts, service: "registry");

        var failed = await bed.ReleaseAsync();
        var again = await bed.ReleaseAsync();

        (failed.Outcome, failed.Code, failed.TaskDefinition).Should().Be((ReleaseOutcome.BuildFailed, "ECSR3005", null));
        again.Outcome.Should().Be(ReleaseOutcome.Succeeded, again.Message);
        again.Previous!.TaskDefinition.Should().Be(first.TaskDefinition);
        (await bed.RevisionsAsync()).Should().HaveCount(2);
    }

    [Test]
    public async Task A_lost_answer_to_CreateService_leaves_one_service()
    {
        await bed.FaultAsync("CreateService", "loseAnswer");

        var record = await bed.ReleaseAsync();

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        (await bed.DeploymentsAsync()).Should().Be(1);
    }

    [Test]
    public async Task Without_the_permission_to_tag_it_releases_without_tags_and_warns_with_the_policy()
    {
        await bed.FaultAsync("TagResource", "accessDenied", times: 100);

        var record = await bed.ReleaseAsync();
        bed.Commit("second");
        var second = await bed.ReleaseAsync();

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.Warnings.Should().ContainSingle(warning => warning.Code == "ECSR4011").Which.Message.Should().Contain("\"Action\":\"ecs:TagResource\"");
        (await bed.RevisionAsync(record.TaskDefinition!))["tags"]!.AsArray().Should().BeEmpty();
        second.Previous!.Commit.Should().Be(record.Commit, "the commit is read from the image's tag");
    }

    [Test]
    public async Task With_tags_required_the_missing_permission_fails_the_release()
    {
        await bed.FaultAsync("TagResource", "accessDenied", times: 100);

        var record = await bed.ReleaseAsync(new() { Tags = TagPolicy.Required });

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.AwsFailed, "ECSR4003"));
        record.Message.Should().Contain("ecs:TagResource");
        (await bed.RevisionsAsync()).Should().BeEmpty();
    }

    [TestCase(StopAfterStep.Push, false, 0)]
    [TestCase(StopAfterStep.Register, true, 0)]
    [TestCase(StopAfterStep.Update, true, 1)]
    public async Task A_release_that_stops_early_hands_on_what_it_made(StopAfterStep step, bool hasRevision, int deployments)
    {
        var record = await bed.ReleaseAsync(new() { StopAfter = step });

        record.Outcome.Should().Be(ReleaseOutcome.HandedOn, record.Message);
        record.Image.Should().EndWith($"/orders:{record.Commit}");
        (record.TaskDefinition is not null).Should().Be(hasRevision);
        var services = await bed.Ecs.DescribeServicesAsync(new() { ["services"] = new System.Text.Json.Nodes.JsonArray("orders") }, CancellationToken.None);
        services["services"]!.AsArray().Should().HaveCount(deployments);
    }

    [Test]
    public async Task A_missing_cluster_is_refused_before_anything_is_pushed()
    {
        var record = await bed.ReleaseAsync(new() { Cluster = "prodution" });

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.Refused, "ECSR4006"));
        record.Message.Should().Contain("'prodution'");
        record.Push.Should().BeNull();
    }

    [Test]
    public async Task A_missing_service_is_refused_when_it_is_not_to_be_created()
    {
        var record = await bed.ReleaseAsync(new() { CreateService = false });

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.Refused, "ECSR4010"));
        record.Message.Should().Contain("'orders'").And.Contain("EcsCreateService");
    }

    [Test]
    public async Task A_missing_repository_is_refused_when_it_is_not_to_be_created()
    {
        var record = await bed.ReleaseAsync(new() { CreateRepository = false });

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.Refused, "ECSR4007"));
        record.Message.Should().Contain("aws ecr create-repository");
    }

    [Test]
    public async Task A_dirty_tree_is_refused_or_released_under_a_name_of_its_own()
    {
        bed.Repository.Write("Orders.cs", "// not committed");

        var refused = await bed.ReleaseAsync();
        var allowed = await bed.ReleaseAsync(new() { AllowDirty = true });

        (refused.Outcome, refused.Code).Should().Be((ReleaseOutcome.Refused, "ECSR2003"));
        allowed.Outcome.Should().Be(ReleaseOutcome.Succeeded, allowed.Message);
        allowed.Tag.Should().MatchRegex($"^{allowed.Commit}-dirty-[0-9a-f]{{12}}$");
    }

    [Test]
    public async Task A_tag_with_an_image_of_other_inputs_is_refused_with_the_difference()
    {
        var first = await bed.ReleaseAsync();

        var refused = await bed.ReleaseAsync(new() { BaseImage = "local" });
        var second = await bed.ReleaseAsync(new() { BaseImage = "local", TagSuffix = "b" });

        (refused.Outcome, refused.Code).Should().Be((ReleaseOutcome.Refused, "ECSR3007"));
        refused.Message.Should().Contain("EcsBaseImage").And.Contain("EcsTagSuffix");
        second.Outcome.Should().Be(ReleaseOutcome.Succeeded, second.Message);
        second.Tag.Should().Be($"{first.Commit}-b");
    }

    [Test]
    public async Task A_moving_tag_follows_the_release()
    {
        var first = await bed.ReleaseAsync(new() { MovingTags = ["latest"] });
        bed.Commit("second");
        var second = await bed.ReleaseAsync(new() { MovingTags = ["latest"] });
        bed.Commit("third");

        var refused = await bed.ReleaseAsync(new() { MovingTags = ["newest"] });

        (first.Outcome, second.Outcome).Should().Be((ReleaseOutcome.Succeeded, ReleaseOutcome.Succeeded), second.Message);
        (refused.Outcome, refused.Code).Should().Be((ReleaseOutcome.Refused, "ECSR3011"));
        refused.Message.Should().Contain("put-image-tag-mutability");
    }

    [Test]
    public async Task A_plan_changes_nothing()
    {
        var record = await bed.ReleaseAsync(new() { DryRun = true });

        record.Outcome.Should().Be(ReleaseOutcome.Planned);
        (await bed.RevisionsAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task Force_begins_a_new_deployment_of_the_same_revision()
    {
        var first = await bed.ReleaseAsync();

        var forced = await bed.ReleaseAsync(new() { Force = true });

        forced.Outcome.Should().Be(ReleaseOutcome.Succeeded, forced.Message);
        forced.TaskDefinition.Should().Be(first.TaskDefinition);
        (await bed.DeploymentsAsync()).Should().Be(2);
    }
}
