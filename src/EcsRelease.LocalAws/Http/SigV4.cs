using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EcsRelease.LocalAws.Http;

/// <summary>The arithmetic of Signature Version 4 (IAM User Guide, "Create a signed AWS API request").</summary>
internal static class SigV4
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <param name="path">The path as sent; every service but S3 signs it encoded once more.</param>
    /// <param name="query">The query as sent, without `?`.</param>
    /// <param name="headers">Names in lower case, in the order of SignedHeaders.</param>
    public static string CanonicalRequest(string method, string path, string query, IEnumerable<(string Name, string Value)> headers, string payloadHash)
    {
        var text = new StringBuilder();
        text.Append(method).Append('\n').Append(CanonicalPath(path)).Append('\n').Append(CanonicalQuery(query)).Append('\n');
        var names = new List<string>();
        foreach (var (name, value) in headers)
        {
            names.Add(name);
            text.Append(name).Append(':').Append(Squeeze(value)).Append('\n');
        }

        return text.Append('\n').AppendJoin(';', names).Append('\n').Append(payloadHash).ToString();
    }

    public static string Signature(string secret, string date, string scope, string canonicalRequest)
    {
        var toSign = $"{Algorithm}\n{date}\n{scope}\n{HexHash(Encoding.UTF8.GetBytes(canonicalRequest))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in scope.Split('/'))
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    public static string HexHash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static bool TryParseDate(string text, out DateTimeOffset date) => DateTimeOffset.TryParseExact(
        text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);

    private static string CanonicalPath(string path) => path.Length == 0
        ? "/"
        : string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string CanonicalQuery(string query) => string.Join('&', query
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (Name: Encode(pair[0]), Value: pair.Length == 2 ? Encode(pair[1]) : ""))
        .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Name}={pair.Value}"));

    private static string Encode(string sent) => Uri.EscapeDataString(Uri.UnescapeDataString(sent));

    private static string Squeeze(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
