using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>A complete Fargate definition from properties and items alone.</summary>
internal static class PropertiesDefinition
{
    private const string DefaultCpu = "256";
    private const string DefaultMemory = "512";

    public static JsonObject Of(DefinitionInputs inputs)
    {
        var options = inputs.Options;
        var family = options.TaskFamily ?? inputs.LiveDefinition.Text("family") ?? inputs.Service;
        var definition = new JsonObject
        {
            ["family"] = family,
            ["networkMode"] = "awsvpc",
            ["requiresCompatibilities"] = new JsonArray("FARGATE"),
            ["cpu"] = options.Cpu ?? DefaultCpu,
            ["memory"] = options.Memory ?? DefaultMemory,
            ["runtimePlatform"] = new JsonObject
            {
                ["cpuArchitecture"] = options.Architecture ?? inputs.LiveDefinition.Object("runtimePlatform").Text("cpuArchitecture") ?? inputs.Architecture,
                ["operatingSystemFamily"] = "LINUX",
            },
        };
        if (options.TaskRole is { } taskRole)
            definition["taskRoleArn"] = taskRole;
        if ((options.ExecutionRole ?? inputs.ExecutionRole) is { } executionRole)
            definition["executionRoleArn"] = executionRole;
        definition["containerDefinitions"] = new JsonArray(Container(inputs, family));
        return definition;
    }

    private static JsonObject Container(DefinitionInputs inputs, string family)
    {
        var options = inputs.Options;
        var name = options.Container ?? inputs.Service;
        var container = new JsonObject
        {
            ["name"] = name,
            ["essential"] = true,
            ["portMappings"] = Ports(inputs, name),
            ["environment"] = new JsonArray([.. options.EnvironmentVariables.Select(variable => new JsonObject { ["name"] = variable.Name, ["value"] = variable.Value })]),
            ["logConfiguration"] = new JsonObject
            {
                ["logDriver"] = "awslogs",
                ["options"] = new JsonObject
                {
                    ["awslogs-group"] = options.LogGroup ?? $"/ecs/{family}",
                    ["awslogs-region"] = inputs.Region,
                    ["awslogs-stream-prefix"] = inputs.Service,
                },
            },
        };
        if (options.Command.Count > 0)
            container["command"] = options.Command.ToJsonArray();
        if (options.Secrets.Count > 0)
            container["secrets"] = new JsonArray([.. options.Secrets.Select(secret => new JsonObject { ["name"] = secret.Name, ["valueFrom"] = secret.Value })]);
        return container;
    }

    private static JsonArray Ports(DefinitionInputs inputs, string container)
    {
        if (inputs.Options.Ports.Count > 0)
            return new JsonArray([.. inputs.Options.Ports.Select(PortMappings.Of)]);
        if (inputs.ExposedPorts is { } exposed)
            return new JsonArray([.. exposed.Select(PortMappings.Parse).Select(PortMappings.Of)]);
        var live = inputs.LiveDefinition.Objects("containerDefinitions").FirstOrDefault(each => each.Text("name") == container);
        return new JsonArray([.. live.Objects("portMappings").Select(mapping => mapping.DeepClone())]);
    }
}
