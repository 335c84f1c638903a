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
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, async (context, token) =>
        {
            var meant = await service.ReadAsync(parsed, context.Reporter, token).ConfigureAwait(false);
            return await Acting.RunAsync(meant, context, new Stop(
                meant.Options, meant.Name, meant.Target, context.Reporter, TimeProvider.System).RunAsync, token).ConfigureAwait(false);
        }, cancellationToken));
        return command;
    }
}
