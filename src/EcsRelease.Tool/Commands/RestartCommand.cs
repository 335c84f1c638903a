using System.CommandLine;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release restart`: a forced deployment of the live revision.</summary>
internal static class RestartCommand
{
    public static Command Create()
    {
        var command = new Command("restart", """
            Replace all tasks of a service by new ones of the revision that is live, and wait; ends as deploy would. With --service no project is needed.
            Example: ecs-release restart --cluster production --service orders
            """);
        var service = ServiceArguments.AddTo(command, OptionFlags.OfRestart());
        var confirmation = Confirmation.AddTo(command);
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, async (context, token) =>
        {
            var meant = await service.ReadAsync(parsed, context.Reporter, token).ConfigureAwait(false);
            return await Acting.RunAsync(meant, context, new Restart(
                meant.Options, meant.Name, meant.Target, context.Reporter, TimeProvider.System)
                {
                    Confirm = (action, asked) => confirmation.RequireAsync(parsed, context, meant.Options, meant.Name, action, [], asked),
                }.RunAsync, token).ConfigureAwait(false);
        }, cancellationToken));
        return command;
    }
}
