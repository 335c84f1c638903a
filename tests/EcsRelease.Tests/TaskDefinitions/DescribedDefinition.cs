using System.Text.Json.Nodes;

namespace EcsRelease.Tests.TaskDefinitions;

/// <summary>What DescribeTaskDefinition makes of what was registered (ecs-api.md 5): its own members, defaults, and maps in
/// an order of its own.</summary>
internal static class DescribedDefinition
{
    private static readonly string[] _lists = ["environment", "mountPoints", "volumesFrom", "portMappings", "systemControls"];
    private static readonly string[] _maps = ["environment", "secrets", "dependsOn", "mountPoints", "portMappings", "ulimits", "extraHosts", "volumes", "containerDefinitions"];

    public static JsonObject Of(JsonObject registered, int seed)
    {
        var random = new Random(seed);
        var definition = (JsonObject)registered.DeepClone();
        definition["volumes"] ??= new JsonArray();
        definition["placementConstraints"] ??= new JsonArray();
        Units(definition, "cpu");
        Units(definition, "memory");
        foreach (var volume in Objects(definition, "volumes").Where(volume => volume.Count == 1))
            volume["host"] = new JsonObject();
        foreach (var efs in Objects(definition, "volumes").Select(volume => volume["efsVolumeConfiguration"]).OfType<JsonObject>())
            efs["rootDirectory"] ??= "/";
        foreach (var container in Objects(definition, "containerDefinitions"))
            Complete(container, (string?)definition["networkMode"]);
        Shuffle(definition, random);
        definition["taskDefinitionArn"] = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7";
        definition["revision"] = 7;
        definition["status"] = "ACTIVE";
        definition["requiresAttributes"] = new JsonArray(new JsonObject { ["name"] = "com.amazonaws.ecs.capability.docker-remote-api.1.19" });
        definition["compatibilities"] = new JsonArray("EC2");
        definition["registeredAt"] = 1767225600.123;
        definition["registeredBy"] = "arn:aws:iam::123456789012:user/jane";
        return definition;
    }

    private static void Complete(JsonObject container, string? networkMode)
    {
        container["cpu"] ??= 0;
        container["essential"] ??= true;
        foreach (var list in _lists)
            container[list] ??= new JsonArray();
        foreach (var mapping in Objects(container, "portMappings"))
        {
            mapping["protocol"] ??= "tcp";
            mapping["hostPort"] ??= networkMode is "awsvpc" or "host" ? mapping["containerPort"]!.DeepClone() : 0;
        }
        if (container["healthCheck"] is JsonObject check)
        {
            check["interval"] ??= 30;
            check["timeout"] ??= 5;
            check["retries"] ??= 3;
        }
    }

    private static void Units(JsonObject definition, string member)
    {
        if (definition[member] is { } value)
            definition[member] = (string?)value switch { "1 vCPU" => "1024", ".5 vcpu" => "512", "2GB" => "2048", "1.5 gb" => "1536", var units => units };
    }

    private static void Shuffle(JsonObject parent, Random random)
    {
        foreach (var (name, value) in parent.ToList())
        {
            if (value is JsonArray list && _maps.Contains(name))
            {
                var items = list.Select(item => item?.DeepClone()).ToArray();
                random.Shuffle(items);
                parent[name] = list = new JsonArray(items);
            }
            foreach (var child in (value as JsonArray is null ? [] : (JsonArray)parent[name]!).OfType<JsonObject>())
                Shuffle(child, random);
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonObject parent, string list) => parent[list] is JsonArray array ? array.OfType<JsonObject>() : [];
}
