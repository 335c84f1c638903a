using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Races;

/// <summary>A local AWS of its own, so that a fault meets no other row's calls, and a process that outlives the killed ones.</summary>
internal sealed class KillLane : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EngineBed bed;
    private readonly string name;
    private readonly ReleaseHost survivor = ReleaseHost.Start();
    private ReleaseHost victim = ReleaseHost.Start();
    private int rows;

    private KillLane(EngineBed bed, string name) => (this.bed, this.name) = (bed, name);

    public static async Task<KillLane> StartAsync(string name) => new(await EngineBed.StartAsync(), name);

    /// <summary>The moments of a release of this kind, as one that goes well has them.</summary>
    public async Task<IReadOnlyList<KillPoint>> PointsAsync(KillCase kind)
    {
        var request = await ArrangeAsync(kind);
        var steps = new List<(string, int)>();
        bed.Reporter.OnLine = line =>
        {
            if (line.Split(": ")[0] is var word && Enum.TryParse<ReleaseStep>(word, out _))
                steps.Add((word, bed.SeenCallsAsync().GetAwaiter().GetResult().Count));
        };
        await bed.ForgetCallsAsync();
        var record = await bed.ReleaseAsync(request.Options);
        var calls = await bed.SeenCallsAsync();
        bed.Reporter.OnLine = null;
        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        var points = KillPoint.Of(steps, calls);
        return kind == KillCase.Gate ? [.. points.Where(point => point.Step == "Before")] : points;
    }

    public async Task<KillEnd> RunAsync(KillRow row)
    {
        var request = await ArrangeAsync(row.Case);
        var commit = bed.Repository.Git("rev-parse", "HEAD");
        var first = await FirstRunAsync(row, request, commit);
        var second = await survivor.RunAsync(request);
        var account = await Account.ReadAsync(bed, request.Service, request.Repository);
        var revision = account.ActiveRevisions.Where(each => each.Commit == commit).ToList();
        var deployments = account.Deployments.Where(each => revision.Any(own => own.Arn == each.TaskDefinition)).ToList();
        var images = account.Images.Count(image => image.Key == commit);
        var tasks = row.Case == KillCase.Gate ? await GateTasksAsync(commit) : 0;
        var wrong = Wrong(row, commit, second, account, revision, deployments, images, tasks);
        var end = $"{images} image, {revision.Count} revision, {deployments.Count} deployment{(row.Case == KillCase.Gate ? $", {tasks} task of the command" : "")}";
        return new(row, first, Word(second), end, wrong.Count == 0 ? wrong : [.. wrong, $"\n{survivor.Said}"]);
    }

    public async ValueTask DisposeAsync()
    {
        victim.Dispose();
        survivor.Dispose();
        await bed.DisposeAsync();
    }

    private async Task<HostRequest> ArrangeAsync(KillCase kind)
    {
        var service = $"{name}-{++rows}";
        var request = new HostRequest
        {
            Home = bed.Home, Images = ImageCache.Folder, Root = bed.Repository.Root, Service = service, Repository = kind == KillCase.Creation ? service : "orders",
        };
        if (kind != KillCase.Creation)
            await survivor.RunAsync(request);
        bed.Commit($"{service} changed");
        return kind == KillCase.Gate ? request with { BeforeDeploy = "sleep 4" } : request;
    }

    /// <returns>How it ended, in a word or two.</returns>
    private async Task<string> FirstRunAsync(KillRow row, HostRequest request, string commit)
    {
        var (_, point, fault, rival) = row;
        if (fault == KillFault.AtStep)
            request = request with { StandAt = point.Step };
        else
            await bed.FaultAsync(point.Operation!, fault switch { KillFault.BeforeCommit => "holdBefore", KillFault.AfterCommit => "holdAfter", _ => "loseAnswer" }, service: point.Service!, after: point.Occurrence);
        await victim.PrepareAsync(request);
        await victim.GoAsync();
        var running = victim.RecordAsync();
        try
        {
            if (fault == KillFault.LostAnswer)
                return Word((await running)!);
            var isThere = fault == KillFault.AtStep ? await running is null : await IsHeldAsync(point.Operation!, running);
            if (!isThere)
                return "not reached";
            if (rival != Rival.None)
                await RivalAsync(request, rival, commit);
            await KillAsync();
            return "killed";
        }
        finally
        {
            await bed.ClearFaultsAsync();
        }
    }

    private async Task RivalAsync(HostRequest request, Rival rival, string commit)
    {
        if (rival == Rival.NewerCommit)
            bed.Commit("newer");
        await survivor.RunAsync(request with { StandAt = null });
        if (rival == Rival.NewerCommit)
            bed.Repository.Git("checkout", "--quiet", "--detach", commit);
    }

    private async Task<bool> IsHeldAsync(string operation, Task<ReleaseRecord?> running)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!(await bed.HeldAsync()).Contains(operation))
        {
            if (running.IsCompleted)
                return false;
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(10, limit.Token);
        }
        return true;
    }

    private async Task KillAsync()
    {
        await victim.KillAsync();
        victim.Dispose();
        victim = ReleaseHost.Start();
        // The server has noticed that nobody waits any more; of a body that was not read it cannot, until it reads.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while ((await bed.HeldAsync()).Count > 0)
        {
            if (limit.IsCancellationRequested)
                await bed.LetGoAsync();
            await Task.Delay(10);
        }
    }

    private static List<string> Wrong(
        KillRow row, string commit, ReleaseRecord second, Account account, List<Revision> revision, List<Deployed> deployments, int images, int tasks)
    {
        var wrong = new List<string>();
        if (row.Rival == Rival.NewerCommit)
        {
            if ((second.Outcome, second.Code) != (ReleaseOutcome.Refused, "ECSR2008"))
                wrong.Add($"the second run of the older commit ended as {second.Outcome} {second.Code}: {second.Message}");
            if (account.ActiveRevisions.FirstOrDefault(each => each.Arn == account.Live)?.Commit is not { } live || live == commit || deployments.Any(each => each.FinishedAt is null))
                wrong.Add($"{account.Live} is live");
            if (images > 1 || revision.Count > 1)
                wrong.Add("more than one image or revision");
            return wrong;
        }
        if (second.Outcome is not (ReleaseOutcome.Succeeded or ReleaseOutcome.Unchanged))
            wrong.Add($"the second run ended as {second.Outcome} {second.Code}: {second.Message}");
        if (images != 1 || account.UntaggedImages > 0)
            wrong.Add($"{images} images of the commit, {account.UntaggedImages} without a tag");
        if (revision.Count != 1)
            wrong.Add($"{revision.Count} ACTIVE revisions of the commit");
        if (deployments.Count != 1 || deployments[0].Status != "SUCCESSFUL")
            wrong.Add($"deployments of the commit: {string.Join(", ", deployments.Select(each => each.Status))}");
        if (revision.Count == 0 || account.Live != revision[0].Arn || second.TaskDefinition != account.Live)
            wrong.Add($"{account.Live} is live, the second run names {second.TaskDefinition}");
        if (row.Case == KillCase.Gate && tasks != 1)
            wrong.Add($"{tasks} tasks of the command");
        return wrong;
    }

    private async Task<int> GateTasksAsync(string commit)
    {
        var count = 0;
        foreach (var status in (string[])["RUNNING", "STOPPED"])
        {
            // Beside startedBy no other filter is allowed.
            var arns = (await bed.Client(AwsService.Ecs).CallAsync("ListTasks", new() { ["desiredStatus"] = status }, CancellationToken.None))["taskArns"]!.AsArray();
            foreach (var some in arns.Chunk(100))
            {
                var described = await bed.Client(AwsService.Ecs).CallAsync("DescribeTasks", new() { ["tasks"] = new JsonArray([.. some.Select(arn => arn!.DeepClone())]) }, CancellationToken.None);
                count += described["tasks"]!.AsArray().Count(task => (string?)task!["startedBy"] == $"ecs-release/EcsBeforeDeploy/{commit}");
            }
        }
        return count;
    }

    private static string Word(ReleaseRecord record) => $"{record.Outcome}{(record.Code is null ? "" : $" {record.Code}")}";
}
