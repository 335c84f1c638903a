using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Verbs;

/// <summary>The connections of one run with several services: one for each region and way of credentials, each read and
/// written through at the pace that its region allows.</summary>
internal sealed class RunConnections(Func<WantedRelease, IReleaseTarget> targetOf, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Dictionary<object, SharedTarget> _targets = [];
    private readonly Dictionary<string, RequestBudgets> _budgets = new(StringComparer.Ordinal);
    private readonly List<AwsAccess> _made = [];
    private readonly List<SameReads> _reads = [];
    private readonly Lock _gate = new();
    private bool _isDisposed;

    public IReleaseTarget Of(WantedRelease wanted)
    {
        var options = wanted.Options;
        // A repository of another account or region has clients of its own.
        var key = (options.Target, options.Region, options.Profile, options.RoleArn, options.Account, options.EcrProfile, options.EcrRoleArn, EcrAddress.Parse(options.Repository)?.Host);
        if (!_targets.TryGetValue(key, out var target))
            _targets[key] = target = new SharedTarget(this, targetOf(wanted));
        return target;
    }

    /// <summary>All plans are made: what is read from now on is read anew.</summary>
    public void Planned() => _reads.ForEach(read => read.Close());

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _ended.Cancel();
        _made.ForEach(access => access.Dispose());
        _ended.Dispose();
    }

    private AwsAccess Shared(AwsAccess access)
    {
        lock (_gate)
        {
            _made.Add(access);
            if (!_budgets.TryGetValue(access.Region, out var budgets))
                _budgets[access.Region] = budgets = new RequestBudgets(time);
            return access with
            {
                Ecs = access.Ecs.Through(ecs => new SharedReads(new PacedCalls(ecs, budgets.Of), time, _ended.Token)),
                Ecr = access.Ecr.Through(ecr =>
                {
                    var reads = new SameReads(ecr);
                    _reads.Add(reads);
                    return reads;
                }),
                // Ended with the run, not with the first release that ends.
                Connections = null,
            };
        }
    }

    /// <summary>A target that is connected to once.</summary>
    private sealed class SharedTarget(RunConnections run, IReleaseTarget target) : IReleaseTarget
    {
        private readonly Lock _gate = new();
        private Task<AwsAccess>? _access;

        public string Name => target.Name;

        public TargetDefaults Defaults => target.Defaults;

        public Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken)
        {
            lock (_gate)
                return (_access ??= ConnectOnceAsync(cancellationToken)).WaitAsync(cancellationToken);
        }

        public Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) =>
            target.CheckSecretsAsync(secrets, project, cancellationToken);

        public Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) =>
            target.ProvideSecretsAsync(secrets, project, cancellationToken);

        public Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken) =>
            target.EndpointsAsync(cluster, service, cancellationToken);

        private async Task<AwsAccess> ConnectOnceAsync(CancellationToken cancellationToken) => run.Shared(await target.ConnectAsync(cancellationToken));
    }
}
