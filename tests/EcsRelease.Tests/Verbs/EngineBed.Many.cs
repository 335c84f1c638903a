using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>Several services in one run.</summary>
internal sealed partial class EngineBed
{
    private int published;

    /// <summary>How often runs of several services have published a project.</summary>
    public int Published => published;

    /// <param name="region">Another account's or region's local AWS for the services that name it.</param>
    /// <param name="other">A second project, that of the services after the first.</param>
    public ReleaseMany Many(IEnumerable<ReleaseOptions> services, (string Name, EngineBed Bed)? region = null, string? other = null) => new(
        [.. services.Select((options, number) => new WantedRelease(Impatient(options), number == 0 || other is null ? Project : Project with { ProjectFile = Path.Combine(Repository.Root, other + ".csproj"), AssemblyName = other }))], Reporter, TimeProvider.System,
        wanted => region is { } other && wanted.Options.Region == other.Name ? new OtherRegion(other.Bed.Recorded(), other.Name) : Recorded(),
        new StateFolder(ImageCache.Folder));

    /// <summary>Checks and runs.</summary>
    public async Task<IReadOnlyList<ReleaseRecord>> ReleaseManyAsync(IEnumerable<ReleaseOptions> services, (string Name, EngineBed Bed)? region = null)
    {
        using var many = Many(services, region);
        return await many.CheckAsync(CancellationToken.None) ?? await many.RunAsync(_ => Publisher(), CancellationToken.None);
    }

    public IPublisher Publisher() => new CountingPublisher(this);

    private ProjectInfo Project => new() { ProjectFile = Path.Combine(Repository.Root, "Orders.csproj"), AssemblyName = "Orders" };

    private sealed class CountingPublisher(EngineBed bed) : IPublisher
    {
        public Task<PublishedProject> PublishAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref bed.published);
            return new FolderPublisher(bed.Repository.Root).PublishAsync(cancellationToken);
        }
    }

    /// <summary>A second local AWS stands for another region.</summary>
    private sealed class OtherRegion(IReleaseTarget target, string region) : IReleaseTarget
    {
        public string Name => target.Name;

        public TargetDefaults Defaults => target.Defaults;

        public async Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken) => await target.ConnectAsync(cancellationToken) with { Region = region };

        public Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => target.CheckSecretsAsync(secrets, project, cancellationToken);

        public Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => target.ProvideSecretsAsync(secrets, project, cancellationToken);

        public Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken) => target.EndpointsAsync(cluster, service, cancellationToken);
    }
}
