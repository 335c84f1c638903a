using EcsRelease.Tests.Git;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Races;

/// <summary>Two processes with a clone each, which release the same service round after round.</summary>
internal sealed class RaceLane : IDisposable
{
    private readonly EngineBed bed;
    private readonly string name;
    private readonly TemporaryRepository first = TemporaryRepository.Create();
    private readonly TemporaryRepository second = TemporaryRepository.Empty();
    private readonly ReleaseHost[] hosts = [ReleaseHost.Start(), ReleaseHost.Start()];
    private string? service;
    private string live;

    public RaceLane(EngineBed bed, string name)
    {
        (this.bed, this.name) = (bed, name);
        live = Commit(name);
        // Commits of the first one are there in the second, too.
        TemporaryRepository.GitIn(second.Root, "clone", "--quiet", "--shared", first.Root, ".");
    }

    private string[] Roots => [first.Root, second.Root];

    /// <returns>How both ended, and what was wrong with it.</returns>
    public async Task<(string Outcomes, IReadOnlyList<string> Wrong)> RunAsync(RaceRound round)
    {
        if (round.Creates)
            service = $"{name}-{round.Seed}";
        else if (service is null)
        {
            service = name;
            await hosts[0].RunAsync(Request(round, 0) with { Repository = "orders", OnConflict = ConflictPolicy.Wait, Delay = 0 });
        }
        var before = (await Account.ReadAsync(bed, service, "orders")).Deployments.Select(each => each.Arn).ToHashSet();
        var commits = Commits(round);
        // Which of the two processes releases the older one.
        var own = round.FirstIsOlder ? commits : [.. commits.Reverse()];
        foreach (var (root, commit) in Roots.Zip(own))
        {
            TemporaryRepository.GitIn(root, "checkout", "--quiet", "--detach", commit);
            // It is a label of the image.
            TemporaryRepository.GitIn(root, "config", "remote.origin.url", round.SameBytes ? "https://example.com/orders" : $"https://example.com/{Path.GetFileName(root)}");
        }

        await Task.WhenAll(hosts.Select((host, index) => host.PrepareAsync(Request(round, index))));
        await Task.WhenAll(hosts.Select(host => host.GoAsync()));
        var records = await Task.WhenAll(hosts.Select(host => host.RecordAsync()));

        var account = await SettledAsync(Request(round, 0).Repository);
        var began = account.Deployments.Where(each => !before.Contains(each.Arn)).ToList();
        var wrong = new RaceJudge(round, [.. records.Select(each => each!)], commits, account, began).Judge();
        live = account.ActiveRevisions.FirstOrDefault(each => each.Arn == account.Live)?.Commit ?? live;
        var outcomes = string.Join(" + ", records.Select(each => $"{each!.Outcome}{(each.Code is null ? "" : $" {each.Code}")}"));
        return (outcomes, wrong.Count == 0 ? wrong : [.. wrong, Story(account, began)]);
    }

    public void Dispose()
    {
        foreach (var host in hosts)
            host.Dispose();
        first.Dispose();
        second.Dispose();
    }

    private HostRequest Request(RaceRound round, int index) => new()
    {
        Home = bed.Home, Images = ImageCache.Folder, Root = Roots[index], Service = service!,
        Repository = round.OwnRepository ? $"{name}-{round.Seed}" : "orders", OnConflict = round.OnConflict[index], Delay = round.Delays[index],
    };

    private string[] Commits(RaceRound round)
    {
        first.Git("checkout", "--quiet", "--detach", live);
        var one = Commit($"{name} {round.Seed} one");
        if (round.Relation == Relation.Same)
            return [one, one];
        if (round.Relation == Relation.Diverged)
            first.Git("checkout", "--quiet", "--detach", live);
        return [one, Commit($"{name} {round.Seed} two")];
    }

    private string Commit(string subject)
    {
        first.Write("Orders.cs", $"// {subject}");
        return first.Commit(subject);
    }

    // A release that was superseded ends before the one that took its place.
    private async Task<Account> SettledAsync(string repository)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var account = await Account.ReadAsync(bed, service!, repository);
            if ((string?)account.Primary?["rolloutState"] == "COMPLETED" && account.Deployments.All(each => each.FinishedAt is not null) || limit.IsCancellationRequested)
                return account;
            await Task.Delay(100);
        }
    }

    private string Story(Account account, IReadOnlyList<Deployed> began) =>
        $"deployments: {string.Join("; ", began.Select(each => $"{each.TaskDefinition.Split('/')[^1]} {each.Status} {each.CreatedAt:HH:mm:ss.fff} to {each.FinishedAt:HH:mm:ss.fff}"))}\n"
        + $"revisions: {string.Join("; ", account.ActiveRevisions.Select(each => $"{each.Arn.Split('/')[^1]} {each.Commit?[..7]}"))}\n"
        + $"one:\n{hosts[0].Said}\ntwo:\n{hosts[1].Said}";
}
