using System.Text.Json.Nodes;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>The live revision was made by hand: shown, and kept or overwritten by choice, wherever definitions come from.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class HandMadeTests
{
    private static readonly ReleaseOptions Live = new() { TaskDefinition = "live" };

    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [TestCase(true)]
    [TestCase(false)]
    public async Task From_the_live_definition_it_is_kept_and_shown_with_what_differs(bool withTags)
    {
        await bed.ReleaseAsync();
        await bed.EditByHandAsync("BY_HAND", withTags);
        bed.Commit("second");

        var record = await bed.ReleaseAsync(Live);

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        var warning = record.Warnings.Should().ContainSingle(each => each.Code == "ECSR5227").Which.Message;
        warning.Should().Contain("'orders:2'").And.Contain("'orders:1'").And.Contain("environment BY_HAND: (absent) → (hidden)").And.Contain("--overwrite-drift");
        (await VariablesAsync(record.TaskDefinition!)).Should().Contain("BY_HAND");
        bed.Commit("third");
        (await bed.ReleaseAsync(Live)).Warnings.Should().NotContain(each => each.Code == "ECSR5227", "it belongs to a release now");
    }

    [Test]
    public async Task From_the_live_definition_it_is_left_for_the_last_release_on_request()
    {
        await bed.ReleaseAsync(new() { EnvironmentVariables = [new("LOG_LEVEL", "info")] });
        await bed.EditByHandAsync("BY_HAND");
        bed.Commit("second");

        var record = await bed.ReleaseAsync(Live with { OverwriteDrift = true, EnvironmentVariables = [new("LOG_LEVEL", "info")] });

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.Warnings.Should().ContainSingle(each => each.Code == "ECSR5229").Which.Message.Should().Contain("environment BY_HAND");
        (await VariablesAsync(record.TaskDefinition!)).Should().Equal("LOG_LEVEL");
    }

    [Test]
    public async Task A_file_that_would_undo_it_is_refused_unless_it_is_to_be_overwritten()
    {
        var file = await FileAsync();
        await bed.EditByHandAsync("BY_HAND");
        bed.Commit("second");

        var refused = await bed.ReleaseAsync(file);
        var revisions = (await bed.RevisionsAsync()).Count;
        var overwritten = await bed.ReleaseAsync(file with { OverwriteDrift = true });

        (refused.Outcome, refused.Code).Should().Be((ReleaseOutcome.Refused, "ECSR5228"));
        refused.Message.Should().Contain("'orders:3'").And.Contain("orders.json would undo it").And.Contain("environment BY_HAND").And.Contain("--overwrite-drift");
        revisions.Should().Be(3);
        overwritten.Outcome.Should().Be(ReleaseOutcome.Succeeded, overwritten.Message);
        overwritten.Warnings.Should().Contain(each => each.Code == "ECSR5229");
        (await VariablesAsync(overwritten.TaskDefinition!)).Should().BeEmpty();
    }

    [Test]
    public async Task A_file_that_holds_the_change_is_released_as_it_is()
    {
        var file = await FileAsync();
        await bed.EditByHandAsync("BY_HAND");
        await WriteFileAsync(definition => definition["containerDefinitions"]![0]!["environment"] = new JsonArray(new JsonObject { ["name"] = "BY_HAND", ["value"] = "1" }));
        bed.Commit("second");

        var record = await bed.ReleaseAsync(file);

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.Warnings.Should().NotContain(each => each.Code.StartsWith("ECSR522", StringComparison.Ordinal));
    }

    [Test]
    public async Task From_properties_it_is_refused_unless_it_is_to_be_overwritten()
    {
        await bed.ReleaseAsync();
        await bed.EditByHandAsync("BY_HAND");
        bed.Commit("second");

        var refused = await bed.ReleaseAsync();
        var overwritten = await bed.ReleaseAsync(new() { OverwriteDrift = true });

        (refused.Outcome, refused.Code).Should().Be((ReleaseOutcome.Refused, "ECSR5103"));
        overwritten.Outcome.Should().Be(ReleaseOutcome.Succeeded, overwritten.Message);
        overwritten.Warnings.Should().Contain(each => each.Code == "ECSR5229");
        (await VariablesAsync(overwritten.TaskDefinition!)).Should().BeEmpty();
    }

    [Test]
    public async Task Another_image_under_the_tags_of_a_release_is_made_by_hand()
    {
        await bed.ReleaseAsync();
        await bed.ChangeByHandAsync(definition =>
        {
            var container = definition["containerDefinitions"]![0]!;
            container["image"] = $"{((string)container["image"]!).Split(':')[0]}:{new string('a', 40)}";
        });
        bed.Commit("second");

        var plan = await bed.PlanAsync(Live);

        plan.Warnings.Should().ContainSingle(each => each.Code == "ECSR5227").Which.Message.Should().Contain("image: ").And.Contain(new string('a', 40));
        plan.Access.Dispose();
    }

    [Test]
    public async Task A_rollback_to_a_revision_of_a_release_is_nothing_made_by_hand()
    {
        var first = await bed.ReleaseAsync();
        bed.Commit("second");
        await bed.ReleaseAsync();
        await bed.Ecs.UpdateServiceAsync(new() { ["service"] = "orders", ["taskDefinition"] = first.TaskDefinition }, CancellationToken.None);
        bed.Commit("third");

        var plan = await bed.PlanAsync(Live);

        plan.Drift.Should().BeNull();
        plan.Access.Dispose();
    }

    [Test]
    public async Task The_plan_names_it_for_machines()
    {
        var first = await bed.ReleaseAsync();
        var theirs = await bed.EditByHandAsync("BY_HAND");
        bed.Commit("second");

        var plan = await bed.PlanAsync(Live);

        var drift = JsonNode.Parse(PlanDocument.ToJson(plan))!["drift"]!;
        ((string?)drift["taskDefinition"], (string?)drift["release"]).Should().Be((theirs, first.TaskDefinition));
        drift["differences"]!.AsArray().Select(each => (string?)each!["member"]).Should().Contain("environment BY_HAND");
        drift.ToJsonString().Should().NotContain("\"1\"", "what somebody set by hand may be a secret");
        plan.Access.Dispose();
    }

    // A release from properties, whose definition goes on as a file.
    private async Task<ReleaseOptions> FileAsync()
    {
        var first = await bed.ReleaseAsync();
        var definition = (JsonObject)(await bed.RevisionAsync(first.TaskDefinition!))["taskDefinition"]!.DeepClone();
        definition = EcsRelease.TaskDefinitions.RevisionJson.Registrable(definition);
        ((JsonObject)definition["containerDefinitions"]![0]!).Remove("dockerLabels");
        definition["cpu"] = "512";
        definition["memory"] = "1024";
        bed.Repository.Write("orders.json", definition.ToJsonString());
        bed.Commit("the definition is a file now");
        var options = new ReleaseOptions { TaskDefinition = "file:orders.json" };
        (await bed.ReleaseAsync(options)).Outcome.Should().Be(ReleaseOutcome.Succeeded);
        return options;
    }

    private async Task WriteFileAsync(Action<JsonNode> change)
    {
        var path = Path.Combine(bed.Repository.Root, "orders.json");
        var definition = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        change(definition);
        bed.Repository.Write("orders.json", definition.ToJsonString());
    }

    private async Task<IEnumerable<string?>> VariablesAsync(string revision) =>
        ((await bed.RevisionAsync(revision))["taskDefinition"]!["containerDefinitions"]![0]!["environment"] as JsonArray ?? []).Select(variable => (string?)variable!["name"]);
}
