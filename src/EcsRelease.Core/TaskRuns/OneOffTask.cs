using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.TaskRuns;

/// <summary>A command that runs once, in the released container of a revision, where the service's own tasks run.</summary>
internal sealed record OneOffTask
{
    // What a task and a service have in common (API_RunTask, API_Service).
    private static readonly string[] _placement =
    [
        "launchType", "capacityProviderStrategy", "networkConfiguration", "platformVersion", "enableExecuteCommand",
        "enableECSManagedTags", "placementConstraints", "placementStrategy",
    ];

    /// <summary>Characters of <see cref="Overrides"/> that RunTask takes (API_RunTask).</summary>
    public const int MaxOverrides = 8192;

    /// <summary>The option or verb that asks for it, e.g. `EcsBeforeDeploy`.</summary>
    public required string Option { get; init; }

    public required string Cluster { get; init; }

    /// <summary>ARN of the revision.</summary>
    public required string TaskDefinition { get; init; }

    /// <summary>The revision's definition; tells where logs go, and which containers are essential.</summary>
    public required JsonObject Definition { get; init; }

    /// <summary>Gets the command, and its exit code decides.</summary>
    public required string Container { get; init; }

    /// <summary>In place of the container's command; an entry point stays and gets it as its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>SHA of the released commit; empty where nothing says it.</summary>
    public required string Commit { get; init; }

    /// <summary>Variables beside those of the revision.</summary>
    public IReadOnlyList<NameValue> Environment { get; init; } = [];

    /// <summary>CPU units of the whole task; null = the revision's.</summary>
    public int? Cpu { get; init; }

    /// <summary>MiB of the whole task; null = the revision's.</summary>
    public int? Memory { get; init; }

    /// <summary>The same command of a run that was killed is followed in place of a second one.</summary>
    public bool TakesUp { get; init; } = true;

    /// <summary>A service as described, or the request that is going to create it.</summary>
    public required JsonObject Service { get; init; }

    /// <summary>Tells this run from another one of the same revision.</summary>
    public required string Attempt { get; init; }

    /// <summary>Names the release: at most 128 letters, digits, `-`, `/`, `_` (API_RunTask).</summary>
    public string StartedBy { get => field ?? $"ecs-release/{Option}/{Commit}"; init; }

    public bool IsEssential => Released(Definition).Flag("essential") ?? true;

    /// <summary>The definition as a failure is judged by: here the released container matters, whatever it is in the service.</summary>
    public JsonObject DecisiveDefinition()
    {
        var definition = (JsonObject)Definition.DeepClone();
        Released(definition)?["essential"] = true;
        return definition;
    }

    /// <summary>RunTask's `overrides`; at most <see cref="MaxOverrides"/> characters as JSON.</summary>
    public JsonObject Overrides()
    {
        var container = new JsonObject { ["name"] = Container, ["command"] = Command.ToJsonArray() };
        if (Environment.Count > 0)
            container["environment"] = new JsonArray([.. Environment.Select(each => new JsonObject { ["name"] = each.Name, ["value"] = each.Value })]);
        var overrides = new JsonObject { ["containerOverrides"] = new JsonArray(container) };
        if (Cpu is { } cpu)
            overrides["cpu"] = cpu.ToString(CultureInfo.InvariantCulture);
        if (Memory is { } memory)
            overrides["memory"] = memory.ToString(CultureInfo.InvariantCulture);
        return overrides;
    }

    public JsonObject Request()
    {
        var request = new JsonObject
        {
            ["cluster"] = Cluster,
            ["taskDefinition"] = TaskDefinition,
            ["count"] = 1,
            ["startedBy"] = StartedBy,
            ["clientToken"] = ClientToken(),
            ["propagateTags"] = "TASK_DEFINITION",
            ["overrides"] = Overrides(),
        };
        foreach (var member in _placement)
            if (Service[member] is { } value and not JsonArray { Count: 0 } and not JsonObject { Count: 0 })
                request[member] = value.DeepClone();
        // A service may show both; RunTask takes one.
        if (request.ContainsKey("capacityProviderStrategy"))
            request.Remove("launchType");
        if (Volumes() is { Count: > 0 } volumes)
            request["volumeConfigurations"] = volumes;
        return request;
    }

    /// <summary>A task of RunTask's or DescribeTasks' answer that does the same.</summary>
    public bool IsSame(JsonObject task) =>
        task.Text("taskDefinitionArn") == TaskDefinition
        && task.Object("overrides").Objects("containerOverrides")
            .Any(each => each.Text("name") == Container && each.Texts("command").SequenceEqual(Command));

    /// <summary>EBS volumes that the definition leaves to whoever launches its tasks; a deployment says how
    /// (API_ServiceVolumeConfiguration, API_TaskVolumeConfiguration).</summary>
    private JsonArray Volumes()
    {
        var asked = Definition.Objects("volumes").Where(volume => volume.Flag("configuredAtLaunch") == true).Select(volume => volume.Text("name")).ToHashSet();
        var volumes = new JsonArray([.. Service.Primary().Objects("volumeConfigurations").Where(volume => asked.Contains(volume.Text("name"))).Select(volume => volume.DeepClone())]);
        // They may take their tags from the service, which a task of its own has not.
        foreach (var volume in volumes)
            volume.Object("managedEBSVolume")?.Remove("tagSpecifications");
        return volumes;
    }

    private JsonObject? Released(JsonObject definition) =>
        definition.Objects("containerDefinitions").FirstOrDefault(each => each.Text("name") == Container);

    // At most 64 characters: the same for a request that is sent again, another one for the next run.
    private string ClientToken() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [StartedBy, TaskDefinition, Attempt, .. Command]))));
}
