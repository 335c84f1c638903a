namespace EcsRelease.Options;

/// <summary>One element of EcsServices: a service that gets the project's image.</summary>
/// <param name="Metadata">Option property → its value for this service; empty values are unset.</param>
public sealed record ServiceItem(string Name, IReadOnlyList<NameValue> Metadata);

/// <summary>Several services of one project: the options of each.</summary>
public static class ServiceItems
{
    private const string Item = "EcsServices";
    private const string Property = "EcsService";

    // What makes the one image, says whose account it is, or is about the run.
    private static readonly HashSet<string> _ofAll =
    [
        nameof(ReleaseOptions.Target), nameof(ReleaseOptions.Profile), nameof(ReleaseOptions.RoleArn), nameof(ReleaseOptions.EcrProfile),
        nameof(ReleaseOptions.EcrRoleArn), nameof(ReleaseOptions.Account), nameof(ReleaseOptions.Service), nameof(ReleaseOptions.ReuseImage),
        nameof(ReleaseOptions.CreateRepository), nameof(ReleaseOptions.MovingTags), nameof(ReleaseOptions.TagSuffix), nameof(ReleaseOptions.ImageReference),
        nameof(ReleaseOptions.ImageBuilder), nameof(ReleaseOptions.BaseImage), nameof(ReleaseOptions.Architecture), nameof(ReleaseOptions.MaxParallel),
        nameof(ReleaseOptions.RollbackAll), nameof(ReleaseOptions.AllowDirty), nameof(ReleaseOptions.DryRun),
    ];

    /// <summary>The text of each service that is meant.</summary>
    /// <param name="project">Properties and items of the project.</param>
    /// <param name="flags">They win, and choose among the items; none for a build.</param>
    /// <returns>Null when no services are named: the project is one.</returns>
    /// <exception cref="EcsReleaseException">ECSR1006, 1035, 1036, 1037, 1039.</exception>
    public static IReadOnlyList<OptionText>? Of(OptionText project, OptionText flags)
    {
        var chosen = flags.Items.GetValueOrDefault(Item, []).Select(element => element.Name).ToList();
        if (project.Services.Count == 0 && chosen.Count == 0)
            return null;
        if ((project.Properties.GetValueOrDefault(Property) ?? "").Trim() is { Length: > 0 } service)
            throw Errors.ServicesBesideService(service);
        project.Services.ToList().ForEach(Check);
        return [.. Chosen(project.Services, chosen).Select(item => TextOf(item, project, flags))];
    }

    /// <summary>The one service of the project that a verb of one service means.</summary>
    /// <exception cref="EcsReleaseException">As <see cref="Of"/>, and ECSR1043.</exception>
    public static OptionText OnlyOf(OptionText project, OptionText flags)
    {
        var named = flags.Properties.GetValueOrDefault(Property);
        if (project.Services.Count == 0)
            return project.With(flags);
        var choice = flags with { Items = new Dictionary<string, IReadOnlyList<NameValue>>(flags.Items) { [Item] = named is null ? [] : [new(named, "")] } };
        return Of(project, choice) is [var only] ? only : throw Errors.ServiceUnclear([.. project.Services.Select(item => item.Name).Distinct()]);
    }

    private static IEnumerable<ServiceItem> Chosen(IReadOnlyList<ServiceItem> declared, List<string> chosen)
    {
        if (chosen.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw Errors.DuplicateItem("--services", twice.Key);
        if (declared.Count == 0)
            return chosen.Select(name => new ServiceItem(name, []));
        foreach (var name in chosen.Where(name => declared.All(item => item.Name != name)))
            throw Errors.ServiceNotDeclared(name, [.. declared.Select(item => item.Name).Distinct()], OptionNames.Nearest(name, declared.Select(item => item.Name)));
        return declared.Where(item => chosen.Count == 0 || chosen.Contains(item.Name));
    }

    private static void Check(ServiceItem item)
    {
        foreach (var (name, _) in item.Metadata)
        {
            var known = OptionReader.All.Where(option => option.Property is not null).ToList();
            var option = known.Find(option => string.Equals(option.Property, name, StringComparison.OrdinalIgnoreCase))
                ?? throw Errors.ServiceMetadataUnknown(item.Name, name, OptionNames.Nearest(OptionNames.IsOurs(name) ? name : "Ecs" + name, known.Where(each => !_ofAll.Contains(each.Member.Name)).Select(each => each.Property!)));
            if (_ofAll.Contains(option.Member.Name))
                throw Errors.ServiceMetadataOfAll(item.Name, option.Property!);
        }
    }

    private static OptionText TextOf(ServiceItem item, OptionText project, OptionText flags)
    {
        var own = item.Metadata.Where(pair => pair.Value.Trim().Length > 0).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        var text = project.With(new(own, new Dictionary<string, IReadOnlyList<NameValue>>())).With(flags);
        return new(
            new Dictionary<string, string>(text.Properties, StringComparer.OrdinalIgnoreCase) { [Property] = item.Name },
            text.Items.Where(items => !string.Equals(items.Key, Item, StringComparison.OrdinalIgnoreCase)).ToDictionary(StringComparer.OrdinalIgnoreCase));
    }
}
