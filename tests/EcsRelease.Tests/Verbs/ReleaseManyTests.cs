using System.Text.Json.Nodes;

namespace EcsRelease.Tests.Verbs;

/// <summary>Several services of one image in one run, against a local AWS.</summary>
public sealed class ReleaseManyTests
{
    // Each of its tasks ends before it counts as healthy.
    private static readonly ReleaseOptions _bad = new() { Service = "bad", Command = ["sh", "-c", "echo no database; exit 134"] };

    [Test]
    public async Task Services_of_one_project_get_one_image_that_is_built_and_pushed_once()
    {
        await using var bed = await EngineBed.StartAsync();

        var records = await bed.ReleaseManyAsync([Of("web"), Of("worker") with { Command = ["worker", "--fast"], Cpu = "512", Memory = "1024" }]);

        records.Select(record => (record.Service, record.Outcome)).Should().Equal(("web", ReleaseOutcome.Succeeded), ("worker", ReleaseOutcome.Succeeded));
        records.Select(record => record.Digest).Distinct().Should().ContainSingle();
        records.Select(record => record.Push!.Builder).Should().Equal("layers", "none");
        bed.Published.Should().Be(1);
        var worker = (await bed.RevisionAsync(records[1].TaskDefinition!))["taskDefinition"]!;
        ((string?)worker["cpu"], worker["containerDefinitions"]![0]!["command"]!.ToJsonString()).Should().Be(("512", """["worker","--fast"]"""));
    }

    [Test]
    public async Task The_same_commit_again_is_unchanged_for_all()
    {
        await using var bed = await EngineBed.StartAsync();
        await bed.ReleaseManyAsync([Of("web"), Of("worker")]);

        var records = await bed.ReleaseManyAsync([Of("web"), Of("worker")]);

        records.Should().OnlyContain(record => record.Outcome == ReleaseOutcome.Unchanged);
        bed.Published.Should().Be(1);
    }

    [Test]
    public async Task Each_region_has_the_image_in_its_repository_from_one_build()
    {
        await using var bed = await EngineBed.StartAsync();
        await using var other = await EngineBed.StartAsync();

        var records = await bed.ReleaseManyAsync([Of("web"), Of("web") with { Region = "eu-west-1" }], ("eu-west-1", other));

        records.Select(record => (record.Region, record.Outcome)).Should().Equal(("us-east-1", ReleaseOutcome.Succeeded), ("eu-west-1", ReleaseOutcome.Succeeded));
        records.Select(record => record.Digest).Distinct().Should().ContainSingle();
        records.Should().OnlyContain(record => record.Push!.Bytes > 0 && record.Image!.Contains(record.Commit!));
        bed.Published.Should().Be(1);
    }

    [Test]
    public async Task A_refusal_of_one_changes_nothing_of_any_and_all_are_told()
    {
        await using var bed = await EngineBed.StartAsync();

        var records = await bed.ReleaseManyAsync([Of("web"), Of("worker") with { Cluster = "nowhere" }, Of("cron") with { TaskDefinition = "file:missing.json" }]);

        records.Select(record => record.Code).Should().Equal("ECSR5286", "ECSR4006", "ECSR5104");
        records[0].Outcome.Should().Be(ReleaseOutcome.Refused);
        records[0].Message.Should().Contain("worker, cron");
        bed.Calls.Select(call => call.Operation).Should().NotContain(["ecs:RegisterTaskDefinition", "ecs:CreateService", "ecr:CreateRepository"]);
        bed.Published.Should().Be(0);
    }

    [Test]
    public async Task Two_projects_that_would_make_one_image_tag_are_refused()
    {
        await using var bed = await EngineBed.StartAsync();
        using var many = bed.Many([Of("orders") with { Repository = "shop" }, Of("billing") with { Repository = "shop" }], other: "Billing");

        var records = await many.CheckAsync(CancellationToken.None);

        records!.Select(record => record.Code).Should().Equal("ECSR5292", "ECSR5292");
        records![0].Message.Should().Contain("Orders.csproj, Billing.csproj");
    }

    [Test]
    public async Task A_failed_wave_is_finished_and_the_next_is_not_begun()
    {
        await using var bed = await EngineBed.StartAsync(("HEALTHY_AFTER", "2s"), ("START_BACK_OFF", "20ms"), ("HEALTH_CHECK_LIMIT", "100ms"));

        var records = await bed.ReleaseManyAsync([Of("late") with { Wave = 2 }, _bad, Of("web")]);

        records.Select(record => (record.Service, record.Code)).Should().Equal(("late", "ECSR5285"), ("bad", "ECSR5003"), ("web", null));
        records[0].Message.Should().Contain("'bad' failed in wave 1");
        records[2].Outcome.Should().Be(ReleaseOutcome.Succeeded);
        bed.Calls.Where(call => call.Operation == "ecs:CreateService").Select(call => (string?)call.Request["serviceName"]).Should().NotContain("late");
    }

    [Test]
    public async Task A_later_wave_begins_when_the_one_before_has_ended()
    {
        await using var bed = await EngineBed.StartAsync();

        var records = await bed.ReleaseManyAsync([Of("second") with { Wave = 2 }, Of("first")]);

        records.Should().OnlyContain(record => record.Outcome == ReleaseOutcome.Succeeded);
        bed.Calls.Where(call => call.Operation == "ecs:CreateService").Select(call => (string?)call.Request["serviceName"]).Should().Equal("first", "second");
    }

    [Test]
    public async Task No_more_than_the_limit_are_released_at_once()
    {
        await using var bed = await EngineBed.StartAsync();

        var records = await bed.ReleaseManyAsync(Enumerable.Range(0, 4).Select(number => Of($"web-{number}") with { MaxParallel = 1 }));

        records.Should().OnlyContain(record => record.Outcome == ReleaseOutcome.Succeeded);
        // Each ends, by a look at its deployment, before the next begins.
        var calls = bed.Calls.Select(call => call.Operation).ToList();
        var begins = calls.Index().Where(call => call.Item == "ecs:CreateService").Select(call => call.Index).ToList();
        begins.Zip(begins.Skip(1), (one, next) => calls[one..next].Contains("ecs:DescribeServiceDeployments")).Should().OnlyContain(looked => looked);
    }

    [Test]
    public async Task What_was_released_goes_back_when_another_fails_and_that_is_asked_for()
    {
        await using var bed = await EngineBed.StartAsync(("HEALTHY_AFTER", "2s"), ("START_BACK_OFF", "20ms"), ("HEALTH_CHECK_LIMIT", "100ms"));
        var before = (await bed.ReleaseManyAsync([Of("web")]))[0];
        bed.Commit("second");

        var records = await bed.ReleaseManyAsync([Of("web") with { RollbackAll = true }, _bad with { Wave = 2 }, Of("new")]);

        records.Select(record => (record.Service, record.Outcome, record.Code)).Should().Equal(
            ("web", ReleaseOutcome.RolledBack, "ECSR5289"), ("bad", ReleaseOutcome.RollbackFailed, "ECSR5003"), ("new", ReleaseOutcome.RollbackFailed, "ECSR5290"));
        records[0].SetBack!.TaskDefinition.Should().Be(before.TaskDefinition);
        records[0].SetBack!.Outcome.Should().Be("succeeded");
        var live = await bed.Ecs.DescribeServicesAsync(new() { ["services"] = new JsonArray("web") }, CancellationToken.None);
        ((string?)live["services"]![0]!["taskDefinition"]).Should().Be(before.TaskDefinition);
    }

    [Test]
    public async Task A_run_that_is_cancelled_while_it_sets_back_says_so_for_each_service()
    {
        await using var bed = await EngineBed.StartAsync(("HEALTHY_AFTER", "2s"), ("START_BACK_OFF", "20ms"), ("HEALTH_CHECK_LIMIT", "100ms"));
        await bed.ReleaseManyAsync([Of("web"), Of("api")]);
        bed.Commit("second");
        using var cancel = new CancellationTokenSource();
        using var many = bed.Many([Of("web") with { RollbackAll = true, MaxParallel = 1 }, Of("api"), _bad with { Wave = 2 }]);
        await many.CheckAsync(CancellationToken.None);

        var run = many.RunAsync(_ => bed.Publisher(), cancel.Token);
        while (!many.WhatGoesOn.Contains("setting it back", StringComparison.Ordinal))
            await Task.WhenAny(run, Task.Delay(20));
        var said = many.WhatGoesOn;
        await cancel.CancelAsync();

        await run.Awaiting(it => it).Should().ThrowAsync<OperationCanceledException>();
        said.Should().Contain("1 of 3 services had ended").And.Contain("api: ECS goes on with setting it back").And.Contain("web: It is on this release and was to be set back");
    }

    [Test]
    public async Task A_revision_for_no_service_is_handed_on_beside_services()
    {
        await using var bed = await EngineBed.StartAsync();

        var records = await bed.ReleaseManyAsync([Of("web"), Of("cron") with { Command = ["cron"], StopAfter = StopAfterStep.Register }]);

        records.Select(record => record.Outcome).Should().Equal(ReleaseOutcome.Succeeded, ReleaseOutcome.HandedOn);
        records[1].TaskDefinition.Should().Contain("cron:1");
    }

    [Test]
    public async Task A_service_of_two_regions_is_released_once_where_there_is_one_region()
    {
        await using var bed = await EngineBed.StartAsync();

        var records = await bed.ReleaseManyAsync([Of("web"), Of("web") with { Region = "eu-west-1" }]);

        records.Should().ContainSingle().Which.Outcome.Should().Be(ReleaseOutcome.Succeeded);
        bed.Reporter.Lines.Should().Contain(line => line.StartsWith("ECSR5291:"));
    }

    [Test]
    public async Task Services_that_clash_are_refused()
    {
        await using var bed = await EngineBed.StartAsync();
        var twice = () => bed.Many([Of("web"), Of("web")]);
        var oneFile = () => bed.Many([Of("web") with { RecordFile = "release.json" }, Of("worker") with { RecordFile = "release.json" }]);

        twice.Should().Throw<EcsReleaseException>().Where(error => error.Code == "ECSR1038");
        oneFile.Should().Throw<EcsReleaseException>().Where(error => error.Code == "ECSR1024");
    }

    [Test]
    public async Task A_command_that_is_no_longer_declared_is_taken_away()
    {
        await using var bed = await EngineBed.StartAsync();
        await bed.ReleaseAsync(new() { Command = ["worker"] });
        bed.Commit("second");

        var record = await bed.ReleaseAsync(new() { TaskDefinition = "live" });

        (await bed.RevisionAsync(record.TaskDefinition!))["taskDefinition"]!["containerDefinitions"]![0]!["command"]?.AsArray().Should().BeNullOrEmpty();
    }

    private static ReleaseOptions Of(string service) => new() { Service = service };
}
