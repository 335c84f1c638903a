using System.CommandLine;
using System.CommandLine.Parsing;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release run`: a command in a task of a release; the container's exit code is passed through.</summary>
internal static class RunCommand
{
    /// <summary>Exit code of what went wrong beside the command itself, as `docker run` has it.</summary>
    public const int OwnFailure = 125;

    public static Command Create()
    {
        var command = new Command("run", """
            Run a command once in a task of a release, with the network and roles of the service's own tasks; show what it logs, and exit as it does (125: it could not be run). Ctrl-C stops the task. With --service no project is needed.
            Example: ecs-release run --service orders -- dotnet Orders.dll --migrate
            Example: ecs-release run --service orders --commit 3f2a91c --env LOG_LEVEL=debug -- sh -c "env | sort"
            """);
        var words = new Argument<string[]>("COMMAND") { Description = "what to run, after two dashes: -- COMMAND ARGS; it takes the place of the container's command, an entry point stays", Arity = ArgumentArity.OneOrMore };
        var variables = new Option<string[]>("--env", "-e") { Description = "environment variable of this run; a NAME alone takes the value from here", HelpName = "NAME[=VALUE]" };
        var cpu = new Option<int?>("--cpu") { Description = "CPU units of the task, in place of the revision's", HelpName = "N" };
        var memory = new Option<int?>("--memory") { Description = "MiB of the task, in place of the revision's", HelpName = "N" };
        var choice = ReleaseChoiceFlags.AddTo(command);
        command.Add(words);
        command.Add(variables);
        command.Add(cpu);
        command.Add(memory);
        var service = ServiceArguments.AddWithProjectFlagTo(command, OptionFlags.OfRun());
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, async (context, token) =>
        {
            context.FailureExitCode = OwnFailure;
            RefuseFlags(parsed);
            var request = new RunRequest
            {
                Command = parsed.GetValue(words)!,
                Choice = choice.Read(parsed),
                Environment = [.. (parsed.GetValue(variables) ?? []).Select(Variable).OfType<NameValue>()],
                Cpu = Positive("--cpu", parsed.GetValue(cpu)),
                Memory = Positive("--memory", parsed.GetValue(memory)),
            };
            var meant = await service.ReadAsync(parsed, context.Reporter, token).ConfigureAwait(false);
            context.Meant = (meant.Options, meant.Name);
            using var second = SecondInterrupt.Listen();
            var lines = new LineOutput(output.IsJson(parsed) ? parsed.InvocationConfiguration.Error : parsed.InvocationConfiguration.Output);
            var run = new Run(meant.Options, meant.Name, request, meant.Target, context.Reporter, lines.Write, TimeProvider.System, second.Token);
            context.OnCancel = () => run.WhatGoesOn;
            return new RunEnded(await run.RunAsync(token).ConfigureAwait(false));
        }, cancellationToken, ownsTerminal: true));
        return command;
    }

    /// <summary>A flag that is not known counts as the command's first word unless that comes after two dashes.</summary>
    private static void RefuseFlags(ParseResult parsed)
    {
        foreach (var token in parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash))
            if (token.Type == TokenType.Argument && token.Value is ['-', _, ..] && !IsValueOfFlag(parsed, token))
                throw Errors.RunFlagUnknown(token.Value);
    }

    private static bool IsValueOfFlag(ParseResult parsed, Token token) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Any(option => option.Tokens.Contains(token));

    private static NameValue? Variable(string text) => text.Split('=', 2) switch
    {
        [{ Length: > 0 } name, var value] => new(name, value),
        // As `docker run -e`: what is not set here is not set there.
        [{ Length: > 0 } name] => Environment.GetEnvironmentVariable(name) is { } value ? new(name, value) : null,
        _ => throw Errors.BadValue("--env", text, "NAME=VALUE, or NAME of a variable that is set here"),
    };

    private static int? Positive(string flag, int? value) =>
        value is <= 0 ? throw Errors.BadValue(flag, value.ToString()!, "a whole number above 0") : value;
}
