using System.CommandLine;
using EcsRelease.Tool.Commands;

namespace EcsRelease.Tests.Tool;

/// <summary>One run of `ecs-release` in this process: what it printed where, and its exit code.</summary>
internal sealed record ToolRun(int ExitCode, string Out, string Error)
{
    public static Task<ToolRun> OfAsync(params string[] arguments) => OfAsync(arguments, CancellationToken.None);

    public static async Task<ToolRun> OfAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await EcsReleaseCommand.RunAsync(arguments, new InvocationConfiguration { Output = output, Error = error }, cancellationToken);
        return new(exitCode, output.ToString(), error.ToString());
    }
}
