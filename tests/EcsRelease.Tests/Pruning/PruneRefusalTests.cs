namespace EcsRelease.Tests.Pruning;

/// <summary>What AWS does not let prune read or do.</summary>
public sealed class PruneRefusalTests
{
    [TestCase("ListClusters", "ecs:ListClusters")]
    [TestCase("ListServices", "ecs:ListServices")]
    [TestCase("ListTasks", "ecs:ListTasks")]
    [TestCase("DescribeTasks", "ecs:DescribeTasks")]
    [TestCase("ListServiceDeployments", "ecs:ListServiceDeployments")]
    [TestCase("DescribeServiceDeployments", "ecs:DescribeServiceDeployments")]
    [TestCase("DescribeServiceRevisions", "ecs:DescribeServiceRevisions")]
    [TestCase("ListEventBuses", "events:ListEventBuses")]
    [TestCase("ListRules", "events:ListRules")]
    [TestCase("ListTargetsByRule", "events:ListTargetsByRule")]
    [TestCase("ListSchedules", "scheduler:ListSchedules")]
    [TestCase("GetSchedule", "scheduler:GetSchedule")]
    public void A_source_that_cannot_be_read_keeps_every_revision_and_says_what_it_takes(string operation, string action)
    {
        var world = new PruneWorld(6, 60, 100);

        var report = PruneTests.Run(world, PruneTests.All, account => account.Denied.Add(operation));

        report.Outcome.Should().Be(ReleaseOutcome.Unchanged);
        report.Revisions.Should().OnlyContain(revision => revision.Action == "keep");
        report.Warnings.Should().Contain(warning => warning.Code == "ECSR5254" && warning.Message.Contains(action) && warning.Message.Contains("every revision of 'orders' is kept"));
    }

    [TestCase("GetRepositoryPolicy")]
    [TestCase("DescribeRegistry")]
    [TestCase("GetRegistryPolicy")]
    public void Settings_that_cannot_be_read_keep_every_image_and_the_revisions_that_name_them(string operation)
    {
        var world = new PruneWorld(7, 60, 100);
        var images = world.Images.Count;

        var report = PruneTests.Run(world, PruneTests.All, account => account.Denied.Add(operation));

        report.Outcome.Should().Be(ReleaseOutcome.Succeeded);
        world.Images.Should().HaveCount(images);
        report.Totals.Deletions.Should().Be(0, "a deleted revision no longer tells its image");
        report.Totals.Revisions.Should().BeGreaterThan(0);
    }

    [TestCase("DescribeServices", Description = "it tells the family")]
    [TestCase("ListTaskDefinitions")]
    [TestCase("DescribeTaskDefinition")]
    [TestCase("DescribeImages")]
    [TestCase("BatchGetImage")]
    [TestCase("ListImageReferrers")]
    public void What_is_pruned_has_to_be_read_itself(string operation)
    {
        var world = new PruneWorld(7, 60, 100);
        var (active, images) = (world.Revisions.Count(revision => revision.Status == "ACTIVE"), world.Images.Count);

        FluentActions.Invoking(() => PruneTests.Run(world, PruneTests.All, account => account.Denied.Add(operation)))
            .Should().Throw<EcsReleaseException>().Which.Message.Should().Contain(operation);

        (world.Revisions.Count(revision => revision.Status == "ACTIVE"), world.Images.Count).Should().Be((active, images));
    }

    [Test]
    public void A_caller_who_may_not_deregister_hears_it_after_one_call()
    {
        var world = new PruneWorld(8, 60, 100);
        PruneAccount account = null!;

        FluentActions.Invoking(() => PruneTests.Run(world, PruneTests.All, made => (account = made).Denied.Add("DeregisterTaskDefinition")))
            .Should().Throw<EcsReleaseException>().Which.Code.Should().Be("ECSR5258");

        account.Counts.Should().NotContainKey("BatchDeleteImage");
        world.Own.Should().Contain(revision => revision.Status == "ACTIVE" && !world.NeededRevisions(PruneTests.All.Keep).Contains(revision.Name));
    }

    [Test]
    public void A_caller_who_may_not_delete_images_gets_the_revisions_deregistered_and_none_deleted()
    {
        var world = new PruneWorld(9, 60, 100);

        var report = PruneTests.Run(world, PruneTests.All, account => account.Denied.Add("BatchDeleteImage"));

        report.Outcome.Should().Be(ReleaseOutcome.Partial);
        report.Message.Should().Contain("BatchDeleteImage");
        report.Revisions.Where(revision => revision.Action == "delete" && world.UnneededImages(world.NeededRevisions(PruneTests.All.Keep)).Contains(world.Own.Single(own => revision.TaskDefinition.EndsWith("/" + own.Name, StringComparison.Ordinal)).Digest))
            .Should().NotBeEmpty().And.OnlyContain(revision => revision.Result == "left");
    }
}
