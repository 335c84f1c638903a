using System.Runtime.CompilerServices;
using System.Text.Json;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Verbs;

/// <summary>What is live in several services of one account, region and cluster, by one connection and reads that they
/// share. Changes nothing.</summary>
/// <param name="directory">Of the clone that knows the commits; null = none is asked.</param>
/// <param name="warn">Told why a look failed that is tried again.</param>
public sealed class StatusMany(ReleaseOptions options, IReadOnlyList<string> services, IReleaseTarget target, string? directory, Action<Notice> warn, TimeProvider time)
{
    /// <summary>Between two looks of a watch.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <returns>In the order of the services; one that has no status says why.</returns>
    /// <exception cref="EcsReleaseException">AWS cannot be reached at all (ECSR4xxx).</exception>
    public Task<IReadOnlyList<ServiceStatus>> ReadAsync(CancellationToken cancellationToken) => Explained.RunAsync(options.Cluster, async () =>
    {
        using var access = await target.ConnectAsync(cancellationToken);
        return await LookAsync(Shared(access, cancellationToken), cancellationToken);
    });

    /// <summary>The first look, and each later one that shows something new. Ends when it is cancelled.</summary>
    /// <exception cref="EcsReleaseException">AWS cannot be reached at first (ECSR4xxx).</exception>
    public async IAsyncEnumerable<IReadOnlyList<ServiceStatus>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var access = await Explained.RunAsync(options.Cluster, () => target.ConnectAsync(cancellationToken));
        var shared = Shared(access, cancellationToken);
        var shown = "";
        string? warned = null;
        while (true)
        {
            var look = await LookAsync(shared, cancellationToken);
            // A moment's fault of the network or of AWS is no news of the services.
            var failed = shown.Length == 0 ? null : look.Select(each => each.Error).FirstOrDefault(error => error?.Outcome == ReleaseOutcome.AwsFailed);
            var news = failed is null ? JsonSerializer.Serialize(look) : shown;
            if (failed is not null && failed.Message != warned)
                warn(Errors.StatusUnread($"{failed.Code}: {failed.Message}"));
            warned = failed?.Message;
            if (news != shown)
                yield return look;
            shown = news;
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private AwsAccess Shared(AwsAccess access, CancellationToken cancellationToken) => services.Count == 1
        ? access
        : access with { Ecs = access.Ecs.Through(ecs => new SharedReads(PacedCalls.ForLooks(ecs, time), time, cancellationToken)) };

    private async Task<IReadOnlyList<ServiceStatus>> LookAsync(AwsAccess access, CancellationToken cancellationToken) =>
        await Task.WhenAll(services.Select(service => LookAsync(service, access, cancellationToken)));

    private async Task<ServiceStatus> LookAsync(string service, AwsAccess access, CancellationToken cancellationToken)
    {
        try
        {
            var status = new Status(options, service, target, directory);
            return await Explained.RunAsync($"{options.Cluster}/{service}", () => status.ReadAsync(access, cancellationToken));
        }
        catch (EcsReleaseException error)
        {
            // The others are shown all the same.
            return new ServiceStatus
            {
                Version = EngineVersion.Current,
                Target = target.Name,
                Account = access.Account,
                Region = access.Region,
                Cluster = options.Cluster,
                Service = service,
                State = error.Code == "ECSR4010" ? "MISSING" : "UNREAD",
                Running = 0,
                Pending = 0,
                Desired = 0,
                Code = error.Code,
                Message = error.Message,
                Error = error,
            };
        }
    }
}
