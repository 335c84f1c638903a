namespace EcsRelease.Deployments;

/// <summary>Exit codes of a container and the reasons for which RunTask starts none.</summary>
internal static class KnownExits
{
    private static readonly Dictionary<int, (string Means, string Next)> _codes = new()
    {
        [0] = ("The program ended by itself without an error. A service must keep running, so ECS takes the end of an essential container for a failure.", "Keep the program running (in .NET: app.Run()), or let work that ends run as a one-off or scheduled task instead of a service."),
        [1] = ("The program ended with its general error code.", "Read its log lines, correct it, commit and release again."),
        [125] = ("The container runtime itself failed (docker run's code).", "Read the container's reason; on EC2 look at the instance's container runtime."),
        [126] = ("The command was found and could not be run.", "Make it executable in the image (chmod +x), and name a file, not a folder."),
        [127] = ("The command was not found in the image.", "Correct ENTRYPOINT, command or entryPoint, and the libraries it is linked to."),
        [134] = ("The program ended itself by SIGABRT; in .NET that is an unhandled exception or Environment.FailFast.", "Read its log lines, correct it, commit and release again."),
        [137] = ("The container was killed by SIGKILL. Without OutOfMemoryError that is what follows when it does not end within stopTimeout after SIGTERM.", "End on SIGTERM within stopTimeout; or raise EcsMemory when it used all it has ({memory} MiB)."),
        [139] = ("The program crashed by SIGSEGV. A .NET program that is process 1 ends so after an unhandled exception, too.", "Read its log lines; without an exception there look at its native libraries and base image."),
        [143] = ("The container ended on SIGTERM: something asked its task to stop.", "See what stopped the task: its stop code and the service's events."),
        [255] = ("The program ended with -1, or the container runtime could not run it.", "Read its log lines; `exec format error` there means another architecture (EcsArchitecture)."),
    };

    // docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html, under RunTask or StartTask
    private static readonly Dictionary<string, (string Means, string Next)> _runTask = new(StringComparer.Ordinal)
    {
        ["RESOURCE:CPU"] = ("No container instance has enough CPU left.", "Add container instances, or lower EcsCpu."),
        ["RESOURCE:MEMORY"] = ("No container instance has enough memory left.", "Add container instances, or lower EcsMemory."),
        ["RESOURCE:PORTS"] = ("The host port is taken on every container instance.", "Use a dynamic host port (hostPort 0), or add container instances."),
        ["RESOURCE:ENI"] = ("No container instance has a network interface left.", "Use larger or more instances, or ENI trunking."),
        ["RESOURCE:GPU"] = ("No container instance has a GPU left.", "Add container instances with GPUs."),
        ["RESOURCE:FARGATE"] = ("The Fargate quota of the account is used up.", "Ask for a higher quota, or stop other tasks: aws service-quotas list-service-quotas --service-code fargate --region {region}"),
        ["AGENT"] = ("The agent of the container instance is not connected.", "Restart the ECS agent: aws ecs list-container-instances --cluster {cluster} --filter 'agentConnected==false' --region {region}"),
        ["ATTRIBUTE"] = ("No container instance has an attribute that the task definition asks for.", "Compare requiresAttributes: aws ecs describe-task-definition --task-definition {revision} --region {region} --query taskDefinition.requiresAttributes"),
        ["MISSING"] = ("What the task names (cluster, instance or task definition) does not exist.", "Check the cluster's container instances: aws ecs list-container-instances --cluster {cluster} --region {region}"),
        ["INACTIVE"] = ("The container instance was deregistered.", "Add a container instance: aws ecs list-container-instances --cluster {cluster} --region {region}"),
    };

    /// <summary>Any code: one that is not listed is a signal (128 + its number) or the program's own.</summary>
    public static (string Means, string Next) Of(int code) =>
        _codes.TryGetValue(code, out var known) ? known
        : code is > 128 and < 160 ? ($"Signal {code - 128} ended the program.", "Read its log lines, correct it, commit and release again.")
        : ("The code is the program's own.", "Read its log lines, correct it, commit and release again.");

    /// <param name="reason">`failures[].reason` of RunTask, a name or a sentence.</param>
    public static (string Means, string Next)? OfRunTask(string reason) =>
        _runTask.TryGetValue(reason, out var known) ? known : KnownFailures.Find(reason) is { } text ? (text.Means, text.Next) : null;

    public static IEnumerable<string> RunTaskReasons => _runTask.Keys;
}
