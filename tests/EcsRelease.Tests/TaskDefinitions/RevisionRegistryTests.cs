using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;
using EcsRelease.Tests.Deployments;

namespace EcsRelease.Tests.TaskDefinitions;

/// <summary>One commit with one definition has one ACTIVE revision, whatever happens on the way.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class RevisionRegistryTests
{
    private const string Image = "host/orders:0123456789012345678901234567890123456789";

    private readonly ReportLog _report = new();
    private readonly FamilyService _family = new();

    [Test]
    public async Task A_release_registers_one_revision_with_its_tags()
    {
        var registered = await RegisterAsync();

        registered.Should().Be(new RegisteredRevision("arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:1", 1, Reused: false));
        var tags = RevisionTags.Read(_family[1]);
        tags.Commit.Should().Be(Commit('0').Commit);
        tags.Hash.Should().Be(Desired().Hash);
        tags.HashVersion.Should().Be(NormalForm.Version);
        _family[1]["tags"]!.AsArray().Should().Contain(tag => (string)tag!["key"]! == "team", "the user's own tags are carried on");
    }

    [Test]
    public async Task The_same_release_again_reuses_its_revision()
    {
        await RegisterAsync();

        var again = await RegisterAsync();

        again.Reused.Should().BeTrue();
        again.Revision.Should().Be(1);
        _family.Active.Should().Equal(1);
    }

    [Test]
    public async Task Another_commit_image_or_definition_is_another_revision()
    {
        await RegisterAsync();

        (await RegisterAsync(commit: '1')).Revision.Should().Be(2);
        (await RegisterAsync(image: "host/orders@sha256:2")).Revision.Should().Be(3);
        (await RegisterAsync(desired: Desired(cpu: "512"))).Revision.Should().Be(4);
        (await RegisterAsync()).Revision.Should().Be(1, "an older one of the newest 10 is found, too");
    }

    [Test]
    public async Task A_deregistered_revision_is_not_reused()
    {
        await RegisterAsync();
        _family[1]["taskDefinition"]!["status"] = "INACTIVE";

        (await RegisterAsync()).Revision.Should().Be(2);
    }

    [Test]
    public async Task A_revision_whose_tags_say_ours_but_whose_content_was_edited_is_not_reused()
    {
        await RegisterAsync();
        _family[1]["taskDefinition"]!["cpu"] = "4096";

        (await RegisterAsync()).Revision.Should().Be(2);
    }

    [TestCase(1)]
    [TestCase(3)]
    public async Task A_lost_answer_leaves_one_revision(int answers)
    {
        _family.LoseAnswers = answers;

        var registered = await RegisterAsync();

        registered.Revision.Should().Be(1);
        _family.Active.Should().Equal(1);
    }

    [Test]
    public async Task A_registration_that_was_lost_on_the_way_is_sent_again()
    {
        _family.LoseAnswers = 1;
        _family.CommitsBeforeLoss = false;

        (await RegisterAsync()).Revision.Should().Be(1);
        _family.Active.Should().Equal(1);
    }

    [Test]
    public async Task An_answer_that_is_always_lost_ends_in_its_error()
    {
        _family.LoseAnswers = 100;
        _family.CommitsBeforeLoss = false;

        await FluentActions.Awaiting(() => RegisterAsync()).Should().ThrowAsync<AwsServiceException>();
        _family.Calls.Count(call => call == "RegisterTaskDefinition").Should().BeLessThan(10);
    }

    [Test]
    public async Task Of_two_releases_of_the_same_commit_the_loser_takes_the_winners_revision_and_withdraws_its_own()
    {
        _family.BeforeRegister = () => _family.Add(Request());

        var registered = await RegisterAsync();

        registered.Revision.Should().Be(1);
        registered.Reused.Should().BeTrue();
        _family.Active.Should().Equal(1);
    }

    [Test]
    public async Task A_loser_keeps_its_own_when_a_deployment_of_the_service_uses_it()
    {
        _family.BeforeRegister = () => _family.Add(Request());
        _family.Deployed = ["arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:2"];

        (await RegisterAsync()).Revision.Should().Be(1);
        _family.Active.Should().Equal(1, 2);
    }

    [Test]
    public async Task After_a_lost_answer_no_revision_is_withdrawn_which_may_be_another_releases()
    {
        // Ours did not arrive, revision 2 is another's; a third release, which began before it, shows up later.
        var earlier = Request();
        _family.LoseAnswers = 1;
        _family.CommitsBeforeLoss = false;
        _family.BeforeRegister = () =>
        {
            _family.Add(earlier);
            _family.Add(earlier);
            _family.Hidden.Add(1);
        };
        _family.AfterList = calls =>
        {
            if (calls == 2)
                _family.Hidden.Clear();
        };

        (await RegisterAsync()).Revision.Should().Be(1);
        _family.Active.Should().Equal(1, 2);
    }

    [Test]
    public async Task The_winner_of_a_race_keeps_its_own()
    {
        await RegisterAsync();
        _family.Add(Request());

        (await RegisterAsync()).Revision.Should().Be(1);
        _family.Active.Should().Equal([1, 2], "the other release withdraws its own");
    }

    [Test]
    public async Task Without_permission_to_tag_the_revision_has_no_tags_and_the_warning_has_the_policy()
    {
        _family.DenyTagResource = "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ecs:TagResource on resource: arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:* because no identity-based policy allows the ecs:TagResource action";

        var first = await RegisterAsync();
        var again = await RegisterAsync();

        first.Reused.Should().BeFalse();
        again.Should().Match<RegisteredRevision>(found => found.Reused && found.Revision == 1, "content and image tell without tags");
        var warning = _report.Warnings.Should().ContainSingle().Subject;
        warning.Code.Should().Be("ECSR4011");
        warning.Message.Should().Contain("\"Resource\":\"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:*\"");
        RevisionTags.CommitOf(_family[1]).Should().Be(Commit('0').Commit);
    }

    [Test]
    public async Task When_tags_are_required_the_denial_is_the_end()
    {
        _family.DenyTagResource = "not authorized to perform: ecs:TagResource";

        await FluentActions.Awaiting(() => RegisterAsync(policy: TagPolicy.Required)).Should().ThrowAsync<AwsServiceException>();
        _family.Active.Should().BeEmpty();
    }

    [Test]
    public async Task Tags_can_be_off()
    {
        await RegisterAsync(policy: TagPolicy.Off);

        _family[1]["tags"]!.AsArray().Select(tag => (string)tag!["key"]!).Should().Equal("team");
    }

    private Task<RegisteredRevision> RegisterAsync(char commit = '0', string image = Image, DesiredRevision? desired = null, TagPolicy policy = TagPolicy.Auto) =>
        new RevisionRegistry(new AmazonEcsClient(_family), "default", "orders", _report, new JumpingTime())
            .RegisterAsync(desired ?? Desired(), image, Commit(commit), policy, CancellationToken.None);

    private static JsonObject Request()
    {
        var request = Desired().WithImage(Image);
        request["tags"] = Commit('0').ToJson([]);
        return request;
    }

    private static RevisionTags Commit(char digit) =>
        new(digit == '0' ? Image.Split(':')[1] : new string(digit, 40), "sha256:1", "main", null, "ci", Desired().Hash, NormalForm.Version);

    private static DesiredRevision Desired(string cpu = "256")
    {
        var definition = (JsonObject)JsonNode.Parse($$"""{"family":"orders","cpu":"{{cpu}}","containerDefinitions":[{"name":"web","essential":true}]}""")!;
        return new DesiredRevision
        {
            Definition = definition,
            Family = "orders",
            Container = "web",
            From = "live",
            Hash = NormalForm.Hash(definition, "web"),
            OwnTags = [new("team", "shop")],
        };
    }
}
