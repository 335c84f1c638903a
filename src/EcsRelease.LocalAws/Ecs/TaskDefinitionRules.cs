using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>What RegisterTaskDefinition refuses, as ClientException in ECS's words.</summary>
internal static class TaskDefinitionRules
{
    public static void Check(JsonObject definition)
    {
        var family = definition.Text("family");
        if (string.IsNullOrEmpty(family))
            throw EcsErrors.Client("Family should not be null or empty.");
        if (!EcsNames.IsName(family))
            throw EcsErrors.Client("Family contains invalid characters.");
        var containers = definition.Objects("containerDefinitions");
        if (containers.Count == 0)
            throw EcsErrors.Client("Container list cannot be empty.");
        if (containers.Count > 10)
            throw EcsErrors.Client("Task definitions can have at most 10 containers."); // constructed
        var networkMode = definition.Text("networkMode");
        if (networkMode is not (null or "bridge" or "host" or "awsvpc" or "none"))
            throw EcsErrors.Client($"Invalid 'networkMode' setting for task: '{networkMode}'."); // constructed
        foreach (var container in containers)
            ContainerRules.Check(container, definition);
        if (!containers.Any(container => container.Flag("essential") == true))
            throw EcsErrors.Client("Task definition doesn't have any essential container");
        if (containers.GroupBy(container => container.Text("name")).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw EcsErrors.Client($"Container names must be unique: '{twice.Key}' is used twice."); // constructed
        DependencyRules.Check(containers);
        if (containers.Any(container => container.Objects("secrets").Count > 0) && definition.Text("executionRoleArn") is null)
            throw EcsErrors.Client("When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.");
        if (IsFargate(definition))
            CheckFargate(definition, containers);
        else if (definition.Text("cpu") is { } cpu && !int.TryParse(cpu, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw EcsErrors.Client("Invalid 'cpu' setting for task.");
    }

    /// <summary>The launch types that could run it: EC2 always, FARGATE when its network and sizes fit.</summary>
    public static IReadOnlyList<string> Compatibilities(JsonObject definition) =>
        definition.Text("networkMode") == "awsvpc"
            ? FargateSizes.Fits(definition.Text("cpu"), definition.Text("memory")) ? ["EC2", "FARGATE"] : ["EC2"]
            : ["EXTERNAL", "EC2"];

    public static bool IsFargate(JsonObject definition) => definition.Texts("requiresCompatibilities").Contains("FARGATE");

    private static void CheckFargate(JsonObject definition, IReadOnlyList<JsonObject> containers)
    {
        if (definition.Text("networkMode") != "awsvpc")
            throw EcsErrors.Client("Fargate only supports network mode 'awsvpc'.");
        var cpu = definition.Text("cpu") ?? throw EcsErrors.Client("Fargate requires that 'cpu' be defined at the task level.");
        var memory = definition.Text("memory") ?? throw EcsErrors.Client("Fargate requires that 'memory' be defined at the task level.");
        if (!int.TryParse(cpu, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw EcsErrors.Client("Invalid 'cpu' setting for task.");
        if (!FargateSizes.Fits(cpu, memory))
            throw EcsErrors.Client($"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. See the Amazon ECS documentation for the valid values.");
        if (definition.Text("pidMode") == "host")
            throw EcsErrors.Client("Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.");
        if (definition.Object("ephemeralStorage")?.Number("sizeInGiB") is { } size)
        {
            if (size < 21)
                throw EcsErrors.Client("EphemeralStorage size should be at least 21.");
            if (size > 200)
                throw EcsErrors.Client("EphemeralStorage size should be at most 200.");
        }
        foreach (var container in containers)
        {
            var driver = container.Object("logConfiguration")?.Text("logDriver");
            if (driver is not (null or "awslogs" or "splunk" or "awsfirelens"))
                throw EcsErrors.Client($"Fargate does not support log driver '{driver}'. The supported values are awslogs, splunk and awsfirelens."); // constructed
            if (definition.Text("executionRoleArn") is not null)
                continue;
            if (driver == "awslogs")
                throw EcsErrors.Client("Fargate requires task definition to have execution role ARN to support log driver awslogs.");
            if (container.Text("image")!.Contains(".dkr.ecr", StringComparison.Ordinal))
                throw EcsErrors.Client("Fargate requires task definition to have execution role ARN to support ECR images.");
        }
    }
}
