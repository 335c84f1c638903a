using System.Security.Cryptography;
using System.Text;

namespace EcsRelease.Images;

/// <summary>Everything beside the commit that shapes an image. Its hash is the label `ecs-release.inputs`; the names with
/// a short hash each make the label `ecs-release.inputs-detail`, so that a difference can be named later.</summary>
public sealed class ImageInputs
{
    public const string HashLabel = "ecs-release.inputs";
    public const string DetailLabel = "ecs-release.inputs-detail";
    private const int ShortHash = 6;
    private static readonly string[] Plain = ["assembly", "builder", "platform", "configuration", "framework", "rid", "EcsBaseImage"];

    private readonly SortedDictionary<string, string> values = new(StringComparer.Ordinal);

    /// <param name="baseImageOption">EcsBaseImage; null = the project's ContainerBaseImage, which is among its inputs.</param>
    public ImageInputs(string builderName, ProjectInfo project, string platform, string? baseImageOption)
    {
        // Two projects of one commit may share a repository.
        values["assembly"] = project.AssemblyName;
        values["builder"] = builderName;
        values["platform"] = platform;
        values["configuration"] = project.Configuration;
        values["framework"] = project.TargetFramework;
        values["rid"] = project.RuntimeIdentifier;
        values["EcsBaseImage"] = baseImageOption ?? "";
        // Items may repeat a name (two ports): all of them count, in their order.
        foreach (var input in project.ImageInputs.GroupBy(input => input.Name, StringComparer.OrdinalIgnoreCase))
            values[input.Key] = string.Join('\n', input.Select(entry => entry.Value));
        // An unset property and an empty one are the same to MSBuild.
        foreach (var empty in values.Where(value => value.Value.Length == 0).Select(value => value.Key).ToList())
            values.Remove(empty);
    }

    /// <summary>64 hex digits.</summary>
    public string Value => HashOf(string.Concat(values.Select(value => $"{value.Key.Length}:{value.Key}={value.Value.Length}:{value.Value}\n")));

    /// <summary>`NAME=HASH` of each, separated by spaces. Values themselves may be secret.</summary>
    public string Detail => string.Join(' ', values.Select(value => $"{value.Key.Replace(' ', '_')}={HashOf(value.Value)[..ShortHash]}"));

    /// <summary>What differs from an image with this detail label, in words.</summary>
    public string DifferenceFrom(string? theirDetail)
    {
        if (string.IsNullOrEmpty(theirDetail))
            return "its label " + HashLabel + " is another one";
        var theirs = Read(theirDetail);
        var ours = Read(Detail);
        var names = ours.Keys.Union(theirs.Keys).Where(name => ours.GetValueOrDefault(name) != theirs.GetValueOrDefault(name)).Order(StringComparer.Ordinal)
            // Only ours may be shown: a variable's value may be a secret.
            .Select(name => Plain.Contains(name) && values.TryGetValue(name, out var value) ? $"{name} (now '{value}')" : name);
        return string.Join(", ", names) is { Length: > 0 } list ? list : "its label " + HashLabel + " is another one";
    }

    private static Dictionary<string, string> Read(string detail) =>
        detail.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.First()[^1]);

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
