using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>Our dockerLabels on the released container (DESIGN 14, "Declared names"): they need no tag permission,
/// and let the next release remove what this one declared.</summary>
internal static class RevisionLabels
{
    public const string From = "ecs-release.from";
    public const string Declared = "ecs-release.declared";

    // Beyond this the names are written as hashes, one by one, so that a removed one can still be told.
    private const int MaxNames = 256;

    public static bool IsFromProperties(JsonObject container) => container.Object("dockerLabels").Text(From) == "properties";

    public static void Write(JsonObject container, string from, IReadOnlyCollection<string> declared)
    {
        Remove(container);
        var labels = new JsonObject();
        if (from == "properties")
            labels[From] = from;
        if (declared.Count > 0)
            labels[Declared] = Text(declared);
        if (labels.Count == 0)
            return;
        if (container.Object("dockerLabels") is not { } target)
            container["dockerLabels"] = target = [];
        foreach (var (name, value) in labels)
            target[name] = value!.DeepClone();
    }

    public static void Remove(JsonObject container)
    {
        if (container.Object("dockerLabels") is not { } labels)
            return;
        var removed = labels.Remove(From) | labels.Remove(Declared);
        if (removed && labels.Count == 0)
            container.Remove("dockerLabels");
    }

    /// <summary>The names that a release declares: `env:NAME`, `secret:NAME`, `port:NUMBER/PROTOCOL`.</summary>
    public static IReadOnlyCollection<string> NamesOf(ReleaseOptions options) =>
    [
        .. options.EnvironmentVariables.Select(variable => $"env:{variable.Name}"),
        .. options.Secrets.Select(secret => $"secret:{secret.Name}"),
        .. options.Ports.Select(port => $"port:{port.Name}/{PortMappings.Protocol(port)}"),
    ];

    /// <summary>Whether the release that made this container declared the name.</summary>
    public static Func<string, bool> DeclaredBefore(JsonObject container)
    {
        var names = (container.Object("dockerLabels").Text(Declared) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        return name => names.Contains(name) || names.Contains(Hash(name));
    }

    private static string Text(IReadOnlyCollection<string> declared)
    {
        var sorted = declared.Order(StringComparer.Ordinal).ToList();
        var names = string.Join(' ', sorted);
        return names.Length <= MaxNames ? names : string.Join(' ', sorted.Select(Hash));
    }

    private static string Hash(string name) => "#" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12];
}
