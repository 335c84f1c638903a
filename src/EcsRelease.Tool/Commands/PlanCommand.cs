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
        var file = new Option<string?>("--out") { Description = "write the plan (JSON) to this file as well, for deploy --plan", HelpName = "FILE" };
        command.Add(file);
        var project = ProjectArguments.AddTo(command, OptionFlags.OfPlan());
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(
            parsed, output, (context, token) => RunAsync(parsed, project, parsed.GetValue(exitCode), parsed.GetValue(file), context, token), cancellationToken));
        return command;
    }

    private static async Task<IVerbResult> RunAsync(
        ParseResult parsed, ProjectArguments arguments, bool failOnChange, string? file, VerbContext context, CancellationToken cancellationToken)
    {
        var (options, project) = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
        context.Meant = (options, options.Service ?? ReleaseNames.Kebab(project.Info.AssemblyName));
        var path = file is null ? null : Path.GetFullPath(file);
        var release = new Release(options, project.Info, context.Reporter, TimeProvider.System) { PlanFile = path };
        var plan = await release.PlanAsync(cancellationToken).ConfigureAwait(false);
        if (path is not null)
            await SavedPlan.WriteAsync(plan, path, cancellationToken).ConfigureAwait(false);
        return new Planned(plan, failOnChange, file);
    }
}
