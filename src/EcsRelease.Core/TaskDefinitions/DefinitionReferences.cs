using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <param name="Name">The variable or the log driver's option that gets the value.</param>
internal sealed record UsedSecret(string Container, string Name, string ValueFrom)
{
    /// <summary>The credentials of a registry may be named without ARN too, and are never a parameter (API_RepositoryCredentials).</summary>
    public bool IsCredentials { get; init; }

    public SecretReference Reference => IsCredentials && !ValueFrom.StartsWith("arn:", StringComparison.Ordinal)
        ? new(SecretStore.SecretsManager, null, ValueFrom)
        : SecretReference.Parse(ValueFrom);
}

/// <summary>What a task definition refers to: it must exist before a task can start.</summary>
internal static class DefinitionReferences
{
    public static IEnumerable<JsonObject> Containers(JsonObject definition) => definition.Objects("containerDefinitions");

    /// <summary>Secrets of containers, of their log drivers, and of private registries.</summary>
    public static IEnumerable<UsedSecret> Secrets(JsonObject definition)
    {
        foreach (var container in Containers(definition))
        {
            var name = container.Text("name") ?? "";
            foreach (var secret in container.Objects("secrets").Concat(container.Object("logConfiguration").Objects("secretOptions")))
                if (secret.Text("valueFrom") is { } valueFrom)
                    yield return new(name, secret.Text("name") ?? "", valueFrom);
            if (container.Object("repositoryCredentials").Text("credentialsParameter") is { } credentials)
                yield return new(name, "repositoryCredentials", credentials) { IsCredentials = true };
        }
    }

    /// <summary>Roles that ECS is passed, as they are written: ARNs or names.</summary>
    public static IEnumerable<string> Roles(JsonObject definition) =>
        new[] { definition.Text("executionRoleArn"), definition.Text("taskRoleArn") }.OfType<string>().Where(role => role.Length > 0).Distinct();

    /// <summary>Containers that log to CloudWatch Logs, with the options of the driver.</summary>
    public static IEnumerable<(string Container, JsonObject Options)> AwsLogs(JsonObject definition) =>
        from container in Containers(definition)
        let log = container.Object("logConfiguration")
        where log.Text("logDriver") == "awslogs"
        select (container.Text("name") ?? "", log.Object("options") ?? []);
}
