using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>What ECS says when there is no room for a task. There are no container instances here: on EC2 capacity is endless until
/// the fault `noCapacity` is set, and then none of them is there.</summary>
internal static class NoCapacity
{
    private const string NoInstances = "No Container Instances were found in your cluster.";
    private const string Fargate = "Capacity is unavailable at this time. Please try again later or in a different availability zone";

    public static string Event(JsonObject service) => ServiceForm.LaunchType(service) == "FARGATE"
        ? $"was unable to place a task. Reason: {Fargate}."
        : $"was unable to place a task because no container instance met all of its requirements. Reason: {NoInstances} "
            + "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

    /// <summary>RunTask answers with failures on Fargate, and refuses where the cluster has no instances.</summary>
    /// <exception cref="AwsException">The request is for EC2.</exception>
    public static JsonArray Failures(JsonObject request, int tasks) => ServiceForm.LaunchType(request) == "FARGATE"
        ? Enumerable.Range(0, tasks).Select(_ => (JsonNode)new JsonObject { ["reason"] = Fargate }).ToJsonArray()
        : tasks == 0 ? [] : throw EcsErrors.InvalidParameter(NoInstances);
}
