using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release local`: hands the verb to the program of the local AWS, which is a package of its own.</summary>
internal static class LocalCommand
{
    public static Command Create()
    {
        var command = new Command("local", """
            The embedded local ECR and ECS: releases without an AWS account, also without Docker.
            Example: ecs-release local up
            Example: eval "$(ecs-release local env)"
            """)
        {
            Verb("up", "start it when it is not running, and print where it is", withJson: true),
            Verb("down", "stop its tasks and end it; the data is kept"),
            Verb("status", "say whether it runs; exits 3 when not", withJson: true),
            Verb("reset", "end it and delete its data"),
            Environment(),
        };
        return command;
    }

    private static Command Verb(string name, string description, bool withJson = false)
    {
        var command = new Command(name, $"{description}\nExample: ecs-release local {name}");
        var json = new Option<bool>("--json") { Description = "print one JSON document" };
        if (withJson)
            command.Add(json);
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(withJson && parsed.GetValue(json) ? [name, "--json"] : [name], parsed.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static Command Environment()
    {
        var command = new Command("env", """
            print the variables that point the AWS CLI and SDKs at it
            Example: eval "$(ecs-release local env)"
            Example: ecs-release local env --shell powershell | Out-String | Invoke-Expression
            """);
        var shell = new Option<string>("--shell") { Description = "syntax of the lines", DefaultValueFactory = _ => OperatingSystem.IsWindows() ? "powershell" : "sh" };
        shell.AcceptOnlyFromAmong("sh", "powershell");
        command.Add(shell);
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(["env", "--shell", parsed.GetValue(shell)!], parsed.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] arguments, InvocationConfiguration invocation, CancellationToken cancellationToken)
    {
        try
        {
            var program = LocalAwsProgram.Of(project: null).Find();
            // Its output is ours: the server that `up` leaves running must not hold a pipe that somebody reads to its end.
            var start = new ProcessStartInfo(program.FileName, [.. program.Arguments, .. arguments]) { WorkingDirectory = program.WorkingDirectory };
            // It prints commands to run next, and its own name need not be on the PATH.
            start.Environment["ECS_RELEASE_LOCAL_COMMAND"] = "ecs-release local";
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode;
        }
        catch (EcsReleaseException error)
        {
            return await RefuseAsync(error, invocation).ConfigureAwait(false);
        }
        catch (Win32Exception error)
        {
            return await RefuseAsync(Errors.LocalAwsMissing(error.Message), invocation).ConfigureAwait(false);
        }
    }

    private static async Task<int> RefuseAsync(EcsReleaseException error, InvocationConfiguration invocation)
    {
        await invocation.Error.WriteLineAsync($"{error.Code}: {error.Message}").ConfigureAwait(false);
        return error.Outcome.ExitCode();
    }
}
