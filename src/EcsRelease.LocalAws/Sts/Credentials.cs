using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Sts;

/// <param name="SessionToken">null for the long-lived key pair.</param>
/// <param name="Expiration">null for the long-lived key pair.</param>
public sealed record AwsKey(string AccessKeyId, string SecretAccessKey, string? SessionToken, DateTimeOffset? Expiration, string Arn, string UserId)
{
    public sealed override string ToString() => AccessKeyId;
}

/// <summary>The key pair of this local AWS (made once, kept) and the temporary credentials that it handed out.</summary>
public sealed class Credentials(IDocumentStore documents, LocalAwsSettings settings, TimeProvider time)
{
    private const string Kind = "sts.key";
    private const string RootKey = "root";

    public AwsKey Root => documents.InTransaction(() =>
    {
        if (documents.Get(Kind, RootKey) is { } kept)
            return Read(kept);
        // AKIA… and ASIA… are what AWS's own identifiers start with; some clients check for it.
        var key = new AwsKey($"AKIA{Identifier(16)}", Secret(30), null, null, $"arn:aws:iam::{settings.Account}:user/local", $"AIDA{Identifier(17)}");
        documents.Put(Kind, RootKey, Write(key));
        return key;
    });

    public AwsKey? Find(string accessKeyId)
    {
        var root = Root;
        if (root.AccessKeyId == accessKeyId)
            return root;
        return documents.Get(Kind, accessKeyId) is { } kept ? Read(kept) : null;
    }

    public AwsKey Issue(string arn, string roleId, TimeSpan lifetime)
    {
        var now = time.GetUtcNow();
        foreach (var old in documents.List(Kind, "ASIA").Select(Read).Where(k => k.Expiration < now - TimeSpan.FromDays(1)))
            documents.Delete(Kind, old.AccessKeyId);
        var key = new AwsKey($"ASIA{Identifier(16)}", Secret(30), Secret(120), now + lifetime, arn, roleId);
        documents.Put(Kind, key.AccessKeyId, Write(key));
        return key;
    }

    public bool IsRootSecret(string secret) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(Root.SecretAccessKey));

    public static string Identifier(int length) => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", length);

    private static string Secret(int bytes) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes));

    private static JsonObject Write(AwsKey key) => new()
    {
        ["accessKeyId"] = key.AccessKeyId,
        ["secretAccessKey"] = key.SecretAccessKey,
        ["sessionToken"] = key.SessionToken,
        ["expiration"] = key.Expiration?.ToUnixTimeMilliseconds(),
        ["arn"] = key.Arn,
        ["userId"] = key.UserId,
    };

    private static AwsKey Read(JsonObject kept) => new(
        kept["accessKeyId"]!.GetValue<string>(),
        kept["secretAccessKey"]!.GetValue<string>(),
        kept["sessionToken"]?.GetValue<string>(),
        kept["expiration"] is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.GetValue<long>()) : null,
        kept["arn"]!.GetValue<string>(),
        kept["userId"]!.GetValue<string>());
}
