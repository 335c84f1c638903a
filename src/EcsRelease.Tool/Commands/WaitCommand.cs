using System.CommandLine;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release wait`: follows the newest deployments, with the outcomes and exit codes of deploy.</summary>
internal static class WaitCommand
{
    public static Command Create()
    {
        var command = new Command("wait", """
            Follow the newest deployment of a service, or of several, to its end; ends as deploy would. With a service's name no project is needed.
            Example: ecs-release wait orders --cluster production
            Example: ecs-release wait orders payments --timeout 20m --json
            """);
        var names = new Argument<string[]>("SERVICE|PROJECT")
        {
            Description = "names of services, or one project file or directory (a directory with a slash: ./orders); default the current directory",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var flags = OptionFlags.OfWait();
        names.Validators.Add(flags.RefuseUnknown);
        command.Add(names);
        var service = ServiceArguments.AddTo(command, flags, parsed => parsed.GetValue(names) is [var only] && !ServiceNames.IsOne(only) ? only : null);
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(
            parsed,
            output,
            (context, token) => parsed.GetValue(names) is { Length: > 0 } given && (given.Length > 1 || ServiceNames.IsOne(given[0]))
                ? RunManyAsync(given, service.ReadFlags(parsed, context.Reporter), context, token)
                : RunAsync(parsed, service, context, token),
            cancellationToken));
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

    private static async Task<IVerbResult> RunManyAsync(string[] given, MeantService meant, VerbContext context, CancellationToken cancellationToken)
    {
        var services = ServiceNames.Several(given, meant.Options);
        if (meant.Options.RecordFile is { } file && services.Count > 1 && !file.Contains("{service}", StringComparison.Ordinal))
            throw Errors.RecordPathShared(file);
        context.OnCancel = () => $"ECS goes on with the deployments. Follow them: {FollowCommand.ForMany(meant.Options, services)}";
        var records = await new WaitMany(meant.Options, services, meant.Target, context.Reporter, TimeProvider.System).RunAsync(cancellationToken).ConfigureAwait(false);
        ReleaseReport.Write(records, meant.Options, null, context.Reporter.Warn);
        return new ReleasedMany(records);
    }
}
