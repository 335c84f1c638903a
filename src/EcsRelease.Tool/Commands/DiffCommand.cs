using System.CommandLine;
using EcsRelease.Aws.Targets;
using EcsRelease.Options;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release diff`: what a release would change in the task definition, or what differs between two revisions.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var command = new Command("diff", """
            Compare the task definition that a release would register with the live one, or two revisions (diff orders:6 orders:7). Exits 11 when they differ.
            Example: ecs-release diff
            Example: ecs-release diff orders:6 orders:7
            """);
        var flags = OptionFlags.OfDefinition();
        var project = ProjectArguments.AddTo(command, flags);
        var revision = new Argument<string?>("REVISION") { Description = "compare two revisions, FAMILY:REVISION or ARN, the first in place of the project", Arity = ArgumentArity.ZeroOrOne };
        revision.Validators.Add(flags.RefuseUnknown);
        command.Add(revision);
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(
            parsed, output, (context, token) => RunAsync(parsed, project, parsed.GetValue(revision), context, token), cancellationToken));
        return command;
    }

    private static async Task<IVerbResult> RunAsync(ParseResult parsed, ProjectArguments arguments, string? second, VerbContext context, CancellationToken cancellationToken)
    {
        if (second is not null)
        {
            var flags = OptionReader.Read(arguments.Flags(parsed));
            return new Compared(await new Diff(flags, ReleaseTargets.For(flags, null, TimeProvider.System, context.Reporter))
                .OfRevisionsAsync(arguments.Named(parsed)!, second, cancellationToken).ConfigureAwait(false));
        }
        var (options, project) = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
        context.Meant = (options, options.Service ?? ReleaseNames.Kebab(project.Info.AssemblyName));
        return new Compared(await new Diff(options, ReleaseTargets.For(options, project.Info, TimeProvider.System, context.Reporter))
            .WithLiveAsync(project.Info, cancellationToken).ConfigureAwait(false));
    }
}
