using System.CommandLine;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release plan`: what deploy would do.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var command = new Command("plan", """
            Print what deploy would do; change nothing.
            Example: ecs-release plan src/Orders --cluster production
            Example: ecs-release plan --exit-code --out plan.json
            """);
        var exitCode = new Option<bool>("--exit-code") { Description = "exit 11 when something would change" };
        command.Add(exitCode);
        var file = new Option<string?>("--out") { Description = "write the plan (JSON) to this file as well, for deploy --plan", HelpName = "FILE" };
        command.Add(file);
        var project = ProjectsArguments.AddTo(command, OptionFlags.OfPlan());
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, (context, token) =>
        {
            var deploy = new TypedArguments(parsed, [exitCode, file, .. output.Options]).For("deploy");
            return RunAsync(parsed, project, parsed.GetValue(exitCode), parsed.GetValue(file), deploy, context, token);
        }, cancellationToken));
        return command;
    }

    private static async Task<IVerbResult> RunAsync(
        ParseResult parsed, ProjectsArguments arguments, bool failOnChange, string? file, string deploy, VerbContext context, CancellationToken cancellationToken)
    {
        var path = file is null ? null : SavedPlan.PathOf("--out", file);
        var isReserved = path is not null && SavedPlan.Reserve(path);
        try
        {
            var meant = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
            if (meant.IsList)
                return path is null ? await ManyAsync(meant, failOnChange, context, cancellationToken).ConfigureAwait(false) : throw Errors.PlanFileOfOne("plan", "--out", meant.Services.Count);
            var (options, project) = meant.Services[0];
            context.Meant = (options, options.Service ?? ReleaseNames.Kebab(project.Info.AssemblyName));
            if (path is not null)
                SavedPlan.RefusePublished(path, project.Info);
            var release = new Release(options, project.Info, context.Reporter, TimeProvider.System) { PlanFile = path };
            var plan = await release.PlanAsync(cancellationToken).ConfigureAwait(false);
            if (path is not null)
                await SavedPlan.WriteAsync(plan, path, cancellationToken).ConfigureAwait(false);
            isReserved = false;
            return new Planned(plan, failOnChange, file is null ? null : $"{deploy} --plan {ShellWord.Of(file)}");
        }
        finally
        {
            if (isReserved)
                File.Delete(path!);
        }
    }

    private static async Task<IVerbResult> ManyAsync(MeantProjects meant, bool failOnChange, VerbContext context, CancellationToken cancellationToken)
    {
        using var many = new ReleaseMany([.. meant.Services.Select(each => each.Release)], context.Reporter, TimeProvider.System);
        return await many.CheckAsync(cancellationToken).ConfigureAwait(false) is { } refused ? new ReleasedMany(refused) : new PlannedMany(many.Plans, failOnChange);
    }
}
