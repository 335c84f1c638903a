using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>A task definition as ECS would describe it, for comparing only: defaults filled in, order removed where
/// ECS ignores it, the image of the released container and our labels left out (ecs-api.md 5). What is registered is
/// always the user's own JSON.</summary>
public static partial class NormalForm
{
    /// <summary>Version of these rules, kept beside each hash: hashes of different versions are never compared.</summary>
    public const string Version = "1";

    private static readonly string[] _falseWhenAbsent =
        ["privileged", "readonlyRootFilesystem", "interactive", "pseudoTerminal", "disableNetworking", "enableFaultInjection"];

    private static readonly string[] _roles = ["taskRoleArn", "executionRoleArn"];

    // Lists that ECS treats as maps or sets.
    private static readonly string[] _unordered =
    [
        "environment", "secrets", "dependsOn", "mountPoints", "portMappings", "ulimits", "extraHosts", "volumes",
        "containerDefinitions", "requiresCompatibilities", "systemControls", "resourceRequirements",
    ];

    // Members whose names belong to the user, so no rule about ECS's own members applies below them.
    private static readonly string[] _free = ["dockerLabels", "options", "driverOpts", "labels"];

    /// <param name="definition">RegisterTaskDefinition's input, or `taskDefinition` of DescribeTaskDefinition.</param>
    /// <param name="container">The container whose image is left out.</param>
    public static JsonObject Of(JsonObject definition, string container)
    {
        var form = RevisionJson.Registrable(definition);
        form.Remove("tags");
        FillTask(form);
        foreach (var each in form.Objects("containerDefinitions"))
            FillContainer(each, form, isReleased: each.Text("name") == container);
        return (JsonObject)Canonical(form)!;
    }

    /// <summary>The normal forms of two definitions, to be compared with each other: two roles that are both ARNs are
    /// compared as they are, else by name.</summary>
    public static (JsonObject First, JsonObject Second) Pair(JsonObject first, JsonObject second, string container)
    {
        var (one, other) = (Of(first, container), Of(second, container));
        foreach (var role in _roles)
            if (first.Text(role) is { } a && second.Text(role) is { } b && IsArn(a) && IsArn(b))
                (one[role], other[role]) = (a, b);
        return (one, other);
    }

    public static bool AreSame(JsonObject first, JsonObject second, string container)
    {
        var (one, other) = Pair(first, second, container);
        return one.ToJsonString() == other.ToJsonString();
    }

    /// <summary>SHA-256 of the normal form, 64 hex digits.</summary>
    public static string Hash(JsonObject definition, string container) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Of(definition, container).ToJsonString())));

    private static void FillTask(JsonObject task)
    {
        // The strings "1 vCPU" and "2 GB" are the same request as "1024" and "2048".
        if (task.ContainsKey("cpu"))
            task["cpu"] = Units(Scalar(task["cpu"]), "vcpu");
        if (task.ContainsKey("memory"))
            task["memory"] = Units(Scalar(task["memory"]), "gb");
        task["networkMode"] ??= "bridge";
        if (task.Texts("requiresCompatibilities").Contains("FARGATE"))
        {
            if (task.Object("runtimePlatform") is null)
                task["runtimePlatform"] = new JsonObject();
            task["runtimePlatform"]!["cpuArchitecture"] ??= "X86_64";
            task["runtimePlatform"]!["operatingSystemFamily"] ??= "LINUX";
        }
        // A role's name is unique in its account, whatever its path: a name and an ARN that ends in it may be one role.
        foreach (var role in _roles)
            if (task.Text(role) is { } arn)
                task[role] = arn[(arn.LastIndexOf('/') + 1)..];
        foreach (var volume in task.Objects("volumes"))
            if (volume.Object("efsVolumeConfiguration") is { } efs)
                efs["rootDirectory"] ??= "/";
    }

    private static void FillContainer(JsonObject container, JsonObject task, bool isReleased)
    {
        if (isReleased)
        {
            container.Remove("image");
            RevisionLabels.Remove(container);
        }
        else if (container.Text("image") is { } image)
            container["image"] = ImageName.WithoutTagOfDigest(image);
        container["cpu"] ??= 0;
        container["essential"] ??= true;
        container["versionConsistency"] ??= "enabled";
        var sameHostPort = task.Text("networkMode") is "awsvpc" or "host";
        foreach (var port in container.Objects("portMappings"))
        {
            port["protocol"] ??= "tcp";
            if (port.ContainsKey("containerPort"))
                port["hostPort"] ??= sameHostPort ? port["containerPort"]!.DeepClone() : 0;
        }
        if (container.Object("healthCheck") is { } check)
        {
            check["interval"] ??= 30;
            check["timeout"] ??= 5;
            check["retries"] ??= 3;
        }
    }

    private static JsonNode? Canonical(JsonNode? node, string member = "", bool isFree = false)
    {
        switch (node)
        {
            case JsonObject parent:
                var sorted = new JsonObject();
                foreach (var (name, value) in parent.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    var child = Canonical(value, name, _free.Contains(name));
                    if (!IsDefault(name, child, isFree))
                        sorted[name] = child;
                }
                return sorted;
            case JsonArray list:
                var items = list.Select(item => Canonical(item));
                if (_unordered.Contains(member))
                    items = items.OrderBy(item => item?.ToJsonString() ?? "", StringComparer.Ordinal);
                return new JsonArray([.. items]);
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number:
                return decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    ? JsonValue.Create(decimal.Parse(number.ToString("G29", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture))
                    : value.DeepClone();
            default:
                return node?.DeepClone();
        }
    }

    private static bool IsDefault(string name, JsonNode? value, bool isFree) => value switch
    {
        null => true,
        _ when isFree => false,
        JsonObject { Count: 0 } or JsonArray { Count: 0 } => true,
        JsonValue flag => _falseWhenAbsent.Contains(name) && flag.GetValueKind() == JsonValueKind.False,
        _ => false,
    };

    private static bool IsArn(string role) => role.StartsWith("arn:", StringComparison.Ordinal);

    private static string Scalar(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? "";

    private static string Units(string text, string unit) =>
        UnitPattern().Match(text) is { Success: true } match && match.Groups[2].Value.Equals(unit, StringComparison.OrdinalIgnoreCase)
        && decimal.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? (amount * 1024).ToString("0.####", CultureInfo.InvariantCulture)
            : text;

    [GeneratedRegex(@"^\s*([0-9]*\.?[0-9]+)\s*([A-Za-z]+)\s*$")]
    private static partial Regex UnitPattern();
}
