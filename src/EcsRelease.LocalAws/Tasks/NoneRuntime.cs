using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Images;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>Runtime `none`: tasks go through their states, but nothing runs. For tests at scale.</summary>
internal sealed class NoneRuntime(IImageStore images) : ITaskRuntime
{
    public string Name => "none";

    public IReadOnlyList<string> Limits => ["Tasks only go through their states: no image is needed and nothing runs."];

    public bool HasPorts => false;

    public Task<PulledImage> PullAsync(string reference, CancellationToken cancellationToken)
    {
        var config = new JsonObject { ["Cmd"] = new JsonArray("none") };
        try
        {
            return Task.FromResult(new PulledImage(images.Resolve(reference).RequestedDigest, config, ""));
        }
        catch (ImageNotFoundException)
        {
            return Task.FromResult(new PulledImage(null, config, ""));
        }
    }

    public IContainerProcess Start(ContainerStart start) => new NoProcess();

    private sealed class NoProcess : IContainerProcess
    {
        private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string RuntimeId { get; } = Guid.NewGuid().ToString("N");

        public Task<int> Exited => _exited.Task;

        public void Terminate() => _exited.TrySetResult(0);

        public void Kill() => _exited.TrySetResult(137);

        public Task<int> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) => Task.FromResult(0);
    }
}
