using System.Globalization;
using System.Text.RegularExpressions;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>
/// What the runtime `none` makes of a command, so that exit codes, logs and health can be told without a process: `echo TEXT`,
/// `sleep SECONDS`, `exit CODE`, and `oom` (killed for its memory), alone or as `sh -c "echo one; exit 3"`.
/// Any other command is a program that runs until it is stopped.
/// </summary>
internal sealed partial class ScriptedProgram
{
    private readonly List<(string Word, string Text)> _steps;

    private ScriptedProgram(List<(string, string)> steps) => _steps = steps;

    /// <returns>Null when the command is none of these words.</returns>
    public static ScriptedProgram? Parse(IReadOnlyList<string> command)
    {
        var text = command is ["sh" or "/bin/sh", "-c", var script, ..] ? script : string.Join(' ', command);
        var steps = Separator().Split(text).Select(step => step.Trim()).Where(step => step.Length > 0)
            .Select(step => step.Split(' ', 2)).Select(parts => (Word: parts[0], Text: parts.Length > 1 ? parts[1].Trim() : "")).ToList();
        return steps.Count > 0 && steps.TrueForAll(step => step.Word switch
        {
            "echo" or "oom" => true,
            "sleep" => double.TryParse(step.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _),
            "exit" => step.Text.Length == 0 || byte.TryParse(step.Text, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            _ => false,
        })
            ? new ScriptedProgram(steps)
            : null;
    }

    /// <param name="output">Takes what is echoed, with `$NAME` and `${NAME}` put in.</param>
    /// <returns>The exit code, and whether memory was the reason.</returns>
    public async Task<(int Code, bool OutOfMemory)> RunAsync(
        IReadOnlyDictionary<string, string> environment, Action<string> output, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var (word, rest) in _steps)
        {
            switch (word)
            {
                case "echo":
                    output(Variable().Replace(rest.Trim('"', '\''), match => environment.GetValueOrDefault(match.Groups["name"].Value, "")));
                    break;
                case "sleep":
                    await Task.Delay(TimeSpan.FromSeconds(double.Parse(rest, CultureInfo.InvariantCulture)), time, cancellationToken);
                    break;
                case "exit":
                    return (rest.Length == 0 ? 0 : byte.Parse(rest, CultureInfo.InvariantCulture), false);
                default:
                    return (137, true);
            }
        }
        return (0, false);
    }

    [GeneratedRegex(@";|&&|\n")]
    private static partial Regex Separator();

    [GeneratedRegex(@"\$\{?(?<name>[A-Za-z_][A-Za-z0-9_]*)\}?")]
    private static partial Regex Variable();
}
