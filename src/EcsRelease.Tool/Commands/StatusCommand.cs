using System.CommandLine;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release status`: what is live.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", """
            Show what is live: commit, revision, deployments, task counts, image. With --service no project is needed.
            Example: ecs-release status --cluster production --service orders
            """);
        var service = ServiceArguments.AddTo(command, OptionFlags.OfService());
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(
            parsed, output, (context, token) => RunAsync(parsed, service, context, token), cancellationToken));
        return command;
    }

    private static async Task<IVerbResult> RunAsync(ParseResult parsed, ServiceArguments arguments, VerbContext context, CancellationToken cancellationToken)
    {
        var meant = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
        context.Meant = (meant.Options, meant.Name);
        return new Shown(await new Status(meant.Options, meant.Name, meant.Target).ReadAsync(cancellationToken).ConfigureAwait(false));
    }
}
