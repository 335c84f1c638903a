using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verification;

/// <summary>There is an execution role where ECS needs one
/// (docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html).</summary>
internal sealed class ExecutionRoleCheck : StaticCheck
{
    public override CheckGroup Group => CheckGroup.Roles;

    public override string Name => "execution role";

    protected override IEnumerable<Finding> Find(JsonObject definition, VerifiedRelease release)
    {
        var reasons = Reasons(definition, release).ToList();
        if (definition.Text("executionRoleArn") is { Length: > 0 } role)
            yield return Finding.Ok($"'{role}'{(reasons.Count == 0 ? "" : $", for {string.Join(", ", reasons)}")}");
        else if (reasons.Count == 0)
            yield return Finding.Ok("none is needed");
        else
            yield return Finding.Failed($"there is none, but it is needed for {string.Join(", ", reasons)}", "Set EcsExecutionRole, e.g. EcsExecutionRole=ecsTaskExecutionRole.");
    }

    // On container instances the instance's role pulls and logs; secrets need the execution role everywhere.
    private static IEnumerable<string> Reasons(JsonObject definition, VerifiedRelease release)
    {
        if (DefinitionReferences.Secrets(definition).Any())
            yield return "secrets";
        if (!release.IsFargate)
            yield break;
        // The released image itself lies in ECR.
        yield return "images of ECR";
        if (DefinitionReferences.AwsLogs(definition).Any())
            yield return "awslogs";
    }
}
