namespace EcsRelease;

/// <summary>Makes a member of <see cref="ReleaseOptions"/> an MSBuild property (or item) and a flag of the tool.</summary>
/// <param name="description">One line for help and docs.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string description) : Attribute
{
    public string Description { get; } = description;

    /// <summary>The MSBuild property; default `Ecs` and the member's name.</summary>
    public string? Property { get; init; }

    /// <summary>The flag; default the member's name in kebab-case. Empty = none.</summary>
    public string? Flag { get; init; }

    /// <summary>The MSBuild item whose elements make up this option, for options that are lists of pairs.</summary>
    public string? Item { get; init; }

    /// <summary>The metadata of <see cref="Item"/> that holds the value.</summary>
    public string? ItemValue { get; init; }
}
