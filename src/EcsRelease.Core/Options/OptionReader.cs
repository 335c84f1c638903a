namespace EcsRelease.Options;

/// <summary>Options as text, by MSBuild name: what a host collected from properties and flags.</summary>
/// <param name="Properties">Property name → value; empty values are unset.</param>
/// <param name="Items">Item name → its elements in order.</param>
public sealed record OptionText(IReadOnlyDictionary<string, string> Properties, IReadOnlyDictionary<string, IReadOnlyList<NameValue>> Items)
{
    public static OptionText None { get; } = new(new Dictionary<string, string>(), new Dictionary<string, IReadOnlyList<NameValue>>());

    /// <summary>The elements of EcsServices with their metadata (<see cref="ServiceItems"/>).</summary>
    public IReadOnlyList<ServiceItem> Services { get; init; } = [];

    /// <summary>These options with others laid over them (flags over properties). Items of one name are merged by
    /// name; the other's win.</summary>
    public OptionText With(OptionText over)
    {
        var properties = new Dictionary<string, string>(Properties, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in over.Properties)
            properties[name] = value;
        var items = new Dictionary<string, IReadOnlyList<NameValue>>(Items, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, elements) in over.Items)
            items[name] = [.. items.GetValueOrDefault(name, []).Where(old => elements.All(e => e.Name != old.Name)), .. elements];
        return new(properties, items) { Services = Services };
    }
}

/// <summary>Reads options from text: the one place where defaults, properties and flags become <see cref="ReleaseOptions"/>.</summary>
public static class OptionReader
{
    /// <summary>Every option: how it is named as property, item and flag.</summary>
    public static IReadOnlyList<OptionInfo> All { get; } = OptionInfo.Reflect();

    /// <exception cref="EcsReleaseException">ECSR1001 unknown name, ECSR1002 bad value, ECSR1006 duplicate item, ECSR1007 conflict, ECSR1021 and 1022 gates.</exception>
    public static ReleaseOptions Read(OptionText text)
    {
        RefuseUnknown(text.Properties.Keys.Concat(text.Items.Keys));
        var options = new ReleaseOptions();
        foreach (var option in All)
        {
            if (option.Property is { } property && text.Properties.TryGetValue(property, out var value) && value.Trim().Length > 0)
                option.Member.SetValue(options, OptionValue.Parse(property, value.Trim(), option.Member.PropertyType));
            else if (option.Item is { } item && text.Items.TryGetValue(item, out var elements) && elements.Count > 0)
                option.Member.SetValue(options, OfItem(option, elements));
        }
        RefuseConflicts(options);
        GateOptions.Check(options);
        return options;
    }

    private static object OfItem(OptionInfo option, IReadOnlyList<NameValue> elements)
    {
        if (option.Member.PropertyType == typeof(IReadOnlyList<string>))
            return (IReadOnlyList<string>)[.. elements.Select(element => element.Name)];
        foreach (var element in elements)
        {
            OptionValue.CheckItem(option.Item!, element);
            if (elements.Count(other => other.Name == element.Name) > 1)
                throw Errors.DuplicateItem(option.Item!, element.Name);
        }
        return elements;
    }

    private static void RefuseUnknown(IEnumerable<string> names)
    {
        foreach (var name in names)
            if (OptionNames.Check(name) is { } unknown)
                throw unknown;
    }

    private static void RefuseConflicts(ReleaseOptions options)
    {
        if (options.LaunchType is not null && options.CapacityProviders.Count > 0)
            throw Errors.OptionsConflict("EcsLaunchType", "EcsCapacityProviders", "a service has one or the other");
        foreach (var name in options.EnvironmentVariables.Select(variable => variable.Name).Intersect(options.Secrets.Select(secret => secret.Name)))
            throw Errors.OptionsConflict($"EcsEnvironmentVariable '{name}'", $"EcsSecret '{name}'", "a container has one value for a name");
    }
}
