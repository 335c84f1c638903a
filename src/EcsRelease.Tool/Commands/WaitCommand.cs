using System.CommandLine;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release wait`: follows the newest deployment, with the outcomes and exit codes of deploy.</summary>
internal static class WaitCommand
{
    public static Command Create()
    {
        var command = new Command("wait", "Follow the newest deployment of a service to its end; ends as deploy would. With --service no project is needed.");
        var service = ServiceArguments.AddTo(command, OptionFlags.OfWait());
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(
            parsed, output, (context, token) => RunAsync(parsed, service, context, token), cancellationToken));
        return command;
    }

    private static async Task<IVerbResult> RunAsync(ParseResult parsed, ServiceArguments arguments, VerbContext context, CancellationToken cancellationToken)
    {
        var meant = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
        context.Meant = (meant.Options, meant.Name);
        context.OnCancel = () => $"ECS goes on with the deployment. Follow it: {FollowCommand.For(meant.Options, meant.Name)}";
        var record = await new Wait(meant.Options, meant.Name, meant.Target, context.Reporter, TimeProvider.System).RunAsync(cancellationToken).ConfigureAwait(false);
        ReleaseReport.Write(record, meant.Options, meant.Project, context.Reporter.Warn);
        return new Released(record);
    }
}
