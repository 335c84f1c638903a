using System.CommandLine;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release plan`: what deploy would do.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var command = new Command("plan", "Print what deploy would do; change nothing.");
        var exitCode = new Option<bool>("--exit-code") { Description = "exit 11 when something would change" };
        command.Add(exitCode);
        var project = ProjectArguments.AddTo(command, OptionFlags.OfPlan());
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(
            parsed, output, (context, token) => RunAsync(parsed, project, parsed.GetValue(exitCode), context, token), cancellationToken));
        return command;
    }

    private static async Task<IVerbResult> RunAsync(
        ParseResult parsed, ProjectArguments arguments, bool failOnChange, VerbContext context, CancellationToken cancellationToken)
    {
        var (options, project) = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
        context.Meant = (options, options.Service ?? ReleaseNames.Kebab(project.Info.AssemblyName));
        var release = new Release(options, project.Info, context.Reporter, TimeProvider.System);
        return new Planned(await release.PlanAsync(cancellationToken).ConfigureAwait(false), failOnChange);
    }
}
