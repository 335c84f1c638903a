using System.Diagnostics;
using System.Text.Json;

namespace EcsRelease.Tests.Races;

/// <summary>A process that releases, from outside: it can be asked, and killed by SIGKILL.</summary>
internal sealed class ReleaseHost : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process process;
    private readonly Task<string> error;
    private readonly List<string> said = [];

    private ReleaseHost(Process process) => (this.process, error) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>What the release said, for the text of a failure.</summary>
    public string Said => string.Join('\n', said);

    public static ReleaseHost Start() => new(Process.Start(new ProcessStartInfo("dotnet", [typeof(HostProgram).Assembly.Location])
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!);

    /// <summary>The process stands at the barrier.</summary>
    public async Task PrepareAsync(HostRequest request)
    {
        said.Clear();
        await WriteAsync(JsonSerializer.Serialize(request));
        (await NextAsync()).Should().Be("ready", error.IsCompleted ? await error : "");
    }

    public Task GoAsync() => WriteAsync("go");

    /// <returns>The record; null when it stands still where it was asked to.</returns>
    public async Task<ReleaseRecord?> RecordAsync()
    {
        while (await NextAsync() is { } line)
        {
            if (line == "standing")
                return null;
            if (line.StartsWith("record ", StringComparison.Ordinal))
                return JsonSerializer.Deserialize<ReleaseRecord>(line["record ".Length..], ReleaseRecord.Json);
            said.Add(line["said ".Length..]);
        }
        throw new InvalidOperationException($"The process ended by itself: {await error}\n{Said}");
    }

    public async Task<ReleaseRecord> RunAsync(HostRequest request)
    {
        await PrepareAsync(request);
        await GoAsync();
        return (await RecordAsync())!;
    }

    /// <summary>SIGKILL: no handler, no finally, no answer.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }
        process.Dispose();
    }

    private async Task WriteAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
    }

    private async Task<string?> NextAsync() => await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
}
