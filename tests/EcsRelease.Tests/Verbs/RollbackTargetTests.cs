using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Tests.Verbs;

/// <summary>How a release is named on the way back. Releases: first, second, third; nothing here changes the service.</summary>
[TestFixture]
public sealed class RollbackTargetTests
{
    private EngineBed bed = null!;
    private ReleaseRecord first = null!;
    private ReleaseRecord second = null!;
    private ReleaseRecord third = null!;

    [OneTimeSetUp]
    public async Task SetUp()
    {
        bed = await EngineBed.StartAsync();
        first = await bed.GoodAsync("first");
        second = await bed.GoodAsync("second");
        bed.Repository.Git("tag", "v2");
        bed.Commit("between");
        third = await bed.GoodAsync("third");
    }

    [OneTimeTearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task A_commit_is_named_by_its_digits_a_tag_or_a_way_from_HEAD()
    {
        foreach (var name in new[] { second.Commit!, second.Commit![..7].ToUpperInvariant(), "v2", "HEAD~2", second.Commit + "^0" })
            (await bed.Rollback(name).PlanAsync(CancellationToken.None)).To!.TaskDefinition.Should().Be(second.TaskDefinition, name);
    }

    [Test]
    public async Task A_revision_is_named_by_number_name_or_ARN()
    {
        foreach (var name in new[] { "2", "orders:2", second.TaskDefinition! })
            (await bed.Rollback(name).PlanAsync(CancellationToken.None)).To!.Commit.Should().Be(second.Commit, name);
    }

    [Test]
    public async Task An_image_is_named_by_its_digest_or_the_start_of_it()
    {
        foreach (var name in new[] { second.Digest!, second.Digest![..15] })
            (await bed.Rollback(name).PlanAsync(CancellationToken.None)).To!.TaskDefinition.Should().Be(second.TaskDefinition, name);
    }

    [Test]
    public async Task What_is_live_already_is_unchanged()
    {
        var record = await bed.RollbackAsync(third.Commit);

        record.Outcome.Should().Be(ReleaseOutcome.Unchanged, record.Message);
        (await bed.LiveAsync()).Should().Be(third.TaskDefinition);
    }

    [TestCase("HEAD~1", "ECSR5212", "'HEAD~1' (", "'between'", "ecs-release history --cluster default --service orders", "git switch --detach ")]
    [TestCase("99", "ECSR5216", "'orders:99'")]
    [TestCase("nobody:1", "ECSR5216", "'nobody:1'")]
    [TestCase("sha256:00000000", "ECSR5213", "'sha256:00000000'")]
    [TestCase("0000000", "ECSR5213", "'0000000'")]
    [TestCase("no-such-branch", "ECSR5214", "'no-such-branch'")]
    [TestCase("--upload-pack=x", "ECSR5214", "'--upload-pack=x'")]
    public async Task What_names_no_release_is_refused_and_quoted(string wanted, string code, params string[] parts)
    {
        var error = await bed.RefusedRollbackAsync(wanted);

        error.Code.Should().Be(code);
        error.Message.Should().ContainAll(parts);
    }

    [Test]
    public async Task A_revision_that_is_not_active_is_refused_with_the_commit_to_release_again()
    {
        var made = await bed.RevisionAsync(first.TaskDefinition!);
        var copy = new JsonObject { ["family"] = "orders", ["cpu"] = "256", ["memory"] = "512", ["containerDefinitions"] = made["taskDefinition"]!["containerDefinitions"]!.DeepClone() };
        var arn = (string)(await bed.Ecs.RegisterTaskDefinitionAsync(copy, CancellationToken.None))["taskDefinition"]!["taskDefinitionArn"]!;
        await bed.Ecs.DeregisterTaskDefinitionAsync(new() { ["taskDefinition"] = arn }, CancellationToken.None);

        var error = await bed.RefusedRollbackAsync(arn);

        error.Code.Should().Be("ECSR5215");
        error.Message.Should().Contain("INACTIVE").And.Contain($"git switch --detach {first.Commit![..12]}");
    }

    [Test]
    public async Task A_revision_of_another_family_is_warned_of_and_so_is_one_made_by_hand()
    {
        var arn = (string)(await bed.Ecs.RegisterTaskDefinitionAsync(new()
        {
            ["family"] = "other",
            ["containerDefinitions"] = new JsonArray(new JsonObject { ["name"] = "web", ["image"] = "docker.io/library/nginx:1", ["memory"] = 64 }),
        }, CancellationToken.None))["taskDefinition"]!["taskDefinitionArn"]!;

        var plan = await bed.Rollback(arn).PlanAsync(CancellationToken.None);

        plan.Warnings.Select(warning => warning.Code).Should().BeEquivalentTo("ECSR5220", "ECSR5222", "ECSR5224");
        plan.Differences.Should().NotBeEmpty();
    }

    [Test]
    public async Task Of_several_revisions_of_a_commit_the_newest_that_ended_well_is_taken_and_said()
    {
        bed.Repository.Git("switch", "--quiet", "--detach", second.Commit!);
        var debug = await bed.ReleaseAsync(new() { Container = "orders", AllowOlder = true, EnvironmentVariables = [new("LOG_LEVEL", "debug")] });
        debug.Outcome.Should().Be(ReleaseOutcome.Succeeded, debug.Message);
        bed.Repository.Git("switch", "--quiet", "main");
        (await bed.RollbackAsync(third.Commit)).Outcome.Should().Be(ReleaseOutcome.Succeeded);

        var plan = await bed.Rollback(second.Commit).PlanAsync(CancellationToken.None);

        plan.To!.TaskDefinition.Should().Be(debug.TaskDefinition);
        bed.Reporter.Lines.Should().Contain(line => line.Contains("has 2 revisions") && line.EndsWith("is the newest that ended well", StringComparison.Ordinal));
    }
}
