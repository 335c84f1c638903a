using System.Globalization;

namespace EcsRelease;

public static class ByteText
{
    /// <summary>`812 B`, `17.8 KB`, `3.4 MB`: units of 1000, as registries count.</summary>
    public static string Of(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000.0:0.0} KB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000.0:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000_000.0:0.0} GB"),
    };
}
