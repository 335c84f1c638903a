using System.Diagnostics;
using EcsRelease.Tests.Git;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Races;

/// <summary>What begins between a release's last look at the service and its update.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class OvertakenTests
{
    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task An_older_commit_whose_update_comes_after_the_newer_ones_puts_that_back()
    {
        await bed.ReleaseAsync();
        var (olderCommit, newerCommit) = (bed.Commit("older"), bed.Commit("newer"));
        using var clone = Clone(olderCommit);

        var older = await HeldAtUpdateAsync(clone);
        var newer = bed.ReleaseAsync();
        await DeployedAsync(newerCommit);
        await bed.LetGoAsync();
        var (told, followed) = (await older, await newer);

        (told.Outcome, told.Code).Should().Be((ReleaseOutcome.Superseded, "ECSR5240"), told.Message);
        told.Message.Should().Contain(followed.TaskDefinition!.Split('/')[^1]).And.Contain($"commit {newerCommit[..12]}");
        if (followed.Outcome != ReleaseOutcome.Succeeded)
            followed.Message.Should().Contain($"commit {olderCommit[..12]}");
        (await CompletedAsync()).Should().Be(followed.TaskDefinition);
    }

    [Test]
    public async Task Of_two_branches_the_one_that_was_gone_over_is_told_by_whom()
    {
        await bed.ReleaseAsync();
        var first = bed.Repository.Git("rev-parse", "HEAD");
        var left = bed.Commit("left");
        bed.Repository.Git("checkout", "--quiet", "--detach", first);
        var right = bed.Commit("right");
        using var clone = Clone(left);

        var held = await HeldAtUpdateAsync(clone);
        var overtaken = bed.ReleaseAsync();
        await DeployedAsync(right);
        await bed.LetGoAsync();
        var (mine, theirs) = (await held, await overtaken);

        mine.Outcome.Should().Be(ReleaseOutcome.Succeeded, mine.Message);
        if (theirs.Outcome == ReleaseOutcome.Superseded)
            theirs.Message.Should().Contain($"{mine.TaskDefinition!.Split('/')[^1]} (commit {left[..12]})");
        else
            theirs.Outcome.Should().Be(ReleaseOutcome.Succeeded, "its rollout may have ended before");
        (await CompletedAsync()).Should().Be(mine.TaskDefinition);
    }

    private TemporaryRepository Clone(string commit)
    {
        var clone = TemporaryRepository.Empty();
        TemporaryRepository.GitIn(clone.Root, "clone", "--quiet", bed.Repository.Root, ".");
        clone.Git("checkout", "--quiet", "--detach", commit);
        return clone;
    }

    /// <summary>A release in a process of its own, whose UpdateService has left and does not arrive.</summary>
    private async Task<Task<ReleaseRecord>> HeldAtUpdateAsync(TemporaryRepository clone)
    {
        await bed.FaultAsync("UpdateService", "holdBefore");
        var release = RunAsync(new() { Home = bed.Home, Images = ImageCache.Folder, Root = clone.Root, Service = "orders", Repository = "orders" });
        await UntilAsync(async () => (await bed.HeldAsync()).Count > 0);
        return release;
    }

    private static async Task<ReleaseRecord> RunAsync(HostRequest request)
    {
        using var host = ReleaseHost.Start();
        return await host.RunAsync(request);
    }

    private Task DeployedAsync(string commit) => UntilAsync(async () =>
        await Account.ReadAsync(bed, "orders", "orders") is var account && account.ActiveRevisions.Any(each => each.Arn == account.Live && each.Commit == commit));

    private async Task<string?> CompletedAsync()
    {
        await UntilAsync(async () => (string?)(await Account.ReadAsync(bed, "orders", "orders")).Primary!["rolloutState"] == "COMPLETED");
        return (await Account.ReadAsync(bed, "orders", "orders")).Live;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            watch.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(1), "the condition should come true");
            await Task.Delay(20);
        }
    }
}
