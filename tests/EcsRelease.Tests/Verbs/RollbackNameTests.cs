using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Tests.Verbs;

/// <summary>Names of releases that need a second look: unclear ones, tags that are more than a commit, tags that move.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class RollbackNameTests
{
    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task Digits_of_two_commits_are_refused_with_both_and_one_more_digit_is_enough()
    {
        await bed.GoodAsync("first");
        var (one, other) = (await DeployAsync("abcd1" + new string('0', 35)), await DeployAsync("abcd2" + new string('0', 35)));
        var live = await bed.GoodAsync("last");

        var error = await bed.RefusedRollbackAsync("abcd");
        var clear = await bed.Rollback("abcd1").PlanAsync(CancellationToken.None);

        (error.Code, error.Outcome).Should().Be(("ECSR5211", ReleaseOutcome.Refused));
        error.Message.Should().StartWith("'abcd' is no single commit of 'orders'").And.ContainAll(Name(one) + " (abcd10000000", Name(other) + " (abcd20000000", "ecs-release rollback --cluster default --service orders REVISION");
        clear.To!.TaskDefinition.Should().Be(one);
        (await bed.LiveAsync()).Should().Be(live.TaskDefinition);
    }

    [Test]
    public async Task An_image_with_a_tag_suffix_is_named_by_its_commit_and_by_its_tag()
    {
        var suffixed = await bed.ReleaseAsync("suffixed", isBad: false, new() { TagSuffix = "arm" });
        await bed.GoodAsync("last");

        foreach (var name in new[] { suffixed.Commit!, suffixed.Commit![..8], suffixed.Tag! })
            (await bed.Rollback(name).PlanAsync(CancellationToken.None)).To!.TaskDefinition.Should().Be(suffixed.TaskDefinition, name);
        suffixed.Tag.Should().Be(suffixed.Commit + "-arm");
    }

    [Test]
    public async Task A_release_of_a_dirty_tree_is_named_by_its_tag_and_its_pruned_image_comes_back_from_no_commit()
    {
        await bed.GoodAsync("first");
        bed.Repository.Write("Orders.cs", "// not committed");
        var dirty = await bed.ReleaseAsync(new() { AllowDirty = true, Container = "orders" });
        dirty.Outcome.Should().Be(ReleaseOutcome.Succeeded, dirty.Message);
        await bed.GoodAsync("last");

        var plan = await bed.Rollback(dirty.Tag).PlanAsync(CancellationToken.None);
        await bed.PruneImageAsync(dirty.Digest!);
        var error = await bed.RefusedRollbackAsync(dirty.Tag);

        dirty.Tag.Should().Contain("-dirty-");
        plan.To!.TaskDefinition.Should().Be(dirty.TaskDefinition);
        error.Code.Should().Be("ECSR5217");
        error.Message.Should().NotContain("git switch").And.Contain("ecs-release history --cluster default --service orders");
    }

    [Test]
    public async Task A_tag_that_is_moved_after_the_look_is_told_of_what_runs_then()
    {
        var first = await bed.ReleaseAsync("first", isBad: false, new() { MovingTags = ["latest"] });
        var byTag = await bed.ChangeByHandAsync(definition => definition["containerDefinitions"]![0]!["image"] = first.Image!.Replace($":{first.Commit}", ":latest", StringComparison.Ordinal));
        await bed.SettledAsync(byTag);
        var last = await bed.GoodAsync("last");
        bed.Reporter.OnLine = line =>
        {
            if (line.StartsWith("Rollback of", StringComparison.Ordinal))
                MoveAsync("latest", last.Digest!).GetAwaiter().GetResult();
        };

        var record = await bed.RollbackAsync(Name(byTag));

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.Digest.Should().Be(last.Digest);
        record.Warnings.Should().ContainSingle(warning => warning.Code == "ECSR5223").Which.Message.Should().ContainAll(first.Digest, last.Digest);
    }

    private async Task<string> DeployAsync(string commit)
    {
        var arn = await bed.ChangeByHandAsync(definition => definition["tags"] = new JsonArray(new JsonObject { ["key"] = "ecs-release:commit", ["value"] = commit }), withTags: false);
        await bed.SettledAsync(arn);
        return arn;
    }

    private async Task MoveAsync(string tag, string digest)
    {
        var ecr = bed.Client(AwsService.Ecr);
        var found = await ecr.CallAsync("BatchGetImage", new() { ["repositoryName"] = "orders", ["imageIds"] = new JsonArray(new JsonObject { ["imageDigest"] = digest }) }, CancellationToken.None);
        await ecr.CallAsync("PutImage", new() { ["repositoryName"] = "orders", ["imageManifest"] = (string?)found["images"]![0]!["imageManifest"], ["imageTag"] = tag }, CancellationToken.None);
    }

    private static string Name(string arn) => arn.Split('/')[^1];
}
