namespace EcsRelease.LocalAws.Tasks;

/// <summary>Reasons for which a task does not start, in ECS's words.</summary>
internal static class StartFailures
{
    public static TaskFailedException Secret(string valueFrom)
    {
        if (!valueFrom.StartsWith("arn:", StringComparison.Ordinal) || valueFrom.Contains(":ssm:", StringComparison.Ordinal))
        {
            return new TaskFailedException("ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
                + $"unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: {valueFrom}");
        }
        return new TaskFailedException("ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
            + $"unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret {valueFrom} from secrets manager: "
            + "ResourceNotFoundException: Secrets Manager can't find the specified secret.");
    }

    public static TaskFailedException LogGroup(string group) => new(
        "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: "
        + $"ResourceNotFoundException: The specified log group does not exist. : {group} : exit status 1");

    public static TaskFailedException NoCommand(string container) => new(
        $"CannotCreateContainerError: container '{container}': no command specified"); // constructed

    public static TaskFailedException CannotStart(string reason) => new("CannotStartContainerError: " + reason);

    public static TaskFailedException Dependency(string container, string dependency, string condition) => new(
        $"TaskDependencyError: container '{container}' depends on '{dependency}' being {condition}, which did not happen"); // constructed
}
