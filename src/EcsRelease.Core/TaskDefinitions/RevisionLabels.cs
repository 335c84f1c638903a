using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>Our dockerLabels on the released container (DESIGN 14, "Declared names"): they need no tag permission,
/// let the next release remove what this one declared, and tell a revision of ours from a copy of it that was edited.</summary>
internal static class RevisionLabels
{
    public const string From = "ecs-release.from";
    public const string Declared = "ecs-release.declared";

    /// <summary>`VERSION:HASH` of the normal form as it was registered; only beside <see cref="From"/>.</summary>
    public const string Hash = "ecs-release.hash";

    /// <summary>The name under which EcsCommand is declared.</summary>
    public const string Command = "command";

    // Beyond this the names are written as hashes, one by one, so that a removed one can still be told.
    private const int MaxNames = 256;

    public static bool IsFromProperties(JsonObject container) => container.Object("dockerLabels").Text(From) == "properties";

    /// <summary>Whether somebody made this definition from one of ours by hand: the labels came along, the content is
    /// another. A label of other rules than ours tells nothing.</summary>
    /// <param name="container">The one of <paramref name="definition"/> that has our labels.</param>
    public static bool IsEdited(JsonObject definition, JsonObject container)
    {
        var written = (container.Object("dockerLabels").Text(Hash) ?? "").Split(':', 2);
        return written.Length < 2
            || (written[0] == NormalForm.Version && written[1] != NormalForm.Hash(definition, container.Text("name") ?? ""));
    }

    /// <param name="hash">Of the definition's normal form, which leaves these labels out.</param>
    public static void Write(JsonObject container, string from, IReadOnlyCollection<string> declared, string hash)
    {
        Remove(container);
        var labels = new JsonObject();
        if (from == "properties")
        {
            labels[From] = from;
            labels[Hash] = $"{NormalForm.Version}:{hash}";
        }
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
        var removed = labels.Remove(From) | labels.Remove(Declared) | labels.Remove(Hash);
        if (removed && labels.Count == 0)
            container.Remove("dockerLabels");
    }

    /// <summary>Whether the next release would find the same in both: where they came from and what they declared.</summary>
    public static bool AreSame(JsonObject? first, JsonObject? second) => new[] { From, Declared }.All(
        label => first.Object("dockerLabels").Text(label) == second.Object("dockerLabels").Text(label));

    /// <summary>The names that a release declares: `env:NAME`, `secret:NAME`, `port:NUMBER/PROTOCOL`, `command`.</summary>
    public static IReadOnlyCollection<string> NamesOf(ReleaseOptions options) =>
    [
        .. options.Command.Count > 0 ? [Command] : Array.Empty<string>(),
        .. options.EnvironmentVariables.Select(variable => $"env:{variable.Name}"),
        .. options.Secrets.Select(secret => $"secret:{secret.Name}"),
        .. options.Ports.Select(port => $"port:{port.Name}/{PortMappings.Protocol(port)}"),
    ];

    /// <summary>Whether the release that made this container declared the name.</summary>
    public static Func<string, bool> DeclaredBefore(JsonObject container)
    {
        var names = (container.Object("dockerLabels").Text(Declared) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        return name => names.Contains(name) || names.Contains(Short(name));
    }

    private static string Text(IReadOnlyCollection<string> declared)
    {
        var sorted = declared.Order(StringComparer.Ordinal).ToList();
        var names = string.Join(' ', sorted);
        return names.Length <= MaxNames ? names : string.Join(' ', sorted.Select(Short));
    }

    private static string Short(string name) => "#" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12];
}
