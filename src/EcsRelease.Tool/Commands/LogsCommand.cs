using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release logs`: what the containers of a service log.</summary>
internal static partial class LogsCommand
{
    public static Command Create()
    {
        var command = new Command("logs", """
            Show what the containers of a service log, all tasks together by time; with --follow also what comes, through rollouts. With --service no project is needed.
            Example: ecs-release logs --service orders --follow
            Example: ecs-release logs --service orders --commit 3f2a91c --grep /error|timeout/ --since 2h
            """);
        var follow = new Option<bool>("--follow", "-f") { Description = "go on until Ctrl-C; tasks that begin are shown as well" };
        var since = new Option<string?>("--since") { Description = "from then on: 90s, 10m, 2h, 3d ago, or a time as 2026-11-24T17:30; default 10m, of a task, commit or revision all", HelpName = "TIME" };
        var tail = new Option<int?>("--tail", "-n") { Description = "at most so many of the newest lines; default all since --since, else 1000", HelpName = "N" };
        var task = new Option<string?>("--task") { Description = "only this task: its id, the beginning of it, or its ARN; also one of ecs-release run", HelpName = "ID" };
        var grep = new Option<string?>("--grep") { Description = "only lines with this text, or /of this regular expression/", HelpName = "TEXT" };
        var timestamps = new Option<bool>("--timestamps", "-t") { Description = "begin each line with its time (UTC)" };
        command.Add(follow);
        command.Add(since);
        command.Add(tail);
        command.Add(task);
        command.Add(grep);
        command.Add(timestamps);
        var choice = ReleaseChoiceFlags.AddTo(command);
        var service = ServiceArguments.AddTo(command, OptionFlags.OfInit());
        // Here -f is what it is to docker and kubectl.
        foreach (var option in command.Options.Where(option => option.Name == "--framework"))
            option.Aliases.Remove("-f");
        var output = OutputOptions.AddTo(command);
        output.Options[0].Description = "print each line as a JSON object of its own, one a line";
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, async (context, token) =>
        {
            var isJson = output.IsJson(parsed);
            context.IsLineJson = true;
            var wanted = Wanted(parsed.GetValue(grep));
            var request = new LogRequest
            {
                Choice = choice.Read(parsed),
                Task = parsed.GetValue(task) is { } id ? TaskId().IsMatch(id) ? id : throw Errors.BadValue("--task", id, "the id of a task, 4 digits of it or more, or its ARN") : null,
                Since = Since(parsed.GetValue(since), TimeProvider.System.GetLocalNow()),
                Tail = parsed.GetValue(tail) is { } number ? number >= 0 ? number : throw Errors.BadValue("--tail", number.ToString(CultureInfo.InvariantCulture), "a whole number") : null,
                IsWanted = wanted,
                Follow = parsed.GetValue(follow),
            };
            var meant = await service.ReadAsync(parsed, context.Reporter, token).ConfigureAwait(false);
            context.Meant = (meant.Options, meant.Name);
            // Ctrl-C is how one ends it.
            context.OnCancel = () => null;
            var lines = new LogOutput(parsed.InvocationConfiguration.Output, isJson, parsed.GetValue(timestamps));
            await new Logs(meant.Options, meant.Name, request, meant.Target, context.Reporter, lines.Write, TimeProvider.System).RunAsync(token).ConfigureAwait(false);
            return new Streamed();
        }, cancellationToken, ownsTerminal: true));
        return command;
    }

    internal static DateTimeOffset? Since(string? text, DateTimeOffset now)
    {
        if (text is null)
            return null;
        if (Ago().Match(text) is { Success: true } match)
        {
            var number = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            var ago = match.Groups[2].Value switch { "s" => TimeSpan.FromSeconds(number), "m" => TimeSpan.FromMinutes(number), "h" => TimeSpan.FromHours(number), _ => TimeSpan.FromDays(number) };
            if (ago < now - DateTimeOffset.UnixEpoch)
                return now - ago;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) && time <= now && time >= DateTimeOffset.UnixEpoch
            ? time
            : throw Errors.BadValue("--since", text, "a duration as 90s, 10m, 2h or 3d, or a time that has passed, as 2026-11-24T17:30 or 2026-11-24T17:30:00Z");
    }

    internal static Func<string, bool> Wanted(string? text)
    {
        if (text is null)
            return _ => true;
        if (text is not ['/', .. { Length: > 0 } pattern, '/'])
            return message => message.Contains(text, StringComparison.Ordinal);
        try
        {
            var expression = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            return expression.IsMatch;
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw Errors.BadValue("--grep", text, $"text, or a regular expression between slashes: {wrong.Message}");
        }
    }

    [GeneratedRegex(@"^(\d{1,6}(?:\.\d+)?)([smhd])$")]
    private static partial Regex Ago();

    [GeneratedRegex("^([0-9a-fA-F-]{4,64}|arn:[^ ]+:task/[^ ]+)$")]
    private static partial Regex TaskId();

    /// <summary>All was said by its lines.</summary>
    private sealed class Streamed : IVerbResult
    {
        public int ExitCode => 0;

        public string ToJson() => "";

        public void Print(IAnsiConsole results, IAnsiConsole failures)
        {
        }
    }
}
