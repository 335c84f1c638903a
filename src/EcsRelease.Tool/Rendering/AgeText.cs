using System.Globalization;

namespace EcsRelease.Tool.Rendering;

/// <summary>Lengths of time as people say them.</summary>
internal static class AgeText
{
    /// <summary>`42 s`, `5 min`, `3 h`, `4 d`: whole units, downwards.</summary>
    public static string Of(TimeSpan length) => length switch
    {
        _ when length < TimeSpan.FromMinutes(1) => $"{Math.Max(0, (int)length.TotalSeconds)} s",
        _ when length < TimeSpan.FromHours(1) => $"{(int)length.TotalMinutes} min",
        _ when length < TimeSpan.FromDays(2) => $"{(int)length.TotalHours} h",
        _ => $"{(int)length.TotalDays} d",
    };

    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>`3 h ago (2026-01-01 12:00 UTC)`.</summary>
    public static string Ago(DateTimeOffset time, DateTimeOffset now) => $"{Of(now - time)} ago ({Time(time)})";
}
