using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Images;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>What a new task is made of, apart from its task definition.</summary>
/// <param name="Bucket">The service's name, or "-" for a task of RunTask.</param>
/// <param name="Settings">The service, or the RunTask request: launchType, network configuration and so on.</param>
internal sealed record TaskOrder(string ClusterArn, string Bucket, string Group, string? StartedBy, JsonObject Settings)
{
    public JsonObject Overrides { get; init; } = [];

    public JsonArray Tags { get; init; } = [];

    /// <summary>Digest by container, when the deployment has resolved it.</summary>
    public JsonObject Digests { get; init; } = [];
}

/// <summary>Makes task documents in their first state, PROVISIONING.</summary>
internal sealed class TaskCreation(EcsStore store, TimeProvider time)
{
    public EcsDocument Create(JsonObject definition, TaskOrder order)
    {
        var id = EcsNames.TaskId();
        var cluster = EcsNames.LastPart(order.ClusterArn);
        var arn = EcsNames.Beside(order.ClusterArn, $"task/{cluster}/{id}");
        var now = time.GetUtcNow();
        var region = order.ClusterArn.Split(':')[3];
        var containers = definition.Objects("containerDefinitions");
        var shape = new JsonObject
        {
            ["attachments"] = Attachments(definition, order.Settings),
            ["attributes"] = new JsonArray(new JsonObject { ["name"] = "ecs.cpu-architecture", ["value"] = Architecture(definition) }),
            ["availabilityZone"] = region + "a",
            ["clusterArn"] = order.ClusterArn,
            ["connectivity"] = "CONNECTED",
            ["connectivityAt"] = now.Stamp(),
            ["containers"] = containers.Select(container => (JsonNode)Container(Overridden(container, order.Overrides), arn, cluster, id, order.Digests)).ToJsonArray(),
            ["cpu"] = order.Overrides.Text("cpu") ?? definition.Text("cpu") ?? containers.Sum(container => container.Number("cpu") ?? 0).ToString(CultureInfo.InvariantCulture),
            ["createdAt"] = now.Stamp(),
            ["desiredStatus"] = "RUNNING",
            ["enableExecuteCommand"] = order.Settings.Flag("enableExecuteCommand") ?? false,
            ["group"] = order.Group,
            ["healthStatus"] = "UNKNOWN",
            ["lastStatus"] = "PROVISIONING",
            ["launchType"] = ServiceForm.LaunchType(order.Settings) ?? "EC2",
            ["memory"] = order.Overrides.Text("memory") ?? definition.Text("memory") ?? containers.Sum(container => container.Number("memory") ?? container.Number("memoryReservation") ?? 0).ToString(CultureInfo.InvariantCulture),
            ["overrides"] = Overrides(order.Overrides),
            ["taskArn"] = arn,
            ["taskDefinitionArn"] = definition.Text("taskDefinitionArn"),
            ["version"] = 1,
        };
        if (order.StartedBy is { } startedBy)
            shape["startedBy"] = startedBy;
        if (ServiceForm.CapacityProvider(order.Settings) is { } provider)
            shape["capacityProviderName"] = provider;
        if (shape.Text("launchType") == "FARGATE")
        {
            shape["platformVersion"] = order.Settings.Text("platformVersion") is null or "LATEST" ? "1.4.0" : order.Settings.Text("platformVersion");
            shape["platformFamily"] = "Linux";
            shape["ephemeralStorage"] = definition["ephemeralStorage"]?.DeepClone() ?? new JsonObject { ["sizeInGiB"] = 20 };
        }
        var task = store.AddTask(cluster, order.Bucket, id, shape);
        task.Tags = order.Tags.DeepClone().AsArray();
        task.Own["hasCheck"] = containers.Any(container => container.Flag("essential") == true && HasCheck(container));
        store.Save(task);
        return task;
    }

    public static bool HasCheck(JsonObject container) =>
        container.Object("healthCheck") is { } check && check.Texts("command") is { Count: > 0 } command && command[0] != "NONE";

    /// <summary>The container's definition with the sizes of its override; the rest of an override matters when it is started.</summary>
    public static JsonObject Overridden(JsonObject definition, JsonObject overrides)
    {
        var copy = definition.DeepClone().AsObject();
        var found = overrides.Objects("containerOverrides").FirstOrDefault(one => one.Text("name") == definition.Text("name"));
        foreach (var size in new[] { "cpu", "memory", "memoryReservation" })
        {
            if (found?.Number(size) is { } value)
                copy[size] = value;
        }
        return copy;
    }

    private static JsonObject Container(JsonObject definition, string taskArn, string cluster, string taskId, JsonObject digests)
    {
        var container = new JsonObject
        {
            ["containerArn"] = EcsNames.Beside(taskArn, $"container/{cluster}/{taskId}/{Guid.NewGuid()}"),
            ["taskArn"] = taskArn,
            ["name"] = definition.Text("name"),
            ["image"] = definition.Text("image"),
            ["lastStatus"] = "PENDING",
            ["networkBindings"] = new JsonArray(),
            ["networkInterfaces"] = new JsonArray(),
            ["healthStatus"] = "UNKNOWN",
            ["cpu"] = (definition.Number("cpu") ?? 0).ToString(CultureInfo.InvariantCulture),
        };
        foreach (var size in new[] { "memory", "memoryReservation" })
        {
            if (definition.Number(size) is { } value)
                container[size] = value.ToString(CultureInfo.InvariantCulture);
        }
        if (digests.Text(definition.Text("name")!) is { } digest)
            container["imageDigest"] = digest;
        return container;
    }

    private static JsonObject Overrides(JsonObject overrides)
    {
        var copy = overrides.DeepClone().AsObject();
        copy["containerOverrides"] ??= new JsonArray();
        copy["inferenceAcceleratorOverrides"] ??= new JsonArray();
        return copy;
    }

    /// <summary>The task's network interface. Its address is shown for the shape's sake: tasks here share the host's network.</summary>
    private static JsonArray Attachments(JsonObject definition, JsonObject settings)
    {
        if (definition.Text("networkMode") != "awsvpc")
            return [];
        var subnet = settings.Object("networkConfiguration")?.Object("awsvpcConfiguration")?.Texts("subnets") is [var first, ..] ? first : "subnet-00000000";
        var suffix = Guid.NewGuid().ToString("N")[..17];
        JsonObject Detail(string name, string value) => new() { ["name"] = name, ["value"] = value };
        return
        [
            new JsonObject
            {
                ["id"] = Guid.NewGuid().ToString(),
                ["type"] = "ElasticNetworkInterface",
                ["status"] = "ATTACHED",
                ["details"] = new JsonArray(
                    Detail("subnetId", subnet),
                    Detail("networkInterfaceId", "eni-" + suffix),
                    Detail("macAddress", $"0a:{suffix[..2]}:{suffix[2..4]}:{suffix[4..6]}:{suffix[6..8]}:{suffix[8..10]}"),
                    Detail("privateIPv4Address", "127.0.0.1")),
            },
        ];
    }

    private static string Architecture(JsonObject definition) => CpuArchitecture.Of(definition) == "amd64" ? "x86_64" : CpuArchitecture.Of(definition);
}
