using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Ecr;

public enum TokenState
{
    Unknown,
    Expired,
    Valid,
}

/// <summary>Registry passwords of 12 hours: the end of their life and a MAC of it, with a key that is made once and kept.</summary>
public sealed class EcrTokens(IDocumentStore documents, TimeProvider time)
{
    private const string Kind = "ecr.tokenKey";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public (string Password, DateTimeOffset ExpiresAt) Issue()
    {
        var expiresAt = time.GetUtcNow() + Lifetime;
        var payload = string.Create(CultureInfo.InvariantCulture, $"{expiresAt.ToUnixTimeMilliseconds()}.{Guid.NewGuid():N}");
        return ($"{payload}.{Mac(payload)}", expiresAt);
    }

    public TokenState Check(string password)
    {
        var dot = password.LastIndexOf('.');
        if (dot < 0 || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Mac(password[..dot])), Encoding.UTF8.GetBytes(password[(dot + 1)..])))
            return TokenState.Unknown;
        var end = long.Parse(password[..password.IndexOf('.', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
        return DateTimeOffset.FromUnixTimeMilliseconds(end) > time.GetUtcNow() ? TokenState.Valid : TokenState.Expired;
    }

    private string Mac(string payload) => Base64Url.EncodeToString(HMACSHA256.HashData(MacKey(), Encoding.UTF8.GetBytes(payload)));

    private byte[] MacKey() => documents.InTransaction(() =>
    {
        if (documents.Get(Kind, "key") is { } kept)
            return Convert.FromBase64String(kept["key"]!.GetValue<string>());
        var key = RandomNumberGenerator.GetBytes(32);
        documents.Put(Kind, "key", new JsonObject { ["key"] = Convert.ToBase64String(key) });
        return key;
    });
}
