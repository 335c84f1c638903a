using System.CommandLine;
using System.Globalization;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release history`: what was released, newest first.</summary>
internal static class HistoryCommand
{
    private const int Usual = 20;

    public static Command Create()
    {
        var command = new Command("history", "List the releases of a service, newest first: revision, commit, image, how each ended and how long it was live. With --service no project is needed.\nExample: ecs-release history --service orders --limit 5\nExample: ecs-release history --service orders --all --json");
        var service = ServiceArguments.AddTo(command, OptionFlags.OfInit());
        var limit = new Option<string>("--limit") { Description = $"how many releases at most; default {Usual}", HelpName = "N" };
        var all = new Option<bool>("--all") { Description = "all releases that ECS knows" };
        command.Add(limit);
        command.Add(all);
        command.Validators.Add(result =>
        {
            if (result.GetResult(limit) is not null && result.GetValue(all))
                result.AddError("--limit and --all exclude each other.");
        });
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, async (context, token) =>
        {
            var most = parsed.GetValue(all) ? int.MaxValue : Number(parsed.GetValue(limit));
            var meant = await service.ReadAsync(parsed, context.Reporter, token).ConfigureAwait(false);
            context.Meant = (meant.Options, meant.Name);
            return new Told(await new ReleaseHistory(meant.Options, meant.Name, meant.Target, meant.Directory, TimeProvider.System).ReadAsync(most, token).ConfigureAwait(false));
        }, cancellationToken));
        return command;
    }

    private static int Number(string? limit) => limit is null ? Usual
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw Errors.BadValue("--limit", limit, "a whole number from 1 on");
}
