using System.CommandLine;
using System.Text.RegularExpressions;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release wait`: follows the newest deployments, with the outcomes and exit codes of deploy.</summary>
internal static partial class WaitCommand
{
    public static Command Create()
    {
        var command = new Command("wait", "Follow the newest deployment of a service, or of several, to its end; ends as deploy would. With a service's name no project is needed.");
        var names = new Argument<string[]>("SERVICE|PROJECT")
        {
            Description = "names of services, or one project file or directory (a directory with a slash: ./orders); default the current directory",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var flags = OptionFlags.OfWait();
        names.Validators.Add(flags.RefuseUnknown);
        command.Add(names);
        var service = ServiceArguments.AddTo(command, flags, parsed => parsed.GetValue(names) is [var only] && !IsService(only) ? only : null);
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(
            parsed,
            output,
            (context, token) => parsed.GetValue(names) is { Length: > 0 } given && (given.Length > 1 || IsService(given[0]))
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
        string[] services = [.. given.Append(meant.Options.Service).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (services.FirstOrDefault(name => !IsService(name)) is { } wrong)
            throw Errors.BadValue("SERVICE", wrong, "the name of a service; a project is given alone");
        if (meant.Options.RecordFile is { } file && services.Length > 1 && !file.Contains("{service}", StringComparison.Ordinal))
            throw Errors.RecordPathShared(file);
        context.OnCancel = () => $"ECS goes on with the deployments. Follow them: {FollowCommand.ForMany(meant.Options, services)}";
        var records = await new WaitMany(meant.Options, services, meant.Target, context.Reporter, TimeProvider.System).RunAsync(cancellationToken).ConfigureAwait(false);
        ReleaseReport.Write(records, meant.Options, null, context.Reporter.Warn);
        return new ReleasedMany(records);
    }

    // Names that ECS takes; a path has a slash or a dot.
    internal static bool IsService(string text) => ServiceName().IsMatch(text);

    [GeneratedRegex("^[A-Za-z0-9_-]{1,255}$", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceName();
}
