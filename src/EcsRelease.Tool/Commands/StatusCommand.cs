using System.CommandLine;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release status`: what is live.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "Show what is live in a service, or in several: commit, age, revision, deployments, task counts, the image that really runs. With a service's name no project is needed.\nExample: ecs-release status --service orders\nExample: ecs-release status orders billing --watch");
        var names = new Argument<string[]>("SERVICE|PROJECT")
        {
            Description = "names of services, or one project file or directory (a directory with a slash: ./orders); default the current directory",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var flags = OptionFlags.OfInit();
        names.Validators.Add(flags.RefuseUnknown);
        command.Add(names);
        var service = ServiceArguments.AddTo(command, flags, parsed => parsed.GetValue(names) is [var only] && !ServiceNames.IsOne(only) ? only : null);
        var watch = new Option<bool>("--watch", "-w") { Description = "look again every 5 seconds until Ctrl-C; with --json one line per change" };
        command.Add(watch);
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, async (context, token) =>
        {
            var (meant, services) = await ReadAsync(parsed, parsed.GetValue(names) ?? [], service, context, token).ConfigureAwait(false);
            if (parsed.GetValue(watch))
                return await WatchAsync(parsed, meant, services, output.IsJson(parsed), context, token).ConfigureAwait(false);
            return services is null
                ? new Shown(await new Status(meant.Options, meant.Name, meant.Target, meant.Directory).ReadAsync(token).ConfigureAwait(false), TimeProvider.System.GetUtcNow())
                : new ShownMany(await Many(meant, services, context.Reporter.Warn).ReadAsync(token).ConfigureAwait(false), TimeProvider.System.GetUtcNow());
        }, cancellationToken, ownsTerminal: parsed.GetValue(watch)));
        return command;
    }

    /// <returns>Null services: the one of the project or of --service, which has the single form.</returns>
    private static async Task<(MeantService Meant, IReadOnlyList<string>? Services)> ReadAsync(
        ParseResult parsed, string[] given, ServiceArguments arguments, VerbContext context, CancellationToken cancellationToken)
    {
        if (given.Length > 1 || (given is [var only] && ServiceNames.IsOne(only)))
        {
            var flags = arguments.ReadFlags(parsed, context.Reporter);
            return (flags, ServiceNames.Several(given, flags.Options));
        }
        var meant = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
        context.Meant = (meant.Options, meant.Name);
        return (meant, null);
    }

    private static async Task<IVerbResult> WatchAsync(
        ParseResult parsed, MeantService meant, IReadOnlyList<string>? services, bool isJson, VerbContext context, CancellationToken cancellationToken)
    {
        var (results, writer) = (Consoles.Create(parsed.InvocationConfiguration.Output), parsed.InvocationConfiguration.Output);
        StatusWatch? watch = null;
        var isLive = !isJson && results.Profile.Capabilities is { Ansi: true, Interactive: true };
        watch = new StatusWatch(Many(meant, services ?? [meant.Name], Warn), services is null, isLive, isJson, results, writer, TimeProvider.System);
        try
        {
            await watch.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A view has no other end.
        }
        catch (EcsReleaseException error)
        {
            return new Watched(new Failure(error, context.Meant));
        }
        return new Watched(null);

        void Warn(Notice warning)
        {
            if (isLive)
                watch!.Note(warning);
            else
                context.Reporter.Warn(warning);
        }
    }

    private static StatusMany Many(MeantService meant, IReadOnlyList<string> services, Action<Notice> warn) =>
        new(meant.Options, services, meant.Target, meant.Directory, warn, TimeProvider.System);
}
