using System.CommandLine;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release rollback`: undoes the deployment that is in progress.</summary>
internal static class RollbackCommand
{
    public static Command Create()
    {
        var command = new Command("rollback", "Roll back the deployment that is in progress, also a paused one, and wait until the service is what it was. With --service no project is needed.");
        var service = ServiceArguments.AddWithProjectFlagTo(command, OptionFlags.OfUndo());
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, async (context, token) =>
        {
            var meant = await service.ReadAsync(parsed, context.Reporter, token).ConfigureAwait(false);
            return await Acting.RunAsync(meant, context, new Rollback(
                meant.Options, meant.Name, meant.Target, context.Reporter, TimeProvider.System).RunAsync, token).ConfigureAwait(false);
        }, cancellationToken));
        return command;
    }
}
