using System.Collections.Concurrent;
using System.Diagnostics;
using EcsRelease.Tests.Images;

namespace EcsRelease.Tests.Registry;

/// <summary>The registry of Docker (distribution) as an outside witness, on a free loopback port with storage of its own.</summary>
internal sealed class DockerRegistry : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private Process? process;

    private DockerRegistry()
    {
    }

    public string Host { get; private set; } = "";

    /// <summary>Starts one; where it is not installed the test is ignored, or fails when ECS_RELEASE_REQUIRE names `registry`.</summary>
    public static async Task<DockerRegistry> StartAsync()
    {
        var program = Find("docker-registry");
        if (program is null)
        {
            if ((Environment.GetEnvironmentVariable("ECS_RELEASE_REQUIRE") ?? "").Split(',').Contains("registry"))
                Assert.Fail("docker-registry is not on the PATH, but ECS_RELEASE_REQUIRE names it");
            Assert.Ignore("docker-registry is not on the PATH");
        }
        var registry = new DockerRegistry();
        for (var attempt = 0; attempt < 5; attempt++)
            if (await registry.TryStartAsync(program!))
                return registry;
        await registry.DisposeAsync();
        throw new InvalidOperationException("docker-registry does not answer");
    }

    /// <summary>Full path of a program on the PATH.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Dispose();
    }

    private async Task<bool> TryStartAsync(string program)
    {
        Host = $"127.0.0.1:{FaultyRegistry.FreePort()}";
        var config = folder.Write("config.yml", $$"""
            version: 0.1
            log: { level: error, accesslog: { disabled: true } }
            storage: { filesystem: { rootdirectory: {{folder.Path}}/data } }
            http: { addr: "{{Host}}" }
            """);
        process = Process.Start(new ProcessStartInfo(program, ["serve", config]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        // It logs each look for a missing blob as an error: worth reading only when it does not start.
        var errors = new ConcurrentQueue<string?>();
        process.ErrorDataReceived += (_, line) => errors.Enqueue(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient();
        for (var limit = Stopwatch.StartNew(); limit.Elapsed < TimeSpan.FromSeconds(20) && !process.HasExited;)
        {
            try
            {
                if ((await http.GetAsync(new Uri($"http://{Host}/v2/"))).IsSuccessStatusCode)
                    return true;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20);
            }
        }
        await StopAsync();
        await TestContext.Out.WriteLineAsync(string.Join('\n', errors));
        return false;
    }

    private async Task StopAsync()
    {
        if (process is null)
            return;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }
}
