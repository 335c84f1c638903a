using System.CommandLine;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release completion SHELL`: a script that asks the hidden command `__complete` at every TAB, so that it never
/// grows old.</summary>
internal static class CompletionCommand
{
    public const string SuggestName = "__complete";

    public static Command Create() => new("completion", """
        Print the completion of a shell: a script for its start file, for verbs, flags, their words and error codes.
        Example: eval "$(ecs-release completion bash)"
        Example: ecs-release completion zsh > "${fpath[1]}/_ecs-release"
        Example: ecs-release completion pwsh | Out-String | Invoke-Expression
        """)
    {
        Script("bash", """
            Print the completion of bash. For every session: add the example to ~/.bashrc.
            Example: eval "$(ecs-release completion bash)"
            """),
        Script("zsh", """
            Print the completion of zsh. For every session: write it once into a folder of fpath, or add the second example to ~/.zshrc, after compinit.
            Example: ecs-release completion zsh > "${fpath[1]}/_ecs-release"
            Example: source <(ecs-release completion zsh)
            """),
        Script("pwsh", """
            Print the completion of PowerShell 7. For every session: add the example to $PROFILE.
            Example: ecs-release completion pwsh | Out-String | Invoke-Expression
            """),
    };

    /// <summary>Asked by the scripts.</summary>
    public static Command CreateSuggest()
    {
        var command = new Command(SuggestName, "Print what may follow a command line.") { Hidden = true };
        var line = new Argument<string>("LINE") { Description = "the command line up to the cursor" };
        command.Add(line);
        command.SetAction(parsed =>
        {
            foreach (var suggestion in Suggestions.For(EcsReleaseCommand.Create(), parsed.GetValue(line)!))
                parsed.InvocationConfiguration.Output.WriteLine(suggestion);
        });
        return command;
    }

    public static string ScriptOf(string shell)
    {
        using var script = new StreamReader(typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completions.{shell}")!);
        return script.ReadToEnd();
    }

    private static Command Script(string shell, string description)
    {
        var command = new Command(shell, description);
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(ScriptOf(shell)));
        return command;
    }
}
