using System.Reflection;
using System.Text.RegularExpressions;

namespace EcsRelease.Options;

/// <summary>One option under its three names.</summary>
/// <param name="Property">MSBuild property; null when the option is an item.</param>
/// <param name="Item">MSBuild item; null when the option is a property.</param>
/// <param name="Flag">Flag of the tool with its dashes; null when it has none.</param>
/// <param name="Member">The member of <see cref="ReleaseOptions"/>.</param>
public sealed partial record OptionInfo(string? Property, string? Item, string? ItemValue, string? Flag, string Description, PropertyInfo Member)
{
    public string Name => Property ?? Item!;

    internal static IReadOnlyList<OptionInfo> Reflect() =>
    [
        .. typeof(ReleaseOptions).GetProperties()
            .Select(member => (member, option: member.GetCustomAttribute<OptionAttribute>()))
            .Where(pair => pair.option is not null)
            .Select(pair => new OptionInfo(
                pair.option!.Item is null ? pair.option.Property ?? "Ecs" + pair.member.Name : null,
                pair.option.Item,
                pair.option.ItemValue,
                pair.option.Flag is "" ? null : "--" + (pair.option.Flag ?? Kebab(pair.member.Name)),
                pair.option.Description,
                pair.member)),
    ];

    /// <summary>`MinimumHealthyPercent` → `minimum-healthy-percent`.</summary>
    public static string Kebab(string name) => WordStart().Replace(name, "-").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")]
    private static partial Regex WordStart();
}
