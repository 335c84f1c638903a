using System.Security.Cryptography;

namespace EcsRelease.Registry;

/// <summary>Digests as `sha256:` and 64 hex digits.</summary>
internal static class Sha256
{
    private const string Prefix = "sha256:";

    public static string Digest(ReadOnlySpan<byte> bytes) => OfHash(SHA256.HashData(bytes));

    public static string OfHash(ReadOnlySpan<byte> hash) => Prefix + Convert.ToHexStringLower(hash);

    /// <summary>The hex digits alone: a file's name.</summary>
    public static string Hex(string digest) => digest[Prefix.Length..];
}
