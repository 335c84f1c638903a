using System.CommandLine;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release stop`: undoes the deployment that is in progress.</summary>
internal static class StopCommand
{
    public static Command Create()
    {
        var command = new Command("stop", """
            Stop the deployment that is in progress by a rollback, also a paused one, and wait until the service is what it was. With --service no project is needed.
            Example: ecs-release stop --service orders
            """);
        var service = ServiceArguments.AddWithProjectFlagTo(command, OptionFlags.OfUndo());
        var confirmation = Confirmation.AddTo(command);
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, async (context, token) =>
        {
            var meant = await service.ReadAsync(parsed, context.Reporter, token).ConfigureAwait(false);
            var stop = new Stop(meant.Options, meant.Name, meant.Target, context.Reporter, TimeProvider.System)
            {
                Confirm = (action, asked) => confirmation.RequireAsync(parsed, context, meant.Options, meant.Name, action, [], asked),
            };
            return await Acting.RunAsync(meant, context, stop.RunAsync, token, isRollback: true).ConfigureAwait(false);
        }, cancellationToken));
        return command;
    }
}
