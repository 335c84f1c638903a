using EcsRelease.Aws;
using EcsRelease.History;
using static EcsRelease.Tests.History.PastAccount;

namespace EcsRelease.Tests.History;

public sealed class ServiceHistoryTests
{
    [Test]
    public async Task A_release_that_was_rolled_back_interrupts_nothing()
    {
        var account = new PastAccount(today: 10).Revision(1, 0).Revision(2, 2).Revision(3, 4)
            .Deployment(1, 0, 1).Deployment(2, 2, 3, "ROLLBACK_SUCCESSFUL", backTo: "r1").Deployment(3, 4, 5).Primary(3);

        var history = await account.ReadAsync();

        history.Releases.Select(each => (each.Revision, each.End, each.LiveFor?.TotalDays, each.IsLive)).Should().Equal(
            (3, PastEnd.Succeeded, 5, true), (2, PastEnd.RolledBack, null, false), (1, PastEnd.Succeeded, 4, false));
        history.LiveTaskDefinition.Should().Be(Arn(3));
        history.HasMore.Should().BeFalse();
        history.Unread.Should().BeEmpty();
        history.Denied.Should().BeNull();
    }

    [Test]
    public async Task A_restart_takes_over_from_nobody_and_the_newest_is_the_live_one()
    {
        var account = new PastAccount(today: 10).Revision(1, 0).Revision(2, 5).Deployment(1, 0, 1).Deployment(1, 2, 3).Deployment(2, 4, 5).Deployment(2, 6, 7).Primary(2);

        (await account.ReadAsync()).Releases.Select(each => (each.ServiceDeployment, each.Revision, each.LiveFor?.TotalDays, each.IsLive)).Should().Equal(
            ("d4", 2, 3, true), ("d3", 2, 5, false), ("d2", 1, 2, false), ("d1", 1, 4, false));
    }

    [Test]
    public async Task While_a_rollout_goes_on_the_one_before_is_live()
    {
        var account = new PastAccount(today: 10).Revision(1, 0).Revision(2, 9).Deployment(1, 0, 1).Deployment(2, 9, null, "IN_PROGRESS").Primary(2, "IN_PROGRESS");

        (await account.ReadAsync()).Releases.Select(each => (each.Revision, each.End, each.LiveFor?.TotalDays, each.IsLive)).Should().Equal(
            (2, PastEnd.InProgress, null, false), (1, PastEnd.Succeeded, 9, true));
    }

    [Test]
    public async Task The_first_rollout_of_a_service_leaves_nothing_live_until_its_end()
    {
        var history = await new PastAccount(today: 1).Revision(1, 0).Deployment(1, 0, null, "PENDING").Primary(1, "IN_PROGRESS").ReadAsync();

        history.LiveTaskDefinition.Should().BeNull();
        history.Releases.Single().IsLive.Should().BeFalse();
    }

    [Test]
    public async Task A_release_that_is_deployed_again_is_live_again_beside_its_first_time()
    {
        var account = new PastAccount(today: 10).Revision(1, 0).Revision(2, 2).Deployment(1, 0, 1).Deployment(2, 2, 3).Deployment(1, 4, 5).Primary(1);

        (await account.ReadAsync()).Releases.Select(each => (each.Revision, each.LiveFor?.TotalDays, each.IsLive)).Should().Equal((1, 5, true), (2, 2, false), (1, 2, false));
    }

    // A rollback of ECS goes to the last completed deployment; where its reads say another one, that one is live.
    [Test]
    public async Task What_a_rollback_restores_is_live_again_and_its_times_add_up()
    {
        var account = new PastAccount(today: 10).Revision(1, 0).Revision(2, 2).Revision(3, 4)
            .Deployment(1, 0, 1).Deployment(2, 2, 3).Deployment(3, 4, 5, "ROLLBACK_SUCCESSFUL", backTo: "r1").Primary(1);

        (await account.ReadAsync()).Releases.Select(each => (each.Revision, each.LiveFor?.TotalDays, each.IsLive)).Should().Equal((3, null, false), (2, 2, false), (1, 2 + 5, true));
    }

    [Test]
    public async Task Why_a_deployment_was_stopped_is_told_apart()
    {
        var account = new PastAccount(today: 20).Primary(7, "FAILED");
        for (var revision = 1; revision <= 7; revision++)
            account.Revision(revision, revision);
        account.Deployment(1, 0, 1)
            .Deployment(2, 2, 3, "STOPPED", breaker: "MONITORING").Deployment(3, 3, 4)
            .Deployment(4, 5, 6, "STOPPED", breaker: "TRIGGERED")
            .Deployment(5, 7, 8, "STOPPED", breaker: "MONITORING")
            .Deployment(6, 9, 10, "ROLLBACK_FAILED").Deployment(7, 11, 12, "STOPPED", breaker: "TRIGGERED");

        var history = await account.ReadAsync();

        history.Releases.Select(each => (each.Revision, each.End)).Should().Equal(
            (7, PastEnd.Failed), (6, PastEnd.Failed), (5, PastEnd.Stopped), (4, PastEnd.Failed), (3, PastEnd.Succeeded), (2, PastEnd.Superseded), (1, PastEnd.Succeeded));
        history.Releases.Single(each => each.IsLive).Revision.Should().Be(3, "the tasks of a failed revision never took over");
    }

    [Test]
    public async Task The_digest_is_the_one_that_ran_in_the_released_container()
    {
        var release = (await new PastAccount(today: 2).Revision(1, 0).Deployment(1, 0, 1).Primary(1).ReadAsync()).Releases.Single();

        release.Digest.Should().Be("sha256:ran1");
        release.Image.Should().Be($"host/orders:{Commit(1)}");
        (release.Commit, release.Branch, release.Actor, release.RevisionStatus, release.IsReleased).Should().Be((Commit(1), "main", "jane", "ACTIVE", true));
        release.At.Should().Be(release.EndedAt - TimeSpan.FromDays(1));
    }

    // Somebody edits a revision without our hash in the console: image and tags come along.
    [TestCase(20)]
    [TestCase(1)]
    public async Task A_revision_made_by_hand_is_told_also_where_what_it_was_made_from_is_beyond_the_limit(int limit)
    {
        var account = new PastAccount(today: 10).Revision(1, 0).Revision(2, 2, commit: 1).Deployment(1, 0, 1).Deployment(2, 2, 3).Primary(2);

        var history = await account.ReadAsync(limit);

        history.Releases[0].IsReleased.Should().BeFalse();
        history.Releases.Skip(1).Select(each => each.IsReleased).Should().Equal(Enumerable.Repeat<bool?>(true, Math.Min(limit, 2) - 1));
        history.HasMore.Should().Be(limit == 1);
    }

    [Test]
    public async Task Beyond_the_deployments_revisions_alone_tell_and_those_that_were_never_deployed_do_not_count()
    {
        var account = new PastAccount(today: 200).Revision(1, 0, status: "INACTIVE").Revision(2, 10).Revision(3, 20, status: "INACTIVE").Revision(4, 150).Revision(5, 160)
            .Deployment(5, 160, 161).Primary(5);

        var history = await account.ReadAsync();

        history.Releases.Select(each => (each.Revision, each.End, each.Digest, each.RevisionStatus, each.ServiceDeployment)).Should().Equal(
            (5, PastEnd.Succeeded, "sha256:ran5", "ACTIVE", "d1"), (3, PastEnd.Unknown, "sha256:tag3", "INACTIVE", null),
            (2, PastEnd.Unknown, "sha256:tag2", "ACTIVE", null), (1, PastEnd.Unknown, "sha256:tag1", "INACTIVE", null));
        history.DeploymentsSince.Should().Be(account.Time.GetUtcNow() - TimeSpan.FromDays(90));
        history.Releases.Where(each => each.End == PastEnd.Unknown).Should().OnlyContain(each => each.LiveFor == null && each.At != null);
    }

    [Test]
    public async Task Of_a_service_younger_than_90_days_every_deployment_is_known()
    {
        var account = new PastAccount(today: 200, createdOn: 150).Revision(1, 100).Revision(2, 155).Revision(3, 160).Deployment(3, 160, 161).Primary(3);

        var history = await account.ReadAsync();

        history.DeploymentsSince.Should().Be(account.Time.GetUtcNow() - TimeSpan.FromDays(50));
        history.Releases.Select(each => each.Revision).Should().Equal(3, 1);
    }

    [Test]
    public async Task What_is_live_since_before_the_deployments_is_marked()
    {
        var history = await new PastAccount(today: 200).Revision(1, 0).Revision(2, 1).Primary(2).ReadAsync();

        history.Releases.Select(each => (each.Revision, each.IsLive, each.End)).Should().Equal((2, true, PastEnd.Unknown), (1, false, PastEnd.Unknown));
    }

    [TestCase("ListServiceDeployments")]
    [TestCase("DescribeServiceRevisions")]
    public async Task Without_the_permission_the_revisions_alone_tell(string operation)
    {
        var account = new PastAccount(today: 10).Revision(1, 0).Revision(2, 2).Deployment(1, 0, 1).Deployment(2, 2, 3).Primary(2);
        account.Faults[operation] = Denied(operation);

        var history = await account.ReadAsync();

        history.Denied.Should().Be($"ecs:{operation}");
        history.DeploymentsSince.Should().BeNull();
        history.Releases.Select(each => (each.Revision, each.End, each.IsLive)).Should().Equal((2, PastEnd.Unknown, true), (1, PastEnd.Unknown, false));
    }

    [Test]
    public async Task Where_only_the_details_are_denied_it_stays_unknown_why_one_was_stopped()
    {
        var account = new PastAccount(today: 10).Revision(1, 0).Revision(2, 2).Revision(3, 4)
            .Deployment(1, 0, 1).Deployment(2, 2, 3, "STOPPED", breaker: "TRIGGERED").Deployment(3, 4, 5, "ROLLBACK_SUCCESSFUL").Primary(1);
        account.Faults["DescribeServiceDeployments"] = Denied("DescribeServiceDeployments");

        var history = await account.ReadAsync();

        history.Denied.Should().Be("ecs:DescribeServiceDeployments");
        history.Releases.Select(each => each.End).Should().Equal(PastEnd.RolledBack, PastEnd.Unknown, PastEnd.Succeeded);
        history.DeploymentsSince.Should().NotBeNull();
    }

    [Test]
    public async Task A_revision_that_cannot_be_read_does_not_cost_the_others()
    {
        var account = new PastAccount(today: 10).Revision(1, 0).Revision(2, 2).Deployment(1, 0, 1).Deployment(2, 2, 3).Primary(2);
        account.Faults["DescribeTaskDefinition orders:1"] = () => new("ecs:DescribeTaskDefinition", "ClientException", "Unable to describe task definition.") { StatusCode = 400 };

        var history = await account.ReadAsync();

        history.Unread.Should().Equal("orders:1: Unable to describe task definition.");
        history.Releases.Select(each => (each.Revision, each.Commit, each.RevisionStatus, each.IsReleased, each.Digest)).Should().Equal(
            (2, Commit(2), "ACTIVE", true, "sha256:ran2"), (1, null, "UNREADABLE", null, null));
    }

    [Test]
    public async Task Many_deployments_are_paged_and_only_what_is_shown_is_described()
    {
        var account = new PastAccount(today: 80);
        for (var number = 1; number <= 250; number++)
            account.Revision(number, number * 0.3).Deployment(number, number * 0.3, (number * 0.3) + 0.1);
        account.Primary(250);

        var history = await account.ReadAsync(limit: 45);

        history.Releases.Select(each => each.Revision).Should().Equal(Enumerable.Range(206, 45).Reverse());
        history.HasMore.Should().BeTrue();
        account.Calls.GroupBy(call => call.Operation).ToDictionary(group => group.Key, group => group.Count()).Should().BeEquivalentTo(new Dictionary<string, int>
        {
            ["DescribeServices"] = 1, ["ListServiceDeployments"] = 3, ["DescribeServiceRevisions"] = 3, ["DescribeTaskDefinition"] = 46,
        });
    }

    [Test]
    public async Task A_throttled_read_is_made_again()
    {
        var account = new PastAccount(today: 10).Revision(1, 0).Deployment(1, 0, 1).Primary(1);
        var times = 0;
        account.Faults["DescribeTaskDefinition"] = () => ++times > 2 ? null : new("ecs:DescribeTaskDefinition", "ThrottlingException", "Rate exceeded") { StatusCode = 400 };

        var history = await account.ReadAsync();

        history.Releases.Single().Commit.Should().Be(Commit(1));
        times.Should().Be(3);
    }

    [Test]
    public async Task Only_reads_are_made()
    {
        var account = new PastAccount(today: 200).Revision(1, 0).Revision(2, 150).Deployment(2, 150, 151, "STOPPED").Primary(1);

        await account.ReadAsync();

        account.Calls.Should().OnlyContain(call => call.Operation.StartsWith("Describe", StringComparison.Ordinal) || call.Operation.StartsWith("List", StringComparison.Ordinal));
    }
}
