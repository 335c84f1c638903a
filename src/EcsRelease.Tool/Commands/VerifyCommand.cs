using System.CommandLine;
using EcsRelease.Aws.Targets;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release verify`: whether everything that a release needs is there.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var command = new Command("verify", """
            Check what a release needs: images, roles, secrets, log groups, target groups, sizes, permissions. Only reads.
            Example: ecs-release verify --cluster production --strict
            """);
        var strict = new Option<bool>("--strict") { Description = "exit 11 also when something could not be checked" };
        command.Add(strict);
        var project = ProjectArguments.AddTo(command, OptionFlags.OfPlan());
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(
            parsed, output, (context, token) => RunAsync(parsed, project, parsed.GetValue(strict), context, token), cancellationToken));
        return command;
    }

    private static async Task<IVerbResult> RunAsync(
        ParseResult parsed, ProjectArguments arguments, bool strict, VerbContext context, CancellationToken cancellationToken)
    {
        var (options, project) = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
        context.Meant = (options, options.Service ?? ReleaseNames.Kebab(project.Info.AssemblyName));
        var target = ReleaseTargets.For(options, project.Info, TimeProvider.System, context.Reporter);
        var verify = new Verify(options, project.Info, target, context.Reporter, TimeProvider.System);
        return new Verified(await verify.RunAsync(strict, cancellationToken).ConfigureAwait(false));
    }
}
