namespace EcsRelease.Options;

/// <summary>Options as text, by MSBuild name: what a host collected from properties and flags.</summary>
/// <param name="Properties">Property name → value; empty values are unset.</param>
/// <param name="Items">Item name → its elements in order.</param>
public sealed record OptionText(IReadOnlyDictionary<string, string> Properties, IReadOnlyDictionary<string, IReadOnlyList<NameValue>> Items)
{
    /// <summary>These options with others laid over them (flags over properties). Items of one name are merged by
    /// name; the other's win.</summary>
    public OptionText With(OptionText over)
    {
        var properties = new Dictionary<string, string>(Properties, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in over.Properties)
            properties[name] = value;
        var items = new Dictionary<string, IReadOnlyList<NameValue>>(Items, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, elements) in over.Items)
            items[name] = [.. Items.GetValueOrDefault(name, []).Where(old => elements.All(e => e.Name != old.Name)), .. elements];
        return new(properties, items);
    }
}

/// <summary>Reads options from text: the one place where defaults, properties and flags become <see cref="ReleaseOptions"/>.</summary>
public static class OptionReader
{
    /// <exception cref="EcsReleaseException">ECSR1001 unknown name, ECSR1002 bad value, ECSR1003 not offered yet, ECSR1006 duplicate item.</exception>
    public static ReleaseOptions Read(OptionText text) => throw new InvalidOperationException(text.ToString());

    /// <summary>Every option: how it is named as property, item and flag.</summary>
    public static IReadOnlyList<OptionInfo> All { get; } = OptionInfo.Reflect();
}
