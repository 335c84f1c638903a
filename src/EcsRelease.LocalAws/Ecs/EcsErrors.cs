using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>The refusals of ECS in its own words. A text whose wording by AWS is not known to us is marked `constructed`, here and
/// wherever else one is written.</summary>
internal static class EcsErrors
{
    public static AwsException Client(string message) => new("ClientException", message);

    public static AwsException InvalidParameter(string message) => new("InvalidParameterException", message);

    public static AwsException UnknownOperation(string operation) =>
        new("UnknownOperationException", $"The local ECS does not offer the operation '{operation}'.");

    public static AwsException ClusterNotFound() => new("ClusterNotFoundException", "Cluster not found.");

    public static AwsException ClusterInactive() => new("ClusterNotFoundException", "The referenced cluster was inactive.");

    public static AwsException ClusterContainsServices() =>
        new("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.");

    public static AwsException ClusterContainsTasks() =>
        new("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.");

    public static AwsException ServiceNotFound() => new("ServiceNotFoundException", "Service not found.");

    public static AwsException ServiceNotActive() => new("ServiceNotActiveException", "Service was not ACTIVE.");

    public static AwsException Unsupported(string message) => new("UnsupportedFeatureException", message);

    public static AwsException Conflict(string message) => new("ConflictException", message);

    public static AwsException TokenReused(IEnumerable<string> tasks) =>
        new("ConflictException", "The clientToken was already used with other request parameters.") // constructed
        {
            Members = new JsonObject { ["resourceIds"] = tasks.ToJsonArray() },
        };

    public static AwsException ServiceDeploymentNotFound() => new("ServiceDeploymentNotFoundException", "Service deployment not found."); // constructed

    public static AwsException ResourceNotFound() => new("ResourceNotFoundException", "The specified resource is not found."); // constructed

    public static AwsException TaskDefinitionNotFound() => Client("TaskDefinition not found.");

    public static JsonObject Missing(string arn) => new() { ["arn"] = arn, ["reason"] = "MISSING" };
}
