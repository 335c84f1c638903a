using System.Text.Json.Nodes;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>The way back to an earlier release, on the local AWS.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class RollbackTests
{
    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync(EngineBed.QuickFailures);

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task Each_rollback_goes_one_good_release_further_and_never_back_to_the_one_that_was_left()
    {
        var first = await bed.GoodAsync("first");
        var second = await bed.GoodAsync("second");
        var buggy = await bed.GoodAsync("buggy");

        var record = await bed.RollbackAsync();
        var again = await bed.RollbackAsync();
        var refused = await bed.RefusedRollbackAsync();

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.Message.Should().Be("rolled back from orders:3 to orders:2");
        (record.TaskDefinition, record.Commit, record.Digest).Should().Be((second.TaskDefinition, second.Commit, second.Digest));
        record.Previous.Should().Be(new PreviousRelease(buggy.Commit, buggy.TaskDefinition));
        record.ServiceDeployment.Should().NotBeNull();
        record.Seconds.Keys.Should().Contain(["rollout", "total"]);
        again.TaskDefinition.Should().Be(first.TaskDefinition);
        (await bed.LiveAsync()).Should().Be(first.TaskDefinition);
        refused.Code.Should().Be("ECSR5210");
        refused.Message.Should().Contain("orders:3 (").And.Contain("'buggy'").And.EndWith("ecs-release rollback --cluster default --service orders REVISION");
    }

    [Test]
    public async Task A_release_after_a_rollback_works_as_ever_and_its_way_back_leaves_out_what_was_taken_back()
    {
        var good = await bed.GoodAsync("good");
        await bed.GoodAsync("buggy");
        await bed.RollbackAsync();

        var fixedOne = await bed.GoodAsync("fixed");
        var back = await bed.RollbackAsync();

        fixedOne.Previous!.TaskDefinition.Should().Be(good.TaskDefinition);
        back.TaskDefinition.Should().Be(good.TaskDefinition);
    }

    [Test]
    public async Task After_a_bad_release_a_commit_names_the_one_to_go_back_to()
    {
        var first = await bed.GoodAsync("first");
        var second = await bed.GoodAsync("second");
        (await bed.ReleaseAsync("bad", isBad: true)).Outcome.Should().Be(ReleaseOutcome.RolledBack);

        var record = await bed.RollbackAsync(first.Commit![..8]);

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.TaskDefinition.Should().Be(first.TaskDefinition);
        record.Previous!.TaskDefinition.Should().Be(second.TaskDefinition);
        var left = $"{second.Commit![..12]} second";
        bed.Reporter.Lines.Should().Contain(line => line.Contains("takes back 1")).And.Contain(line => line.TrimStart() == left);
    }

    [Test]
    public async Task After_two_bad_releases_that_ECS_rolled_back_the_good_one_that_is_live_again_is_left_only_for_one_that_is_named()
    {
        var first = await bed.GoodAsync("first");
        var second = await bed.GoodAsync("second");
        (await bed.ReleaseAsync("bad", isBad: true)).Outcome.Should().Be(ReleaseOutcome.RolledBack);
        var worse = await bed.ReleaseAsync("worse", isBad: true);
        worse.Outcome.Should().Be(ReleaseOutcome.RolledBack);

        var named = await bed.RollbackAsync(second.Commit);
        var refused = await bed.RefusedRollbackAsync();
        var record = await bed.RollbackAsync(refused.Message.Split(' ')[^1]);
        var bad = await bed.RollbackAsync(worse.Commit);

        named.Outcome.Should().Be(ReleaseOutcome.Unchanged, "it is live again since ECS rolled both back");
        refused.Code.Should().Be("ECSR5204");
        refused.Message.Should().ContainAll("orders:4 (", "'worse'", "rolled back", "orders:2 (", "'second'", "succeeded").And.EndWith("ecs-release rollback --cluster default --service orders orders:1");
        record.TaskDefinition.Should().Be(first.TaskDefinition, record.Message);
        (bad.Outcome, bad.Code).Should().Be((ReleaseOutcome.RolledBack, "ECSR5001"), bad.Message);
        bad.Warnings.Should().Contain(warning => warning.Code == "ECSR5221" && warning.Message.Contains("rolled back"));
        bad.Evidence.Should().NotBeNull();
        (await bed.LiveAsync()).Should().Be(first.TaskDefinition);
    }

    [Test]
    public async Task Two_bad_releases_that_nobody_rolled_back_are_left_for_the_last_good_one()
    {
        var options = new ReleaseOptions { CircuitBreaker = CircuitBreakerPolicy.On };
        var good = await bed.ReleaseAsync("good", isBad: false, options);
        (await bed.ReleaseAsync("bad", isBad: true)).Outcome.Should().Be(ReleaseOutcome.Failed);
        (await bed.ReleaseAsync("worse", isBad: true)).Outcome.Should().Be(ReleaseOutcome.Failed);

        var record = await bed.RollbackAsync();

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.TaskDefinition.Should().Be(good.TaskDefinition);
    }

    [Test]
    public async Task A_pruned_image_is_refused_before_anything_changes_and_the_command_that_is_named_brings_it_back()
    {
        var good = await bed.GoodAsync("good");
        await bed.GoodAsync("buggy");
        await bed.PruneImageAsync(good.Digest!);
        bed.Calls.Clear();

        var error = await bed.RefusedRollbackAsync();
        var writes = bed.Calls.Select(call => call.Operation).Where(operation => operation is "ecs:UpdateService" or "ecs:RegisterTaskDefinition" or "ecs:StopServiceDeployment");

        (error.Code, error.Outcome.ExitCode()).Should().Be(("ECSR5217", 3));
        error.Message.Should().Contain(good.Image).And.Contain($"git switch --detach {good.Commit![..12]} && ecs-release deploy --allow-older --cluster default --service orders");
        writes.Should().BeEmpty();
        bed.Repository.Git("switch", "--quiet", "--detach", good.Commit[..12]);
        var again = await bed.ReleaseAsync(new() { AllowOlder = true, Container = "orders" });
        again.Outcome.Should().Be(ReleaseOutcome.Succeeded, again.Message);
        (again.Digest, again.TaskDefinition).Should().Be((good.Digest, good.TaskDefinition));
    }

    [Test]
    public async Task An_update_whose_answer_is_lost_ends_in_one_deployment()
    {
        var good = await bed.GoodAsync("good");
        await bed.GoodAsync("buggy");
        await bed.FaultAsync("UpdateService", "loseAnswer");

        var record = await bed.RollbackAsync();

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.TaskDefinition.Should().Be(good.TaskDefinition);
        (await bed.DeploymentsAsync()).Should().Be(3);
    }

    [TestCase(null)]
    [TestCase("HEAD~1")]
    public async Task What_became_live_after_the_look_is_not_gone_over(string? wanted)
    {
        await bed.GoodAsync("good");
        await bed.GoodAsync("buggy");
        var theirs = "";
        bed.Reporter.OnLine = line =>
        {
            if (theirs.Length == 0 && line.StartsWith("Rollback of", StringComparison.Ordinal))
                theirs = bed.EditByHandAsync("FIX").GetAwaiter().GetResult();
        };

        var error = (await FluentActions.Awaiting(() => bed.RollbackAsync(wanted)).Should().ThrowAsync<EcsReleaseException>()).Which;

        (error.Code, error.Outcome).Should().Be(("ECSR5110", ReleaseOutcome.Refused));
        error.Message.Should().Contain(theirs);
        (await bed.LiveAsync()).Should().Be(theirs);
    }

    [Test]
    public async Task A_service_that_a_stack_owns_is_refused_when_so_asked_and_else_warned_of()
    {
        var good = await bed.GoodAsync("good");
        await bed.GoodAsync("buggy");
        await bed.Client(EcsRelease.Aws.AwsService.Ecs).CallAsync("TagResource", new()
        {
            ["resourceArn"] = good.TaskDefinition!.Split(":task-definition/")[0] + ":service/default/orders",
            ["tags"] = new JsonArray(new JsonObject { ["key"] = "managed-by", ["value"] = "terraform" }),
        }, CancellationToken.None);

        var error = await bed.RefusedRollbackAsync(options: new() { Owned = OwnedPolicy.Refuse });
        var record = await bed.RollbackAsync();

        error.Code.Should().Be("ECSR5106");
        record.Owner.Should().Be("Terraform");
        record.Warnings.Should().Contain(warning => warning.Code == "ECSR5107");
    }

    [Test]
    public async Task Without_waiting_it_is_started_and_the_command_that_follows_it_is_told()
    {
        var good = await bed.GoodAsync("good");
        await bed.GoodAsync("buggy");

        var record = await bed.RollbackAsync(options: new() { Wait = false });

        record.Outcome.Should().Be(ReleaseOutcome.Started);
        record.TaskDefinition.Should().Be(good.TaskDefinition);
        record.ServiceDeployment.Should().NotBeNull();
        record.Message.Should().Be("Follow it: ecs-release wait --cluster default --service orders");
    }

    [Test]
    public async Task A_look_changes_nothing_and_tells_where_it_would_go()
    {
        var good = await bed.GoodAsync("good");
        var buggy = await bed.GoodAsync("buggy");
        bed.Calls.Clear();

        var plan = await bed.Rollback(null).PlanAsync(CancellationToken.None);

        (plan.Outcome, plan.Action).Should().Be(("planned", "update"));
        plan.From.Should().BeEquivalentTo(new { buggy.TaskDefinition, buggy.Commit, Subject = "buggy", End = "succeeded" });
        plan.To.Should().BeEquivalentTo(new { good.TaskDefinition, good.Commit, good.Digest, Subject = "good", End = "succeeded" });
        plan.TakenBack.Select(commit => commit.Subject).Should().Equal("buggy");
        plan.CommitsUnknown.Should().BeNull();
        bed.Calls.Select(call => call.Operation).Should().OnlyContain(operation =>
            operation.Contains(":Describe") || operation.Contains(":List") || operation.Contains(":Get") || operation.Contains(":BatchGet"));
    }

    [Test]
    public async Task Who_does_not_agree_ends_it_before_anything_changes_and_is_not_asked_when_there_is_nothing_to_do()
    {
        await bed.GoodAsync("good");
        var live = await bed.GoodAsync("buggy");
        var asked = new List<string>();

        var error = (await FluentActions.Awaiting(() => RunAsync(null)).Should().ThrowAsync<EcsReleaseException>()).Which;
        var unchanged = await RunAsync(live.Commit);

        error.Message.Should().Be("no");
        asked.Should().ContainSingle().Which.Should().Match("Roll 'orders' in cluster 'default' (000000000000/us-east-1) back from orders:2 (*) to orders:1 (*)");
        unchanged.Outcome.Should().Be(ReleaseOutcome.Unchanged);
        (await bed.LiveAsync()).Should().Be(live.TaskDefinition);

        Task<ReleaseRecord> RunAsync(string? wanted) => new Rollback(new(), "orders", wanted, bed.Target(), bed.Reporter, TimeProvider.System)
        {
            Confirm = (plan, _) =>
            {
                asked.Add(RollbackText.Summary(plan));
                throw new EcsReleaseException("ECSR5225", ReleaseOutcome.Refused, "no");
            },
        }.RunAsync(CancellationToken.None);
    }

    [Test]
    public async Task Beyond_what_ECS_keeps_of_deployments_nothing_is_guessed()
    {
        await bed.GoodAsync("good");
        await bed.GoodAsync("buggy");
        await bed.RollbackAsync();

        var error = (await FluentActions.Awaiting(() => new Rollback(new(), "orders", null, bed.Target(), bed.Reporter, new Later()) { Directory = bed.Repository.Root }
            .PlanAsync(CancellationToken.None)).Should().ThrowAsync<EcsReleaseException>()).Which;

        error.Code.Should().Be("ECSR5210");
        error.Message.Should().Contain("ECS keeps service deployments for 90 days").And.Contain("orders:2 (");
    }

    [Test]
    public async Task A_tag_that_was_moved_since_is_refused()
    {
        var latest = new ReleaseOptions { MovingTags = ["latest"] };
        var first = await bed.ReleaseAsync("first", isBad: false, latest);
        var copy = (await bed.RevisionAsync(first.TaskDefinition!))["taskDefinition"]!["containerDefinitions"]!.DeepClone();
        copy[0]!["image"] = first.Image!.Replace($":{first.Commit}", ":latest", StringComparison.Ordinal);
        var byHand = (string)(await bed.Ecs.RegisterTaskDefinitionAsync(new()
        {
            ["family"] = "orders", ["networkMode"] = "awsvpc", ["requiresCompatibilities"] = new JsonArray("FARGATE"), ["cpu"] = "256", ["memory"] = "512",
            ["executionRoleArn"] = "arn:aws:iam::000000000000:role/exec", ["containerDefinitions"] = copy,
        }, CancellationToken.None))["taskDefinition"]!["taskDefinitionArn"]!;
        await bed.Ecs.UpdateServiceAsync(new() { ["service"] = "orders", ["taskDefinition"] = byHand }, CancellationToken.None);
        await bed.SettledAsync(byHand);
        (await bed.ReleaseAsync("second", isBad: false, latest)).Outcome.Should().Be(ReleaseOutcome.Succeeded);

        var error = await bed.RefusedRollbackAsync();

        error.Code.Should().Be("ECSR5218");
        error.Message.Should().Contain(first.Digest);
    }

    [Test]
    public async Task An_image_that_may_not_be_looked_for_is_a_warning()
    {
        await bed.GoodAsync("good");
        await bed.GoodAsync("buggy");
        await bed.FaultAsync("BatchGetImage", "accessDenied", service: "ecr");

        var record = await bed.RollbackAsync();

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.Warnings.Should().Contain(warning => warning.Code == "ECSR5222" && warning.Message.Contains("ecr:BatchGetImage is denied"));
    }

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(100);
    }
}
