using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>What RegisterTaskDefinition refuses of one container definition.</summary>
internal static class ContainerRules
{
    public static void Check(JsonObject container, JsonObject definition)
    {
        var name = container.Text("name");
        if (string.IsNullOrEmpty(name))
            throw EcsErrors.Client("Container.name should not be null or empty.");
        if (!EcsNames.IsName(name))
            throw EcsErrors.Client($"Container name '{name}' contains invalid characters."); // constructed
        if (string.IsNullOrEmpty(container.Text("image")))
            throw EcsErrors.Client("Container.image should not be null or empty.");
        if (container.Number("memory") is null && container.Number("memoryReservation") is null && definition.Text("memory") is null)
            throw EcsErrors.Client($"Invalid setting for container '{name}'. At least one of 'memory' or 'memoryReservation' must be specified.");
        if (container.Number("memory") is { } memory && container.Number("memoryReservation") is { } reservation && reservation > memory)
            throw EcsErrors.Client($"Invalid setting for container '{name}'. 'memoryReservation' must not be greater than 'memory'."); // constructed
        CheckPorts(container, definition.Text("networkMode"));
        CheckHealth(container, name);
        CheckLogs(container);
        if (container.Number("stopTimeout") is { } stop && (stop < 2 || (stop > 120 && TaskDefinitionRules.IsFargate(definition))))
            throw EcsErrors.Client($"Invalid 'stopTimeout' setting for container '{name}'. The value must be between 2 and 120 seconds."); // constructed
        foreach (var variable in container.Objects("environment"))
        {
            if (string.IsNullOrEmpty(variable.Text("name")))
                throw EcsErrors.Client($"Environment variable of container '{name}' has no name."); // constructed
            _ = variable.Text("value");
        }
        var variables = container.Objects("environment").Select(variable => variable.Text("name")).ToHashSet();
        foreach (var secret in container.Objects("secrets"))
        {
            if (string.IsNullOrEmpty(secret.Text("name")) || string.IsNullOrEmpty(secret.Text("valueFrom")))
                throw EcsErrors.Client($"A secret of container '{name}' has no name or no valueFrom."); // constructed
            if (variables.Contains(secret.Text("name")))
                throw EcsErrors.Client("The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '" + secret.Text("name") + "'.");
        }
    }

    private static void CheckPorts(JsonObject container, string? networkMode)
    {
        foreach (var mapping in container.Objects("portMappings"))
        {
            var port = mapping.Number("containerPort");
            if (port is null && mapping.Text("containerPortRange") is null)
                throw EcsErrors.Client("Container port cannot be empty."); // constructed
            if (port is < 1 or > 65535)
                throw EcsErrors.Client($"Invalid 'containerPort' {port}: it must be between 1 and 65535."); // constructed
            var hostPort = mapping.Number("hostPort");
            if (networkMode is "awsvpc" or "host" && hostPort is not null && hostPort != port)
                throw EcsErrors.Client($"When networkMode={networkMode}, the host ports and container ports in port mappings must match.");
            if (mapping.Text("protocol") is not ("tcp" or "udp"))
                throw EcsErrors.Client($"Invalid 'protocol' {mapping.Text("protocol")}: tcp and udp are supported."); // constructed
        }
    }

    private static void CheckHealth(JsonObject container, string name)
    {
        if (container.Object("healthCheck") is not { } check)
            return;
        var command = check.Texts("command");
        if (command.Count == 0 || command[0] is not ("CMD" or "CMD-SHELL" or "NONE"))
            throw EcsErrors.Client($"Invalid 'healthCheck' for container '{name}': the command must start with CMD or CMD-SHELL."); // constructed
        Range("interval", 5, 300);
        Range("timeout", 2, 120);
        Range("retries", 1, 10);
        Range("startPeriod", 0, 300);

        void Range(string member, int low, int high)
        {
            if (check.Number(member) is { } value && (value < low || value > high))
                throw EcsErrors.Client($"Invalid 'healthCheck.{member}' for container '{name}': {value} is not between {low} and {high}."); // constructed
        }
    }

    private static void CheckLogs(JsonObject container)
    {
        if (container.Object("logConfiguration") is not { } log || log.Text("logDriver") != "awslogs")
            return;
        var options = log.Object("options") ?? [];
        if (string.IsNullOrEmpty(options.Text("awslogs-region")) || string.IsNullOrEmpty(options.Text("awslogs-group")))
            throw EcsErrors.Client("Log driver awslogs requires options: awslogs-region, awslogs-group");
    }
}
