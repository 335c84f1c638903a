using System.Text.Json.Nodes;
using EcsRelease.Pruning;
using EcsRelease.Tests.Deployments;

namespace EcsRelease.Tests.Pruning;

public sealed class PruneSharingTests
{
    private const string Other = "999999999999";
    private const string ToOther = """{"Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::999999999999:root","123456789012"]},"Action":"ecr:BatchGetImage"}]}""";
    private static readonly PruneRules Rules = new() { Keep = 5, Images = true, Act = true };

    [TestCase(ToOther, "account 999999999999")]
    [TestCase("""{"Statement":{"Effect":"Allow","Principal":"*","Action":"ecr:*"}}""", "everybody")]
    [TestCase("""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"ecr:*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}]}""", "o-1")]
    [TestCase("""{"Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage"]}]}""", "lambda.amazonaws.com")]
    [TestCase("no JSON", "not JSON")]
    public void Images_of_a_repository_that_its_policy_shares_are_refused_before_anything_changes(string policy, string with)
    {
        var world = new PruneWorld(1, 40, 60);
        var before = world.Own.Count(revision => revision.Status == "ACTIVE");

        var refused = FluentActions.Invoking(() => PruneTests.Run(world, Rules, account => account.Policy = policy)).Should().Throw<EcsReleaseException>().Which;

        refused.Code.Should().Be("ECSR5253");
        refused.Outcome.Should().Be(ReleaseOutcome.Refused);
        refused.Message.Should().Contain(with).And.Contain("--also-check PROFILE/eu-west-1");
        world.Own.Count(revision => revision.Status == "ACTIVE").Should().Be(before);
    }

    [TestCase("""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/ci"},"Action":"ecr:*"}]}""")]
    [TestCase("""{"Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:*"}]}""")]
    public void A_policy_that_lets_nobody_else_in_is_no_sharing(string policy) =>
        PruneTests.Run(new PruneWorld(1, 40, 60), Rules, account => account.Policy = policy).Outcome.Should().Be(ReleaseOutcome.Succeeded);

    [TestCase("999999999999", "eu-west-1", "", true)]
    [TestCase("123456789012", "us-east-1", "shop/", true)]
    [TestCase("123456789012", "us-east-1", "bank/", false)]
    public void A_repository_that_is_replicated_is_shared(string account, string region, string prefix, bool isShared)
    {
        var rule = new JsonObject
        {
            ["destinations"] = new JsonArray(new JsonObject { ["region"] = region, ["registryId"] = account }),
            ["repositoryFilters"] = prefix.Length == 0 ? [] : new JsonArray(new JsonObject { ["filter"] = prefix, ["filterType"] = "PREFIX_MATCH" }),
        };
        var prune = () => PruneTests.Run(new PruneWorld(1, 40, 60), Rules, made => made.Replication.Add(rule.DeepClone()));

        if (isShared)
            prune.Should().Throw<EcsReleaseException>().Which.Message.Should().Contain($"{account}/{region}, where it is replicated to");
        else
            prune().Outcome.Should().Be(ReleaseOutcome.Succeeded);
    }

    [Test]
    public void Where_every_place_is_named_what_is_used_there_is_kept_too()
    {
        var world = new PruneWorld(2, 60, 100);
        var unneeded = world.UnneededImages(world.NeededRevisions(Rules.Keep));
        var elsewhere = new PruneWorld(3, 5, 5);
        // A replica has another host; a task there runs a digest.
        var named = world.Own.First(revision => unneeded.Contains(revision.Digest) && revision.Image.Contains(':' + (revision.Commit ?? "-"), StringComparison.Ordinal));
        var running = world.Own.First(revision => unneeded.Contains(revision.Digest) && revision.Digest != named.Digest);
        elsewhere.Revisions.Add(new("copy", 1, null, 500, named.Image.Replace("eu-west-1", "us-east-1", StringComparison.Ordinal), named.Digest, false));
        elsewhere.Tasks.Add(("production", "copy:1", running.Digest));

        var report = RunWith(world, elsewhere, Other);

        report.Outcome.Should().Be(ReleaseOutcome.Succeeded);
        world.Images.Select(image => image.Digest).Should().Contain([named.Digest, running.Digest]);
        report.Images.Single(image => image.Digest == named.Digest).Reasons[0].Should().Be($"copy:1 in {Other}/eu-west-1 names it");
        report.Images.Should().Contain(image => image.Result == "done");
    }

    [Test]
    public void A_place_of_another_account_than_the_one_it_is_shared_with_does_not_count() =>
        FluentActions.Invoking(() => RunWith(new PruneWorld(2, 40, 60), new PruneWorld(3, 5, 5), "111111111111"))
            .Should().Throw<EcsReleaseException>().Which.Code.Should().Be("ECSR5253");

    private static PruneReport RunWith(PruneWorld world, PruneWorld elsewhere, string account)
    {
        var time = new SimulatedTime();
        var own = new PruneAccount(world, time) { Policy = ToOther };
        return time.Run(() => PruneTests.Create(own, time, Rules, [new("other", "eu-west-1")], _ => new PruneAccount(elsewhere, time) { Account = account }).RunAsync(CancellationToken.None));
    }
}
