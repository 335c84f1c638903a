using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EcsRelease.LocalAws.Sts;

namespace EcsRelease.LocalAws.Http;

/// <summary>Checks header-signed requests against the keys of this local AWS, with AWS's error names and texts.</summary>
public sealed class SigV4Verifier(Credentials credentials, LocalAwsSettings settings, TimeProvider time)
{
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(5);

    /// <param name="service">The service's signing name, e.g. `ecs`.</param>
    /// <exception cref="AwsException">Named as the JSON services name it.</exception>
    public AwsKey Verify(HttpRequest request, ReadOnlySpan<byte> body, string rawTarget, string service)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
            throw new AwsException("MissingAuthenticationTokenException", "Missing Authentication Token");
        var parts = Parse(header);
        var scope = parts.Credential.Split('/');
        if (scope.Length != 5)
            throw Incomplete($"Credential must have five elements. Credential={parts.Credential}");
        var (accessKeyId, day, region) = (scope[0], scope[1], scope[2]);
        var key = credentials.Find(accessKeyId);
        var token = request.Headers["X-Amz-Security-Token"].ToString();
        if (key is null || !SameText(token, key.SessionToken ?? ""))
            throw new AwsException("UnrecognizedClientException", "The security token included in the request is invalid.");
        if (key.Expiration is { } expiration && expiration <= time.GetUtcNow())
            throw new AwsException("ExpiredTokenException", "The security token included in the request is expired");

        var date = request.Headers["X-Amz-Date"].ToString();
        CheckDate(date, day);
        if (region != settings.Region)
            throw Invalid($"Credential should be scoped to a valid region. This local AWS is {settings.Region}; the request was signed for '{region}'.");
        if (scope[3] != service || scope[4] != "aws4_request")
            throw Invalid($"Credential should be scoped to correct service: '{service}'. ");

        var signedHeaders = parts.SignedHeaders.Split(';');
        if (!signedHeaders.Contains("host"))
            throw Invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        // IAM User Guide, "Create a signed AWS API request": host and all x-amz-* headers have to be signed.
        var unsigned = request.Headers.Keys.Select(name => name.ToLowerInvariant())
            .FirstOrDefault(name => name.StartsWith("x-amz-", StringComparison.Ordinal) && !signedHeaders.Contains(name));
        if (unsigned is not null)
            throw Invalid($"'{unsigned}' must be a 'SignedHeader' in the AWS Authorization.");
        var (path, query) = SplitTarget(rawTarget);
        var canonical = SigV4.CanonicalRequest(
            request.Method, path, query, signedHeaders.Select(name => (name, request.Headers[name].ToString())), PayloadHash(request, body));
        var expected = SigV4.Signature(key.SecretAccessKey, date, string.Join('/', scope[1..]), canonical);
        return SameText(expected, parts.Signature)
            ? key
            : throw Invalid("The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.");
    }

    private void CheckDate(string text, string day)
    {
        if (!SigV4.TryParseDate(text, out var date))
            throw Incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        if (!text.StartsWith(day, StringComparison.Ordinal))
            throw Invalid($"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{day}' != '{text[..8]}', from '{text}'.");
        var now = time.GetUtcNow();
        if (date < now - AllowedSkew)
            throw Invalid($"Signature expired: {text} is now earlier than {Basic(now - AllowedSkew)} ({Basic(now)} - 5 min.)");
        if (date > now + AllowedSkew)
            throw Invalid($"Signature not yet current: {text} is still later than {Basic(now + AllowedSkew)} ({Basic(now)} + 5 min.)");
    }

    private static string PayloadHash(HttpRequest request, ReadOnlySpan<byte> body)
    {
        var actual = SigV4.HexHash(body);
        var sent = request.Headers["X-Amz-Content-Sha256"].ToString();
        if (sent.Length == 0 || SameText(sent, actual))
            return actual;
        return sent == "UNSIGNED-PAYLOAD"
            ? sent
            : throw Invalid("The provided 'x-amz-content-sha256' header does not match what was computed.");
    }

    private static (string Credential, string SignedHeaders, string Signature) Parse(string header)
    {
        if (!header.StartsWith(SigV4.Algorithm + " ", StringComparison.Ordinal))
            throw Incomplete($"Unsupported authorization type; only {SigV4.Algorithm} in the Authorization header is offered.");
        var values = header[SigV4.Algorithm.Length..]
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0])
            .ToDictionary(group => group.Key, group => group.First()[1]);
        string Value(string name) => values.GetValueOrDefault(name) ?? throw Incomplete($"Authorization header requires '{name}' parameter.");
        return (Value("Credential"), Value("SignedHeaders"), Value("Signature"));
    }

    private static (string Path, string Query) SplitTarget(string target)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? (target, "") : (target[..mark], target[(mark + 1)..]);
    }

    private static bool SameText(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static string Basic(DateTimeOffset date) => date.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static AwsException Invalid(string message) => new("InvalidSignatureException", message);

    private static AwsException Incomplete(string message) => new("IncompleteSignatureException", message);
}
