using System.Text.RegularExpressions;

namespace EcsRelease.Registry;

/// <summary>`HOST[:PORT]/REPOSITORY[:TAG][@DIGEST]` (github.com/distribution/reference), normalised as Docker does:
/// no host = docker.io, one name there = library/NAME, neither tag nor digest = latest.</summary>
/// <param name="Host">As written, e.g. `docker.io`, `127.0.0.1:5000`.</param>
/// <param name="Tag">Null only when there is a digest.</param>
public sealed partial record ImageReference(string Host, string Repository, string? Tag, string? Digest)
{
    /// <summary>The host that speaks the registry protocol.</summary>
    public string RegistryHost => Host == "docker.io" ? "registry-1.docker.io" : Host;

    /// <summary>What to ask the registry for: the digest wins.</summary>
    public string Target => Digest ?? Tag!;

    /// <summary>`HOST/REPOSITORY[:TAG]@digest`.</summary>
    public string Pinned(string digest) => (this with { Digest = digest }).ToString();

    public override string ToString() =>
        $"{Host}/{Repository}{(Tag is null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";

    /// <exception cref="EcsReleaseException">ECSR3020: not an image reference.</exception>
    public static ImageReference Parse(string text)
    {
        var match = Grammar().Match(text.Trim());
        if (!match.Success)
            throw Errors.BadImageReference(text);
        var host = match.Groups["host"].Success ? match.Groups["host"].Value : "docker.io";
        var repository = match.Groups["name"].Value;
        if (host is "index.docker.io" or "registry-1.docker.io" or "registry.hub.docker.com")
            host = "docker.io";
        if (host == "docker.io" && !repository.Contains('/'))
            repository = "library/" + repository;
        var digest = match.Groups["digest"].Success ? match.Groups["digest"].Value : null;
        var tag = match.Groups["tag"].Success ? match.Groups["tag"].Value : digest is null ? "latest" : null;
        return new ImageReference(host, repository, tag, digest);
    }

    public static bool IsDigest(string text) => DigestForm().IsMatch(text);

    /// <summary>True for 1 to 128 letters, digits, `_`, `.` and `-`, neither of the last two first (distribution-spec, "Pulling manifests").</summary>
    public static bool IsTag(string text) => TagForm().IsMatch(text);

    // The first part is a host only with a dot, a port, or as `localhost`; else it belongs to the name.
    [GeneratedRegex("""
        ^(?:(?<host>localhost(?::[0-9]+)?|\[[0-9a-fA-F:]+\](?::[0-9]+)?|[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+(?::[0-9]+)?|[a-zA-Z0-9-]+:[0-9]+)/)?
        (?<name>[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)
        (?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?
        (?:@(?<digest>sha256:[0-9a-f]{64}))?$
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();

    [GeneratedRegex("^sha256:[0-9a-f]{64}$")]
    private static partial Regex DigestForm();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$")]
    private static partial Regex TagForm();
}
