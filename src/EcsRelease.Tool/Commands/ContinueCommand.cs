using System.CommandLine;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release continue`: answers the lifecycle hook at which a deployment is paused.</summary>
internal static class ContinueCommand
{
    public static Command Create()
    {
        var command = new Command("continue", """
            Let a deployment go on that is paused at a lifecycle hook, and follow it; ends as deploy would. With --service no project is needed.
            Example: ecs-release continue --service orders
            """);
        var hook = new Option<string?>("--hook") { Description = "id of the hook; needed when several wait", HelpName = "ID" };
        command.Add(hook);
        var service = ServiceArguments.AddWithProjectFlagTo(command, OptionFlags.OfAct());
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, async (context, token) =>
        {
            var meant = await service.ReadAsync(parsed, context.Reporter, token).ConfigureAwait(false);
            return await Acting.RunAsync(meant, context, new Continue(
                meant.Options, meant.Name, parsed.GetValue(hook), meant.Target, context.Reporter, TimeProvider.System).RunAsync, token).ConfigureAwait(false);
        }, cancellationToken));
        return command;
    }
}
