using System.Globalization;

namespace EcsRelease.Images;

/// <summary>When an image says that it was created: the same for every build of a commit, so never now.</summary>
internal static class ImageTime
{
    public const string Variable = "SOURCE_DATE_EPOCH";

    // 9999-12-31T23:59:59Z: later is no DateTimeOffset.
    private const long Latest = 253402300799;

    /// <summary>SOURCE_DATE_EPOCH (reproducible-builds.org/specs/source-date-epoch), else the commit's time, else, when a CI
    /// variable named the commit without its time, that of all files in the layers.</summary>
    /// <param name="committedAt">Default when unknown.</param>
    /// <param name="epoch">The variable's value; seconds since 1970.</param>
    /// <exception cref="EcsReleaseException">ECSR1002.</exception>
    public static DateTimeOffset Of(DateTimeOffset committedAt, string? epoch)
    {
        if (!string.IsNullOrEmpty(epoch))
            return long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= Latest
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : throw Errors.BadValue(Variable, epoch, "whole seconds since 1970");
        return committedAt == default ? LayerEntry.FixedTime : committedAt;
    }
}
