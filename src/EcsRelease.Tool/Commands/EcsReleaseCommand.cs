using System.CommandLine;
using System.CommandLine.Invocation;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release`: the verbs, and what becomes of a command line that is none.</summary>
internal static class EcsReleaseCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, InvocationConfiguration invocation, CancellationToken cancellationToken)
    {
        // Exceptions become coded reports in VerbRun; what escapes it is a fault that must not be dressed up.
        invocation.EnableDefaultExceptionHandler = false;
        var parsed = Create().Parse(arguments);
        if (parsed.Action is not ParseErrorAction)
            return await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        var messages = parsed.Errors.Select(error => error.Message).ToArray();
        // A value after an unknown flag is not an error of its own.
        foreach (var message in messages.Where(OptionFlags.IsUnknownFlag).DefaultIfEmpty(messages.FirstOrDefault() ?? ""))
            await invocation.Error.WriteLineAsync(message).ConfigureAwait(false);
        await invocation.Error.WriteLineAsync($"See: {CommandPath(parsed)} --help").ConfigureAwait(false);
        return parsed.CommandResult.Command.Name == "run" ? RunCommand.OwnFailure : ReleaseOutcome.Invalid.ExitCode();
    }

    internal static RootCommand Create()
    {
        var root = Verbs();
        HelpWriter.AddTo(root);
        return root;
    }

    private static RootCommand Verbs() => new("""
        Releases a .NET service to Amazon ECS, and does the rest of its release cycle.
        Example: ecs-release deploy src/Orders --target local
        Example: ecs-release deploy src/Orders --cluster production
        Example: ecs-release status --cluster production --service orders
        """)
    {
        DeployCommand.Create(),
        PlanCommand.Create(),
        DiffCommand.Create(),
        WaitCommand.Create(),
        ContinueCommand.Create(),
        RollbackCommand.Create(),
        StopCommand.Create(),
        StatusCommand.Create(),
        HistoryCommand.Create(),
        LogsCommand.Create(),
        RunCommand.Create(),
        ScaleCommand.Create(),
        RestartCommand.Create(),
        VerifyCommand.Create(),
        PermissionsCommand.Create(),
        PruneCommand.Create(),
        InitCommand.Create(),
        ExplainCommand.Create(),
        LocalCommand.Create(),
        CompletionCommand.Create(),
        CompletionCommand.CreateSuggest(),
    };

    private static string CommandPath(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, result.Parent is null ? "ecs-release" : result.Command.Name);
        return string.Join(' ', names);
    }
}
