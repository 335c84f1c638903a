using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>Which operations may be sent again when nobody knows whether the first request arrived (DESIGN 7).</summary>
public static class AwsOperations
{
    /// <summary>Each of these does its work once per request. After a lost answer the caller reads and compares. Deleting by
    /// digest and by revision (BatchDeleteImage, DeregisterTaskDefinition, DeleteTaskDefinitions) ends in the same state
    /// however often it is asked.</summary>
    private static readonly HashSet<string> s_notIdempotent =
    [
        "ecs:RegisterTaskDefinition",
        "ecs:UpdateService",
        "ecs:CreateService",
        "ecs:RunTask",
        "ecs:StopServiceDeployment",
        "ecs:ContinueServiceDeployment",
    ];

    /// <summary>With a client token, AWS recognises the repetition of these.</summary>
    private static readonly HashSet<string> s_idempotentWithToken = ["ecs:CreateService", "ecs:RunTask"];

    /// <param name="operation">e.g. `ecs:RunTask`.</param>
    public static bool MayBeRepeated(string operation, JsonObject request) =>
        !s_notIdempotent.Contains(operation)
        || (s_idempotentWithToken.Contains(operation) && !string.IsNullOrEmpty((string?)request["clientToken"]));
}
