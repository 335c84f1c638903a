using EcsRelease.Pruning;
using EcsRelease.Tests.Deployments;
using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Pruning;

public sealed class PruneTests
{
    internal static readonly PruneRules All = new() { Keep = 5, Images = true, Delete = true, Act = true };

    [Test]
    public void Whatever_refers_to_what_only_what_nothing_needs_goes_and_all_of_it() => ForEach(300, (seed, random) =>
    {
        var size = random.Next(3, 60);
        var rules = All with { Images = random.Next(3) > 0, Delete = random.Next(2) == 0, Keep = random.Next(6) };
        var world = new PruneWorld(seed, size, size * 2);
        var expected = Expected.Of(world, rules);

        Run(world, rules);

        expected.ShouldBe(world);
    });

    [Test]
    public void A_dry_run_changes_nothing_and_tells_a_reason_for_each() => ForEach(40, (seed, _) =>
    {
        var world = new PruneWorld(seed, 40, 80);
        var expected = Expected.Of(world, All);
        var (revisions, images) = (world.Revisions.Count(revision => revision.Status == "ACTIVE"), world.Images.Count);

        var report = Run(world, All with { Act = false });

        (world.Revisions.Count(revision => revision.Status == "ACTIVE"), world.Images.Count).Should().Be((revisions, images));
        report.Revisions.Where(revision => revision.Action == "keep").Select(revision => revision.TaskDefinition.Split('/')[^1]).Should().BeEquivalentTo(expected.Kept);
        report.Revisions.Should().OnlyContain(revision => revision.Reasons.Count > 0 && revision.Result == null);
        report.Images.Where(image => image.Action == "delete").Select(image => image.Digest).Should().BeEquivalentTo(expected.GoneImages);
        report.Images.Should().OnlyContain(image => image.Reasons.Count > 0);
    });

    /// <summary>A process that is killed right after any of its changes, and run again, ends where one run ends.</summary>
    [Test]
    public void Killed_after_any_change_the_next_run_ends_it() => ForEach(60, (seed, random) =>
    {
        var operation = new[] { "DeregisterTaskDefinition", "BatchDeleteImage", "DeleteTaskDefinitions" }[seed % 3];
        var at = operation == "DeregisterTaskDefinition" ? random.Next(1, 40) : 1;
        var world = new PruneWorld(seed, 60, 120);
        var expected = Expected.Of(world, All);
        var killed = false;
        try
        {
            Run(world, All, account => account.OnChange = (made, count) =>
            {
                if (made != operation || count != at)
                    return;
                killed = true;
                throw new KilledException();
            });
            }
            catch (EcsReleaseException end) when (end.InnerException is KilledException)
            {
            }

            if (killed)
                Run(world, All);

            expected.ShouldBe(world);
        });

    [Test]
    public void A_thousand_revisions_and_five_thousand_images_take_little_longer_than_the_rates_allow()
    {
        var world = new PruneWorld(1, 1000, 5000);
        var rules = All with { Keep = 10 };
        var expected = Expected.Of(world, rules);
        PruneAccount account = null!;

        var report = Run(world, rules, made => account = made);

        expected.ShouldBe(world);
        report.Outcome.Should().Be(ReleaseOutcome.Succeeded);
        TestContext.Out.WriteLine($"{report.Message}: {account.Elapsed} of {account.Limit()} ({account.Elapsed / account.Limit():0.000}), {account.Throttled} throttled; {string.Join(", ", account.Counts.OrderBy(each => each.Key).Select(each => $"{each.Key} {each.Value}"))}");
        account.Counts["DeregisterTaskDefinition"].Should().BeGreaterThan(400);
        account.Elapsed.Should().BeLessThan(account.Limit() * 1.1).And.BeGreaterThan(account.Limit() * 0.9);
        account.Throttled.Should().Be(0);
    }

    [Test]
    public void Beside_others_who_use_up_the_rates_it_slows_down_and_ends()
    {
        var world = new PruneWorld(2, 200, 200);
        var expected = Expected.Of(world, All);
        PruneAccount account = null!;

        Run(world, All, made => (account = made).OthersPerSecond = 0.7).Outcome.Should().Be(ReleaseOutcome.Succeeded);

        expected.ShouldBe(world);
        account.Throttled.Should().BeGreaterThan(0).And.BeLessThan(account.Counts["DeregisterTaskDefinition"]);
    }

    [Test]
    public void Interrupted_it_says_how_much_is_left_and_goes_on_from_there()
    {
        var world = new PruneWorld(3, 200, 200);
        var expected = Expected.Of(world, All);
        using var stop = new CancellationTokenSource();
        var time = new SimulatedTime();
        var account = new PruneAccount(world, time) { OnChange = (_, count) => { if (count == 30) stop.Cancel(); } };
        var prune = Create(account, time, All);

        FluentActions.Invoking(() => time.Run(() => prune.RunAsync(stop.Token))).Should().Throw<OperationCanceledException>();

        account.Counts["DeregisterTaskDefinition"].Should().Be(30, "the call under way is waited for, no other begins");
        prune.WhatIsLeft.Should().StartWith("30 of ").And.Contain("The same command goes on from there.");
        Run(world, All).Outcome.Should().Be(ReleaseOutcome.Succeeded);
        expected.ShouldBe(world);
    }

    [Test]
    public void A_revision_that_is_deployed_meanwhile_is_left_with_its_image()
    {
        var world = new PruneWorld(4, 200, 200);
        var taken = world.Own.Last(revision => revision.Status == "ACTIVE" && !world.NeededRevisions(All.Keep).Contains(revision.Name));

        var report = Run(world, All, account => account.OnChange = (_, count) =>
        {
            if (count == 5)
                world.Services[1].Live = taken.Name;
        });

        report.Outcome.Should().Be(ReleaseOutcome.Partial);
        report.Outcome.ExitCode().Should().Be(14);
        report.Revisions.Single(revision => revision.TaskDefinition.EndsWith("/" + taken.Name, StringComparison.Ordinal)).Error.Should().Contain($"service {world.Services[1].Cluster}/{world.Services[1].Name} runs it");
        taken.Status.Should().Be("ACTIVE");
        world.Images.Select(image => image.Digest).Should().Contain(taken.Digest);
    }

    [TestCase(PruneWorld.Family)]
    [TestCase("mailer")]
    public void An_image_whose_revision_comes_meanwhile_is_left(string family)
    {
        var world = new PruneWorld(5, 60, 100);
        var digest = world.UnneededImages(world.NeededRevisions(All.Keep)).First(digest => world.Own.Any(revision => revision.Digest == digest));

        Run(world, All, account => account.OnChange = (_, count) =>
        {
            if (count == 5)
                world.Revisions.Add(new(family, 1000, null, 0, $"{PruneWorld.Host}/{PruneWorld.Repository}@{digest}", digest, false));
        });

        world.Images.Select(image => image.Digest).Should().Contain(digest);
    }

    [Test]
    public void An_image_of_the_same_name_elsewhere_is_another_one()
    {
        var world = new PruneWorld(6, 40, 60);
        var commit = new string('c', 40);
        var here = new PruneWorld.Image("sha256:" + new string('d', 64), [commit], 399, [], null);
        world.Images.Add(here);
        world.Revisions.Add(new(PruneWorld.Family, 0, commit, 399, $"{PruneWorld.Host.Replace("eu-west-1", "us-east-1", StringComparison.Ordinal)}/{PruneWorld.Repository}:{commit}", here.Digest, true));

        Run(world, All with { Delete = false });

        world.Own.Single(revision => revision.Number == 0).Status.Should().Be("INACTIVE");
        world.Images.Should().Contain(here);
    }

    [Test]
    public void More_days_than_there_are_keep_everything() =>
        Run(new PruneWorld(7, 40, 60), All with { KeepDays = int.MaxValue }).Outcome.Should().Be(ReleaseOutcome.Unchanged);

    // The same worlds each time; the one that fails is named.
    private static void ForEach(int worlds, Action<int, Random> test)
    {
        for (var seed = 0; seed < worlds; seed++)
        {
            using var scope = new FluentAssertions.Execution.AssertionScope($"world {seed}");
            test(seed, new Random(seed));
        }
    }

    internal static PruneReport Run(PruneWorld world, PruneRules rules, Action<PruneAccount>? set = null)
    {
        var time = new SimulatedTime();
        var account = new PruneAccount(world, time);
        set?.Invoke(account);
        return time.Run(() => Create(account, time, rules).RunAsync(CancellationToken.None));
    }

    internal static Prune Create(PruneAccount account, SimulatedTime time, PruneRules rules, IReadOnlyList<PlaceToCheck>? places = null, Func<PlaceToCheck, PruneAccount>? elsewhere = null) =>
        new(new ReleaseOptions { Cluster = "production" }, PruneWorld.Family, rules, places ?? [], place => elsewhere!(place), account, new RecordingReporter(), time);

    private sealed class KilledException : Exception;

    /// <summary>What the account should be like afterwards.</summary>
    private sealed record Expected(HashSet<string> Kept, HashSet<string> Gone, HashSet<string> GoneImages, HashSet<string> Images, PruneRules Rules)
    {
        public static Expected Of(PruneWorld world, PruneRules rules)
        {
            var needed = world.NeededRevisions(rules.Keep);
            var own = world.Own.Select(revision => revision.Name).ToHashSet();
            var gone = rules.Images ? world.UnneededImages(needed) : [];
            return new([.. own.Where(needed.Contains)], [.. own.Where(name => !needed.Contains(name))], gone, [.. world.Images.Select(image => image.Digest)], rules);
        }

        public void ShouldBe(PruneWorld world)
        {
            var left = world.Own.ToDictionary(revision => revision.Name, revision => revision.Status);
            Kept.Where(name => !left.ContainsKey(name)).Should().BeEmpty("nothing that is referred to goes");
            if (Rules.Delete)
                left.Keys.Should().BeEquivalentTo(Kept);
            else
                Gone.Where(name => left[name] != "INACTIVE").Should().BeEmpty();
            world.Images.Select(image => image.Digest).Should().BeEquivalentTo(Images.Except(GoneImages));
        }
    }
}
