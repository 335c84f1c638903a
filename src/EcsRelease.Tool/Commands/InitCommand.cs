using System.CommandLine;
using EcsRelease.Aws.Targets;
using EcsRelease.Options;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release init`: takes an existing service over into a project.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var command = new Command("init", """
            Take an existing service over: write ecs-task-definition.json beside the project, and into the project what finds the service. Changes nothing in AWS.
            Example: ecs-release init src/Orders --cluster production --service orders
            """);
        var force = new Option<bool>("--force") { Description = "overwrite the file, and properties of the project that say something else" };
        var project = ProjectArguments.AddTo(command, OptionFlags.OfInit());
        command.Add(force);
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(
            parsed, output, (context, token) => RunAsync(parsed, project, parsed.GetValue(force), context, token), cancellationToken));
        return command;
    }

    private static async Task<IVerbResult> RunAsync(ParseResult parsed, ProjectArguments arguments, bool force, VerbContext context, CancellationToken cancellationToken)
    {
        var (options, project) = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
        context.Meant = (options, options.Service ?? ReleaseNames.Kebab(project.Info.AssemblyName));
        var target = ReleaseTargets.For(options, project.Info, TimeProvider.System, context.Reporter);
        return new Adopted(await new Init(options, OptionReader.Read(project.Options), project.Info, target).RunAsync(force, cancellationToken).ConfigureAwait(false));
    }
}
