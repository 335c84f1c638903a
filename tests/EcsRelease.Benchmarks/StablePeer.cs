using System.Diagnostics;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Benchmarks;

/// <summary>What most pipelines wait with: `aws ecs wait services-stable`, or its loop where the AWS CLI is not installed.</summary>
internal sealed class StablePeer
{
    // botocore's waiters-2.json of ECS: a look each 15 s.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(15);

    private readonly bool _hasCli;

    private StablePeer(bool hasCli) => _hasCli = hasCli;

    public string Name => _hasCli ? "aws ecs wait services-stable" : "the loop of aws ecs wait services-stable";

    public static StablePeer Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return new(folders.Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "aws.exe" : "aws"))));
    }

    /// <returns>When it ended, and whether it says that all is well.</returns>
    public async Task<(DateTimeOffset At, bool IsStable)> WaitAsync(LocalAwsRun server, string service, CancellationToken cancellationToken)
    {
        var isStable = _hasCli ? await RunAsync(server, service, cancellationToken) : await LoopAsync(server.Client(AwsService.Ecs), service, cancellationToken);
        return (DateTimeOffset.UtcNow, isStable);
    }

    private static async Task<bool> RunAsync(LocalAwsRun server, string service, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("aws", ["ecs", "wait", "services-stable", "--services", service]) { RedirectStandardOutput = true, RedirectStandardError = true };
        server.Lead(start);
        using var aws = Process.Start(start)!;
        aws.BeginOutputReadLine();
        aws.BeginErrorReadLine();
        try
        {
            await aws.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            aws.Kill(entireProcessTree: true);
            throw;
        }
        return aws.ExitCode == 0;
    }

    private static async Task<bool> LoopAsync(IJsonService ecs, string service, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await ecs.CallAsync("DescribeServices", new() { ["services"] = new JsonArray(service) }, cancellationToken);
            var described = answer["services"]![0]!;
            if (described["deployments"]!.AsArray().Count == 1 && (int?)described["runningCount"] == (int?)described["desiredCount"])
                return true;
            await Task.Delay(s_pause, cancellationToken);
        }
    }
}

internal sealed class SilentReporter : IReporter
{
    public void Step(ReleaseStep step, string text)
    {
    }

    public void Progress(Progress progress)
    {
    }

    public void Detail(string text)
    {
    }

    public void Warn(Notice warning)
    {
    }
}
