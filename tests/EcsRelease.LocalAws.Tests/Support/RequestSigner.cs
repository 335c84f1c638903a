using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EcsRelease.LocalAws.Tests.Support;

/// <summary>Signature Version 4 as the IAM User Guide's walk-through does it, written apart from the server's.</summary>
internal sealed record RequestSigner(string AccessKeyId, string Secret, string Service)
{
    public DateTimeOffset At { get; init; } = DateTimeOffset.UtcNow;

    public string Region { get; init; } = "us-east-1";

    public string? SessionToken { get; init; }

    public string? PayloadHash { get; init; }

    public void Sign(HttpRequestMessage request, byte[] body)
    {
        var date = At.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = request.RequestUri!.Authority, ["x-amz-date"] = date };
        if (SessionToken is not null)
            headers["x-amz-security-token"] = SessionToken;
        if (PayloadHash is not null)
            headers["x-amz-content-sha256"] = PayloadHash;
        if (request.Headers.TryGetValues("X-Amz-Target", out var target))
            headers["x-amz-target"] = target.Single();
        var names = string.Join(';', headers.Keys);
        var lines = string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n"));
        // The paths and values of the tests need no second encoding.
        var query = string.Join('&', request.RequestUri.Query.TrimStart('?').Split('&').Order(StringComparer.Ordinal));
        var canonical = $"{request.Method}\n{request.RequestUri.AbsolutePath}\n{query}\n{lines}\n{names}\n{PayloadHash ?? Hex(SHA256.HashData(body))}";
        var scope = $"{date[..8]}/{Region}/{Service}/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes($"AWS4{Secret}"), date[..8]), Region), Service), "aws4_request");
        foreach (var (name, value) in headers.Where(header => header.Key is not ("host" or "x-amz-target")))
            request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={AccessKeyId}/{scope}, SignedHeaders={names}, Signature={Hex(Mac(key, toSign))}");
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
