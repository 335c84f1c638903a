using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace EcsRelease.Images;

/// <summary>Times of static web assets that depend on their content alone.</summary>
internal static partial class StaticAssetTimes
{
    private const string EndpointsSuffix = ".staticwebassets.endpoints.json";

    public static bool IsEndpointsFile(string relativePath) =>
        relativePath.EndsWith(EndpointsSuffix, StringComparison.OrdinalIgnoreCase) && !relativePath.Contains('/');

    /// <summary>Replaces the Last-Modified headers, which hold check-out and compression times. MapStaticAssets compares
    /// by ETag, which is a content hash there.</summary>
    public static byte[] Rewrite(string endpointsJson) =>
        Encoding.UTF8.GetBytes(LastModified().Replace(endpointsJson, "${before}" + LayerEntry.FixedTime.ToString("R", System.Globalization.CultureInfo.InvariantCulture) + "${after}"));

    /// <summary>UseStaticFiles makes its ETag of time and length, so a constant time would serve a stale page after an
    /// edit of equal length: the time carries 28 bits of the content's hash.</summary>
    public static DateTimeOffset OfContent(string file)
    {
        using var stream = LayerEntry.OpenSource(file);
        var hash = SHA256.HashData(stream);
        return LayerEntry.FixedTime.AddSeconds(BinaryPrimitives.ReadUInt32BigEndian(hash) >> 4);
    }

    [GeneratedRegex("""(?<before>"Name"\s*:\s*"Last-Modified"\s*,\s*"Value"\s*:\s*")[^"]*(?<after>")""")]
    private static partial Regex LastModified();
}
