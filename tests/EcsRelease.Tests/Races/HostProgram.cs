using System.Text.Json;
using EcsRelease.Aws.Targets;
using EcsRelease.Tests.Verbs;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Races;

/// <summary>The test assembly as a program: a process that releases what it is asked for on standard input, one after the
/// other. `ready`, then it waits for the barrier (`go`), then `record` and the document.</summary>
internal static class HostProgram
{
    private static readonly JsonSerializerOptions OneLine = new(ReleaseRecord.Json) { WriteIndented = false };

    public static async Task<int> Main()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var request = JsonSerializer.Deserialize<HostRequest>(line)!;
            Say("ready");
            if (await Console.In.ReadLineAsync() is null)
                return 1;
            await Task.Delay(request.Delay);
            var record = await ReleaseAsync(request);
            StandStill(request, HostRequest.AtEnd);
            Say($"record {JsonSerializer.Serialize(record, OneLine)}");
        }
        return 0;
    }

    private static async Task<ReleaseRecord> ReleaseAsync(HostRequest request)
    {
        var reporter = new StandingReporter(request);
        var target = new LocalTarget(new LocalAwsProgram(_ => null, AppContext.BaseDirectory, request.Root), TimeProvider.System, reporter,
            name => name == "ECS_RELEASE_HOME" ? request.Home : null);
        var project = new ProjectInfo { ProjectFile = Path.Combine(request.Root, "Orders.csproj"), AssemblyName = "Orders" };
        var release = new Release(request.Options, project, reporter, TimeProvider.System, target, new StateFolder(request.Images));
        try
        {
            var plan = await release.PlanAsync(CancellationToken.None);
            return await release.RunAsync(plan, new FolderPublisher(request.Root), CancellationToken.None);
        }
        catch (EcsReleaseException refused)
        {
            return release.RecordOf(refused);
        }
    }

    private static void StandStill(HostRequest request, string step)
    {
        if (request.StandAt != step)
            return;
        Say("standing");
        Thread.Sleep(Timeout.Infinite);
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    private sealed class StandingReporter(HostRequest request) : IReporter
    {
        public void Step(ReleaseStep step, string text)
        {
            Tell(text);
            StandStill(request, step.ToString());
        }

        public void Progress(Progress progress) => Tell(progress.Text);

        public void Detail(string text) => Tell(text);

        public void Warn(Notice warning) => Tell($"{warning.Code}: {warning.Message}");

        private static void Tell(string text) => Say($"said {DateTimeOffset.UtcNow:HH:mm:ss.fff} {text.ReplaceLineEndings(" ")}");
    }
}
