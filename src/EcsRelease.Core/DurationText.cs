using System.Globalization;

namespace EcsRelease;

internal static class DurationText
{
    /// <summary>`48 s`, `16 min 20 s`, `2 h 5 min`.</summary>
    public static string Of(TimeSpan duration)
    {
        var seconds = (long)Math.Ceiling(duration.TotalSeconds);
        return seconds switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds} s"),
            < 3600 => Two(seconds / 60, "min", seconds % 60, "s"),
            _ => Two(seconds / 3600, "h", seconds % 3600 / 60, "min"),
        };
    }

    private static string Two(long much, string unit, long rest, string restUnit) =>
        string.Create(CultureInfo.InvariantCulture, $"{much} {unit}{(rest > 0 ? $" {rest} {restUnit}" : "")}");
}
