using System.CommandLine;
using System.CommandLine.Completions;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release explain ECSR####`: the page of a code.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var command = new Command("explain", """
            Explain an error or warning: what it means, why it happens, what to do.
            Example: ecs-release explain ECSR5001
            Example: ecs-release explain
            """);
        var code = new Argument<string?>("CODE") { Description = "e.g. ECSR5001; without one, all codes are listed", Arity = ArgumentArity.ZeroOrOne };
        code.CompletionSources.Add(_ => ErrorPages.Codes.Select(known => new CompletionItem(known)));
        command.Add(code);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(code), parsed.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string? code, InvocationConfiguration invocation, CancellationToken cancellationToken)
    {
        if (code is null)
        {
            foreach (var known in ErrorPages.Codes)
                await invocation.Output.WriteLineAsync(ErrorPages.Title(known).AsMemory(), cancellationToken).ConfigureAwait(false);
            return 0;
        }
        if (ErrorPages.Find(code) is { } page)
        {
            await invocation.Output.WriteLineAsync(page.AsMemory(), cancellationToken).ConfigureAwait(false);
            return 0;
        }
        await invocation.Error.WriteLineAsync($"There is no code '{code}'. List them: ecs-release explain".AsMemory(), cancellationToken).ConfigureAwait(false);
        return ReleaseOutcome.Invalid.ExitCode();
    }
}
