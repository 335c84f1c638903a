using EcsRelease.LocalAws.Images;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>Picks the runtime: the one that the settings name, else the best that works here.</summary>
internal sealed class RuntimeChoice(LocalAwsSettings settings, ImageRoots roots, StartedProcesses started, IImageStore images, TimeProvider time) : IRuntimeDescription
{
    private ITaskRuntime? _picked;

    public string Name => _picked?.Name ?? "not picked yet";

    public IReadOnlyList<string> Limits => _picked?.Limits ?? [];

    public ITaskRuntime Picked => _picked ?? throw new InvalidOperationException("The runtime is picked when the host starts.");

    public async Task PickAsync(CancellationToken cancellationToken) => _picked = settings.Runtime switch
    {
        "none" => new NoneRuntime(images, time),
        "process" => new ProcessRuntime(roots, started),
        "isolated" => await IsolatedWorksAsync(cancellationToken)
            ? new IsolatedRuntime(roots, started)
            : throw LocalAwsException.NotIsolated(),
        _ => await IsolatedWorksAsync(cancellationToken) ? new IsolatedRuntime(roots, started) : new ProcessRuntime(roots, started),
    };

    private async Task<bool> IsolatedWorksAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(settings.Folder, "probe-" + Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            return await IsolatedRuntime.WorksAsync(folder, IsolatedRuntime.Unshare, cancellationToken);
        }
        finally
        {
            ContainerFolders.Delete(folder);
        }
    }
}
