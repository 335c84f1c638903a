using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace EcsRelease.LocalAws.Registry;

/// <summary>Names of the registry protocol, checked before any of them becomes part of a path or a key.</summary>
internal static partial class RegistryNames
{
    public const string RepositoryPattern = "(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*";

    public static bool IsDigest(string text) => DigestForm().IsMatch(text);

    public static bool IsTag(string text) => TagForm().IsMatch(text);

    public static bool IsRepository(string text) => text.Length is >= 2 and <= 256 && RepositoryForm().IsMatch(text);

    public static string DigestOf(ReadOnlySpan<byte> bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z")]
    private static partial Regex DigestForm();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex TagForm();

    [GeneratedRegex("^" + RepositoryPattern + @"\z")]
    private static partial Regex RepositoryForm();
}
