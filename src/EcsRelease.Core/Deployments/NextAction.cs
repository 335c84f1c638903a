namespace EcsRelease.Deployments;

/// <summary>From ECS's own texts to what to do next (ecs-api.md 4; docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting.html).
/// A text that is not listed gets no advice: it is shown verbatim, never guessed at.</summary>
internal static class NextAction
{
    // First match wins; the more telling text stands first.
    private static readonly (string Text, string Action)[] _known =
    [
        ("exec format error", "The image is built for another architecture than the tasks': set EcsArchitecture or RuntimeIdentifier."),
        ("does not contain descriptor matching platform", "The image is built for another architecture than the tasks': set EcsArchitecture or RuntimeIdentifier."),
        ("OutOfMemoryError", "The container ran out of memory: raise EcsMemory."),
        ("specified log group does not exist", "Create the log group: aws logs create-log-group --log-group-name GROUP"),
        ("failed to create Cloudwatch log stream", "Let the execution role write logs: logs:CreateLogStream, logs:PutLogEvents."),
        ("unable to pull secrets or registry auth", "Check that the secret exists, that the execution role may read it (secretsmanager:GetSecretValue, ssm:GetParameters), and that the subnet reaches AWS."),
        ("pull access denied", "Let the execution role pull: ecr:GetAuthorizationToken, ecr:BatchCheckLayerAvailability, ecr:GetDownloadUrlForLayer, ecr:BatchGetImage."),
        ("can’t pull the image", "Let the execution role pull: ecr:GetAuthorizationToken, ecr:BatchCheckLayerAvailability, ecr:GetDownloadUrlForLayer, ecr:BatchGetImage."),
        ("toomanyrequests", "The registry limits pulls: keep the image in ECR or wait."),
        ("no space left on device", "Raise ephemeralStorage of the task definition."),
        ("i/o timeout", "The subnet does not reach the registry: give it a public IP (EcsAssignPublicIp=true), a NAT gateway, or endpoints for ecr.api, ecr.dkr, s3 and logs."),
        ("request canceled while waiting for connection", "The subnet does not reach the registry: give it a public IP (EcsAssignPublicIp=true), a NAT gateway, or endpoints for ecr.api, ecr.dkr, s3 and logs."),
        ("connection issue between the task and", "The subnet does not reach the registry: give it a public IP (EcsAssignPublicIp=true), a NAT gateway, or endpoints for ecr.api, ecr.dkr, s3 and logs."),
        ("failed to resolve ref", "The image's tag or digest is gone from the repository: release the commit again."),
        ("manifest unknown", "The image's tag or digest is gone from the repository: release the commit again."),
        ("failed to invoke EFS utils commands", "Check the EFS file system, its mount targets and security groups."),
        ("Task failed ELB health checks", "Check the health check's path, port and matcher, the security groups, and healthCheckGracePeriodSeconds."),
        ("failed container health checks", "Check the container's healthCheck command and startPeriod."),
        ("insufficient CPU", "Add container instances, or make the task smaller (EcsCpu)."),
        ("insufficient memory", "Add container instances, or make the task smaller (EcsMemory)."),
        ("is already using a port required by your task", "Use a dynamic host port, or add container instances."),
        ("Capacity is unavailable at this time", "Add subnets in other availability zones, or try again later."),
        ("reached the limit on the number of", "Ask for a higher Fargate quota, or stop other tasks."),
        ("no container instance met all of its requirements", "Add container instances, or make the task smaller."),
        ("because of the service deployment configuration", "Give the deployment room: raise maximumPercent or lower minimumHealthyPercent."),
        ("TARGET GROUP IS NOT FOUND", "Restore the target group of the service."),
        ("were unable to be assumed", "Check the trust policy of the role: ecs-tasks.amazonaws.com."),
        ("invalid networking configuration", "Check subnets and security groups of the service."),
        ("IAM trust relationship have been misconfigured", "Restore the service-linked role AWSServiceRoleForECS and the roles of the service."),
        ("tasks under protection", "Lift the scale-in protection of the old tasks."),
        ("No rollback candidate was found", "Fix the release and release again; there is no earlier one to go back to."),
    ];

    public static string? For(RolloutEvidence evidence)
    {
        var containers = evidence.Tasks.SelectMany(task => task.Containers).ToList();
        IEnumerable<string?> texts =
        [
            .. evidence.Tasks.Select(task => task.Reason),
            .. containers.Select(container => container.Reason),
            .. containers.SelectMany(container => container.Log),
            .. evidence.Events.Reverse(),
            evidence.StatusReason,
        ];
        foreach (var text in texts.OfType<string>())
            foreach (var (known, action) in _known)
                if (text.Contains(known, StringComparison.OrdinalIgnoreCase))
                    return action;
        return containers.FirstOrDefault(container => container.ExitCode is not null) is { } dead ? ForExit(dead) : null;
    }

    // A .NET process that is PID 1, as in most containers, ends with 139 after an unhandled exception: PID 1 is deaf to
    // its own SIGABRT, and the runtime then stops itself by force. So the log is asked before the exit code.
    private static string ForExit(ContainerEvidence dead) => dead.ExitCode switch
    {
        _ when dead.Log.Any(line => line.StartsWith("Unhandled exception", StringComparison.OrdinalIgnoreCase)) =>
            $"Container '{dead.Name}' ended by an unhandled exception: fix it, commit and release again.",
        0 => $"Container '{dead.Name}' ended by itself without an error: a service must keep running.",
        137 => $"Container '{dead.Name}' was killed: too little memory, or it did not end within stopTimeout after SIGTERM.",
        143 => $"Container '{dead.Name}' ended on SIGTERM: see what stopped its task.",
        139 => $"Container '{dead.Name}' crashed in native code (SIGSEGV): look at its native libraries and base image.",
        _ => $"Container '{dead.Name}' crashed: read its log lines, fix the code, commit and release again.",
    };
}
