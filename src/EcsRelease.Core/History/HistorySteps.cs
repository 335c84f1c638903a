using System.Runtime.CompilerServices;
using EcsRelease.Deployments;

namespace EcsRelease.History;

/// <summary>A service's history in two steps, each read once: the newest releases, and many more only when these do not
/// have what is looked for.</summary>
/// <param name="live">The service as just read.</param>
internal sealed class HistorySteps(ServiceHistory history, LiveService live)
{
    private static readonly int[] _limits = [100, 1000];

    private readonly List<ReadHistory> _read = [];

    public ValueTask<ReadHistory> NewestAsync(CancellationToken cancellationToken) => AllAsync(cancellationToken).FirstAsync(cancellationToken);

    /// <summary>Stop enumerating to stop reading.</summary>
    public async IAsyncEnumerable<ReadHistory> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var step = 0; step < _limits.Length && (step == 0 || _read[step - 1].HasMore); step++)
        {
            if (_read.Count <= step)
                _read.Add(await history.ReadAsync(live, _limits[step], cancellationToken));
            yield return _read[step];
        }
    }
}
