using System.Globalization;
using System.Text.RegularExpressions;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Commands;

/// <summary>Settings from ECS_RELEASE_LOCAL_… variables.</summary>
internal static partial class SettingsReader
{
    private static readonly string[] Runtimes = ["auto", "isolated", "process", "none"];

    public static LocalAwsSettings Read(StateFolder folder, Func<string, string?> environment)
    {
        var defaults = new LocalAwsSettings { Folder = folder.Path };
        return defaults with
        {
            Account = Read("ACCOUNT", defaults.Account, "12 digits", text => (AccountForm().IsMatch(text), text)),
            Region = Read("REGION", defaults.Region, "a region, e.g. us-east-1", text => (RegionForm().IsMatch(text), text)),
            Port = Read("PORT", defaults.Port, "a port number from 0 to 65535", text => (ushort.TryParse(text, CultureInfo.InvariantCulture, out var port), (int)port)),
            Runtime = Read("RUNTIME", defaults.Runtime, $"one of {string.Join(", ", Runtimes)}", text => (Runtimes.Contains(text), text)),
            IdleTimeout = Duration("IDLE", defaults.IdleTimeout),
            HealthyAfter = Duration("HEALTHY_AFTER", defaults.HealthyAfter),
            HealthCheckLimit = Duration("HEALTH_CHECK_LIMIT", defaults.HealthCheckLimit),
            Throttle = Read("THROTTLE", defaults.Throttle, "aws or off", text => (text is "aws" or "off", text == "aws")),
            StartBackOff = Duration("START_BACK_OFF", defaults.StartBackOff),
            StartBackOffLimit = Duration("START_BACK_OFF_LIMIT", defaults.StartBackOffLimit),
            StoppedTasksKept = Duration("STOPPED_TASKS_KEPT", defaults.StoppedTasksKept),
        };

        TimeSpan Duration(string name, TimeSpan fallback) =>
            Read(name, fallback, "a duration of at most 24 days, e.g. 500ms, 90s, 20m or 4h", ParseDuration);

        T Read<T>(string name, T fallback, string expected, Func<string, (bool Good, T Value)> parse)
        {
            var variable = $"ECS_RELEASE_LOCAL_{name}";
            var text = environment(variable);
            if (string.IsNullOrWhiteSpace(text))
                return fallback;
            var (good, value) = parse(text.Trim());
            return good ? value : throw LocalAwsException.BadSetting(variable, text, expected);
        }
    }

    private static (bool Good, TimeSpan Value) ParseDuration(string text)
    {
        var match = DurationForm().Match(text);
        if (!match.Success)
            return (false, default);
        var number = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        var seconds = number * match.Groups["unit"].Value switch { "ms" => 0.001, "s" => 1, "m" => 60, _ => 3600 };
        // The limit of a timer.
        return seconds is > 0 and < 24.0 * 24 * 3600 ? (true, TimeSpan.FromSeconds(seconds)) : (false, default);
    }

    [GeneratedRegex(@"^(?<number>[0-9]{1,9}(\.[0-9]{1,6})?)(?<unit>ms|s|m|h)\z")]
    private static partial Regex DurationForm();

    [GeneratedRegex(@"^[0-9]{12}\z")]
    private static partial Regex AccountForm();

    [GeneratedRegex(@"^[a-z]{2}(-[a-z]+)+-[0-9]\z")]
    private static partial Regex RegionForm();
}
