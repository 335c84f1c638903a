using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Images;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>Runtime `none`: tasks go through their states, but nothing runs. For tests at scale.</summary>
internal sealed class NoneRuntime(IImageStore images, TimeProvider time) : ITaskRuntime
{
    public string Name => "none";

    public IReadOnlyList<string> Limits =>
    [
        "Tasks only go through their states and nothing runs. An image must be there only when its repository is.",
        "Of commands and health checks only echo, sleep, exit and oom are acted on; any other runs until it is stopped, and is healthy.",
    ];

    public bool HasPorts => false;

    public Task<PulledImage> PullAsync(string reference, string architecture, CancellationToken cancellationToken)
    {
        var pulled = new PulledImage(null, new JsonObject { ["Cmd"] = new JsonArray("none") }, "");
        try
        {
            var image = images.Resolve(reference, architecture);
            pulled = pulled with { Digest = image.RequestedDigest, WrongArchitecture = ImageRoots.WrongArchitecture(image, architecture) };
        }
        catch (ImageNotFoundException missing) when (missing.InRepository)
        {
            throw new TaskFailedException(missing.Message);
        }
        catch (ImageNotFoundException)
        {
            // An image of no repository here is taken as if it were there: many services are tested without pushing any.
        }
        return Task.FromResult(pulled);
    }

    public IContainerProcess Start(ContainerStart start) => new ScriptedProcess(start, time);

    private sealed class ScriptedProcess : IContainerProcess
    {
        private readonly TaskCompletionSource<int> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ContainerStart _start;
        private readonly TimeProvider _time;

        public ScriptedProcess(ContainerStart start, TimeProvider time)
        {
            (_start, _time) = (start, time);
            Exited = ScriptedProgram.Parse(start.Command) is { } program ? LiveAsync(program) : _stopped.Task;
        }

        public string RuntimeId { get; } = Guid.NewGuid().ToString("N");

        public Task<int> Exited { get; }

        public bool OutOfMemory { get; private set; }

        public void Terminate() => _stopped.TrySetResult(0);

        public void Kill() => _stopped.TrySetResult(137);

        public long MemoryInUse() => 0;

        public void KillForMemory() => Kill();

        public async Task<int> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) =>
            ScriptedProgram.Parse(command) is { } program ? (await program.RunAsync(_start.Environment, _ => { }, _time, cancellationToken)).Code : 0;

        private async Task<int> LiveAsync(ScriptedProgram program)
        {
            using var stop = new CancellationTokenSource();
            var run = program.RunAsync(_start.Environment, _start.Output, _time, stop.Token);
            if (await Task.WhenAny(run, _stopped.Task) == run)
            {
                (var code, OutOfMemory) = await run;
                return code;
            }
            await stop.CancelAsync();
            await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return await _stopped.Task;
        }
    }
}
