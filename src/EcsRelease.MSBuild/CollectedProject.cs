using EcsRelease.Options;
using Microsoft.Build.Framework;

namespace EcsRelease.MSBuild;

/// <summary>A task's parameters as the engine's own types.</summary>
internal sealed class CollectedProject(ReleaseTask task, IReadOnlyDictionary<string, string> globalProperties)
{
    private readonly Dictionary<string, string> _project = Values(task.Project);

    public string ProjectFile => _project["ProjectFile"];

    public string ProjectName => _project["ProjectName"];

    /// <summary>EcsReleaseRecord as written, for releases that end before their options are read.</summary>
    public string? RecordFile => Values(task.Options).GetValueOrDefault("EcsReleaseRecord") is { Length: > 0 } path ? path : null;

    public OptionText OptionText => new(
        Values(task.Options),
        task.OptionItems.GroupBy(element => element.GetMetadata("Item"))
            .ToDictionary(group => group.Key, group => (IReadOnlyList<NameValue>)[.. group.Select(element => Pair(element, ValueMetadata(group.Key)))]))
    {
        Services = [.. task.OptionItems.Where(element => element.GetMetadata("Item") == "EcsServices").Select(Service)],
    };

    public ProjectInfo Project => new()
    {
        ProjectFile = ProjectFile,
        AssemblyName = _project["AssemblyName"],
        Configuration = _project["Configuration"],
        TargetFramework = _project["TargetFramework"],
        RuntimeIdentifier = _project["RuntimeIdentifier"],
        UserSecretsId = _project["UserSecretsId"],
        SourceRevisionId = _project["SourceRevisionId"],
        ImageInputs =
        [
            .. task.ImageInputs.Select(input => Pair(input, "Value")),
            .. task.ImageInputItems.Select(input => Named(input, ImageInputNames.Items[input.GetMetadata("Item")])),
        ],
        PublishInputs = [.. task.PublishInputs.Select(input => input.GetMetadata("FullPath")).Distinct()],
    };

    /// <summary>Every name and host option that cannot be meant as written.</summary>
    public IEnumerable<PlacedError> Mistakes()
    {
        if (Unclear("EcsDeploy") is { } word)
            yield return new(Errors.DeployWordNotBoolean(word), ProjectFile);
        if (Unclear("EcsSkip") is { } skip)
            yield return new(Errors.BadValue("EcsSkip", skip, "true or false"), ProjectFile);
        foreach (var name in globalProperties.Keys.Where(OptionNames.IsOurs))
            if (OptionNames.Check(name) is { } error)
                yield return new(error, ProjectFile);
        foreach (var error in SettingsScan.Mistakes(task.SettingsFiles.Select(file => file.GetMetadata("FullPath"))))
            yield return error;
    }

    internal static Dictionary<string, string> Values(ITaskItem[] items) =>
        items.ToDictionary(item => item.ItemSpec, item => item.GetMetadata("Value"), StringComparer.OrdinalIgnoreCase);

    // MSBuild's boolean words; what is none of them is neither true nor false in a condition.
    private string? Unclear(string name) =>
        _project[name] is { Length: > 0 } value && value.ToUpperInvariant() is not ("TRUE" or "FALSE" or "ON" or "OFF" or "YES" or "NO" or "!TRUE" or "!FALSE" or "!ON" or "!OFF" or "!YES" or "!NO")
            ? value
            : null;

    private static ServiceItem Service(ITaskItem item) => new(item.ItemSpec,
    [
        .. item.CloneCustomMetadata().Keys.Cast<string>().Where(name => name != "Item").Select(name => new NameValue(name, item.GetMetadata(name))),
    ]);

    private static string? ValueMetadata(string item) => OptionReader.All.First(option => option.Item == item).ItemValue;

    private static NameValue Pair(ITaskItem item, string? metadata) => new(item.ItemSpec, metadata is null ? "" : item.GetMetadata(metadata));

    // Several elements of one item: its name is part of each pair's, `ContainerPort:8080` → `tcp`.
    private static NameValue Named(ITaskItem item, string? metadata) => new($"{item.GetMetadata("Item")}:{item.ItemSpec}", metadata is null ? "" : item.GetMetadata(metadata));
}
