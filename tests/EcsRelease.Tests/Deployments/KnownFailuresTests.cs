using System.Text.Json.Nodes;
using EcsRelease.Deployments;

namespace EcsRelease.Tests.Deployments;

/// <summary>The catalogue, row by row: a text of AWS in, what to do next out, with the real names in it.</summary>
public class KnownFailuresTests
{
    // docs.aws.amazon.com/AmazonECS/latest/developerguide, its pages
    private const string StoppedTasks = "stopped-task-error-codes";
    private const string PullErrors = "task_cannot_pull_image";
    private const string Initialization = "resource-initialization-error";
    private const string Events = "service-event-messages-list";
    private const string Agent = "github.com/aws/amazon-ecs-agent, agent/api/errors";
    private const string Deployments = "API_ServiceDeployment";
    private const string Secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";
    private const string Group = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/orders/0123456789abcdef";

    private static readonly (string Source, string Text, string Next)[] _rows =
    [
        (PullErrors, "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'", "EcsArchitecture (the tasks' is ARM64)"),
        (Agent, "CannotPullContainerError: no matching manifest for linux/amd64 in the manifest list entries", "EcsArchitecture (the tasks' is ARM64)"),
        (StoppedTasks, "exec /app/orders: exec format error", "EcsArchitecture (the tasks' is ARM64)"),
        (Initialization, "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/x is not authorized to perform: ecr:GetAuthorizationToken on resource: *", "Allow arn:aws:iam::123456789012:role/exec ecr:GetAuthorizationToken"),
        (Initialization, "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: no", "Allow arn:aws:iam::123456789012:role/exec ecr:GetAuthorizationToken"),
        (Initialization, $"ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: AccessDeniedException: not authorized to perform: secretsmanager:GetSecretValue on resource: {Secret}", $"secretsmanager:GetSecretValue (a parameter: ssm:GetParameters), and kms:Decrypt for a key of your own, on {Secret}"),
        (Initialization, $"ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: failed to fetch secret {Secret}:password:: from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.", $"aws secretsmanager describe-secret --secret-id {Secret} --region eu-west-1"),
        (Initialization, "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid parameters: /orders/key", "aws ssm get-parameters --names /orders/key"),
        (Initialization, "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /orders/key", "aws ssm get-parameters --names /orders/key"),
        (Agent, "Fetching secret data from SSM Parameter Store in eu-west-1: invalid parameters: /orders/key", "aws ssm get-parameters --names /orders/key"),
        (Agent, "Fetching secret data from SSM Parameter Store in eu-west-1: AccessDeniedException: User: x is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:eu-west-1:123456789012:parameter/orders/key", "on arn:aws:ssm:eu-west-1:123456789012:parameter/orders/key"),
        (Agent, $"Fetching secret data from AWS Secrets Manager in region eu-west-1: secret {Secret}: ResourceNotFoundException: Secrets Manager can't find the specified secret.", $"aws secretsmanager describe-secret --secret-id {Secret} --region eu-west-1"),
        (Initialization, $"ResourceInitializationError: unable to pull secrets or registry auth: retrieved secret from Secrets Manager did not contain json key password: {Secret}", "Add the key"),
        (Initialization, "ResourceInitializationError: unable to pull secrets or registry auth: There is a connection issue between the task and AWS Secrets Manager.", "VPC endpoints"),
        (Initialization, "ResourceInitializationError: unable to pull secrets or registry auth: RequestError: dial tcp 1.2.3.4:443: i/o timeout", "VPC endpoints"),
        (Initialization, "ResourceInitializationError: unable to pull secrets or registry auth: context deadline exceeded", "VPC endpoints"),
        (Initialization, "ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: : signal: killed", "that the subnet reaches AWS"),
        (Initialization, "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.", "aws logs create-log-group --log-group-name /ecs/orders --region eu-west-1"),
        (Initialization, "ResourceInitializationError: failed to validate logger args: failed to create Cloudwatch log stream: AccessDeniedException", "logs:CreateLogStream and logs:PutLogEvents on /ecs/orders"),
        (Initialization, "ResourceInitializationError: failed to validate logger args: signal: killed", "Check logConfiguration"),
        (Initialization, "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes", "port 2049"),
        (PullErrors, "CannotPullContainerError: toomanyrequests: You have reached your pull rate limit.", "Keep the image in ECR"),
        (PullErrors, "CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob1: no space left on device", "ephemeralStorage"),
        (PullErrors, "CannotPullContainerError: number of layers and diffIDs don't match", "EcsTagSuffix"),
        (PullErrors, "CannotPullContainerError: failed to copy: httpReadSeeker: failed open: unexpected status code", "endpoint for s3"),
        (PullErrors, "CannotPullContainerError: pull access denied for x, repository does not exist or may require authorization", "ecr:BatchGetImage"),
        (PullErrors, "CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry.", "ecr:BatchGetImage"),
        (PullErrors, "CannotPullContainerError: unexpected status from HEAD request to https://h/v2/orders/manifests/x: 403 Forbidden", "ecr:BatchGetImage"),
        (PullErrors, "CannotPullContainerError: AccessDeniedException", "aws ecr get-repository-policy --repository-name orders --region eu-west-1"),
        (PullErrors, "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref x: dial tcp 34.2.13.4:443: i/o timeout", "EcsAssignPublicIp=true"),
        (PullErrors, "CannotPullContainerError: net/http: request canceled while waiting for connection", "NAT gateway"),
        (PullErrors, "CannotPullContainerError: There is a connection issue between the task and Amazon ECR. Check your task network configuration.", "endpoints for ecr.api, ecr.dkr, s3, logs"),
        (PullErrors, "CannotPullContainerError: context canceled", "NAT gateway"),
        (PullErrors, "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref HOST/orders:0a1b: HOST/orders:0a1b: not found", "aws ecr describe-images --repository-name orders --region eu-west-1 --image-ids imageTag=0a1b"),
        (PullErrors, "API error (404): manifest unknown", "releasing the commit again"),
        (PullErrors, "pull image manifest has been retried 5 time(s): failed to resolve ref", "Look at what is there: aws ecr describe-images"),
        (PullErrors, "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref HOST/orders:0a1b: failed to do request: Head \"https://HOST/v2/orders/manifests/0a1b\": dial tcp: lookup HOST: no such host", "NAT gateway"),
        (PullErrors, "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref HOST/orders:0a1b: failed to do request: Head \"https://HOST/v2/orders/manifests/0a1b\": net/http: TLS handshake timeout", "NAT gateway"),
        (StoppedTasks, "OutOfMemoryError: Container killed due to memory usage", "Raise EcsMemory"),
        (Agent, "CannotStartContainerError: exec: \"/app/orders\": executable file not found in $PATH", "Correct ENTRYPOINT"),
        (Agent, "CannotStartContainerError: exec /app/orders: no such file or directory", "Correct ENTRYPOINT"),
        (Agent, "CannotStartContainerError: exec: \"/app/orders\": permission denied", "executable"),
        (Agent, "CannotStartContainerError: API error (500): x", StoppedTasks),
        (Agent, "CannotCreateContainerError: x", StoppedTasks),
        (Agent, "CannotInspectContainerError: x", StoppedTasks),
        (Agent, "CannotPullECRContainerError: x", "ecr:GetAuthorizationToken"),
        (Agent, "CannotPullContainerAuthError: x", "ecr:GetAuthorizationToken"),
        (Agent, "CannotPullImageManifestError: x", StoppedTasks),
        (Agent, "CannotPullContainerError: x", StoppedTasks),
        (Agent, "DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s", "look at the instance"),
        (Agent, "ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m0s", "look at the instance"),
        (Agent, "ContainerRuntimeError: x", StoppedTasks),
        (Agent, "TaskDependencyError: x", "dependsOn"),
        (Events, $"(service orders) task set (ecs-svc/1) (task 0a) is not healthy in target-group {Group} due to TARGET GROUP IS NOT FOUND", $"aws elbv2 describe-target-groups --target-group-arns {Group}"),
        (Events, $"(service orders) task set (ecs-svc/1) (task 0a) is not healthy in target-group {Group} due to TARGET IS NOT FOUND", "describe-target-health"),
        (StoppedTasks, $"Task failed ELB health checks in (target-group {Group})", $"aws elbv2 describe-target-health --target-group-arn {Group} --region eu-west-1"),
        (Events, $"(service orders) (task 0a) (port 8080) is unhealthy in (target-group {Group}) due to (reason Health checks failed with these codes: [503]).", "healthCheckGracePeriodSeconds"),
        (StoppedTasks, "Task failed container health checks", "startPeriod"),
        (Events, "(service orders) (task 0a) failed container health checks.", "startPeriod"),
        (Events, "(service orders) has started 1 tasks: (task 0a). Amazon ECS replaced 1 tasks due to an unhealthy status.", "healthCheckGracePeriodSeconds"),
        (Events, Unplaceable("has insufficient CPU units available"), "Add container instances"),
        (Events, Unplaceable("has insufficient memory available"), "Add container instances"),
        (Events, Unplaceable("is already using a port required by your task"), "hostPort 0"),
        (Events, Unplaceable("is missing an attribute required by your task"), "requiresAttributes"),
        (Events, Unplaceable("encountered error \"AGENT\""), "agentConnected==false"),
        (Events, Unplaceable("encountered error \"RESOURCE:ENI\""), "awsvpcTrunking"),
        (Events, "(service orders) was unable to place a task because no container instance met all of its requirements.", "--cluster production"),
        (Events, "(service orders) was unable to reach steady state because (taskSet ecs-svc/1) was unable to scale out. Reason: No Container Instances were found in your capacity provider.", "aws ecs describe-clusters --clusters production"),
        (Events, "(service orders) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.", "subnets in more zones"),
        (Events, "(service orders) was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently.", "list-service-quotas"),
        (Events, "(service orders) was unable to place a task. Reason: The requested CPU (MEMORY) configuration is above your limit.", "list-service-quotas"),
        (Events, "(service orders) was unable to place a task. Reason: Internal error.", "health.aws.amazon.com"),
        (Events, "(service orders) was unable to place a task. Reason: ResourceInitializationError: failed to invoke EFS utils commands", "port 2049"),
        (Events, "(service orders) was unable to place a task. Reason: something new", "Read the reason"),
        (Events, "(service orders) was unable to place tasks in your cluster because the tasks provisioning capacity limit was exceeded.", "Wait until they have started"),
        (Events, "(service orders) could not launch 2 tasks for deployment ecs-svc/1.", "when it stays"),
        (Events, "(service orders) operations are being throttled on elb. Will try again later.", "release fewer services"),
        (Events, "(service orders) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.", "--desired-status STOPPED"),
        (Events, "(service orders) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.", "aws ecs update-service --cluster production --service orders"),
        (Events, "(service orders) was unable to reach steady state because (taskSet ecs-svc/1) was unable to scale in due to (reason 1 tasks under protection)", "aws ecs update-task-protection --cluster production"),
        (Events, "(service orders) IAM trust relationship have been misconfigured or changed, and ECS can no longer maintain your service", "AWSServiceRoleForECS"),
        (Events, "(service orders) IAM permissions policies have been misconfigured or changed, and ECS can no longer maintain your service", "AWSServiceRoleForECS"),
        (StoppedTasks, "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/exec' that was provided for this task.", "aws iam get-role --role-name exec"),
        (StoppedTasks, "The roles were unable to be assumed", "aws iam get-role --role-name exec"),
        (Deployments, "Service deployment rolled back because of invalid networking configuration. x", "services[0].networkConfiguration"),
        (Deployments, "Service deployment rolled back because POST_SCALE_UP lifecycle hook(s) failed. ECS was unable to assume role", "lifecycleHooks"),
        (Deployments, "Service deployment rolled back because POST_SCALE_UP lifecycle hook(s) failed. ECS was unable to invoke hook target", "lifecycleHooks"),
        (Deployments, "Service deployment rolled back because POST_SCALE_UP lifecycle hook(s) failed. ECS was unable to parse the response from ARN due to HookStatus must not be null", "hookStatus"),
        (Deployments, "Service deployment rolled back because POST_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target ARN returned FAILED status.", "log of the hook's function"),
        (StoppedTasks, "Task stopped by user", "AttributeValue=StopTask"),
        (StoppedTasks, "Host EC2 (instance i-0123456789abcdef0) stopped/terminated.", "drain instances"),
        (StoppedTasks, "SpotInterruption", "FARGATE"),
        (StoppedTasks, "TerminationNotice", "on-demand"),
        (StoppedTasks, "InfrastructureHealth", "Release again"),
        (Deployments, "No rollback candidate was found to run the rollback.", "release again"),
        (Events, "(service orders) (deployment ecs-svc/1) deployment failed: alarm detected.", "describe-alarm-history"),
        (Events, "(service orders) (deployment ecs-svc/1) deployment failed: tasks failed to start.", "--desired-status STOPPED"),
        (Deployments, "Service deployment rolled back because the circuit breaker threshold was exceeded.", "--desired-status STOPPED"),
    ];

    private static IEnumerable<TestCaseData> Rows() =>
        _rows.Select(row => new TestCaseData(row.Text, row.Next).SetName($"Known ({row.Source}): {row.Text[..Math.Min(90, row.Text.Length)]} → {row.Next[..Math.Min(40, row.Next.Length)]}"));

    [TestCaseSource(nameof(Rows))]
    public void A_known_text_has_a_meaning_and_a_next_action(string text, string next)
    {
        var known = KnownFailures.Find(text);

        known.Should().NotBeNull();
        var found = FailureFinding.Of(known!, Scene, "orders", text);
        found.Next.Should().Contain(next);
        found.Means.Should().EndWith(".");
        found.Cause.Should().NotContain("{").And.NotContain("(service ", "the reader knows which service");
    }

    [Test]
    public void Every_row_is_reached_by_a_text_of_its_own()
    {
        var reached = _rows.Select(row => KnownFailures.Find(row.Text)).OfType<KnownFailure>().ToHashSet();

        KnownFailures.All.Where(row => !reached.Contains(row)).Select(row => row.Text).Should().BeEmpty("no row may hide another one");
    }

    [TestCase("redis:9", "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/library/redis:9: docker.io/library/redis:9: not found", "docker manifest inspect redis:9")]
    [TestCase("ghcr.io/acme/proxy:1", "CannotPullContainerError: pull access denied for ghcr.io/acme/proxy:1, repository does not exist", "docker manifest inspect ghcr.io/acme/proxy:1")]
    [TestCase("210987654321.dkr.ecr.us-east-2.amazonaws.com/proxy:1", "CannotPullContainerError: failed to resolve ref 210987654321.dkr.ecr.us-east-2.amazonaws.com/proxy:1: not found", "aws ecr describe-images --repository-name proxy --region us-east-2 --image-ids imageTag=1")]
    public void A_sidecars_image_is_named_and_looked_for_in_its_own_registry(string image, string text, string next)
    {
        var definition = Scene.Definition.DeepClone().AsObject();
        definition["containerDefinitions"]!.AsArray().Add(new JsonObject { ["name"] = "proxy", ["image"] = image });

        var found = FailureFinding.Of(KnownFailures.Find(text)!, Scene with { Definition = definition }, container: null, text);

        found.Cause.Should().StartWith($"the image {image} ");
        found.Next.Should().Contain(next);
    }

    [TestCase("SomethingNewError: x")]
    [TestCase("Essential container in task exited")]
    [TestCase("")]
    public void An_unknown_text_is_not_in_the_catalogue(string text) => KnownFailures.Find(text).Should().BeNull();

    [TestCase(0, "must keep running", "app.Run()")]
    [TestCase(1, "general error code", "log lines")]
    [TestCase(125, "container runtime", "container's reason")]
    [TestCase(126, "could not be run", "chmod +x")]
    [TestCase(127, "not found in the image", "ENTRYPOINT")]
    [TestCase(134, "SIGABRT", "log lines")]
    [TestCase(137, "SIGKILL", "stopTimeout")]
    [TestCase(139, "SIGSEGV", "native libraries")]
    [TestCase(143, "SIGTERM", "stop code")]
    [TestCase(255, "-1", "exec format error")]
    [TestCase(135, "Signal 7", "log lines")]
    [TestCase(42, "program's own", "log lines")]
    public void An_exit_code_has_a_meaning_and_a_next_action(int code, string means, string next)
    {
        KnownExits.Of(code).Means.Should().Contain(means);
        KnownExits.Of(code).Next.Should().Contain(next);
    }

    // docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
    [TestCase("RESOURCE:CPU", "EcsCpu")]
    [TestCase("RESOURCE:MEMORY", "EcsMemory")]
    [TestCase("RESOURCE:PORTS", "hostPort 0")]
    [TestCase("RESOURCE:ENI", "trunking")]
    [TestCase("RESOURCE:GPU", "GPUs")]
    [TestCase("RESOURCE:FARGATE", "list-service-quotas --service-code fargate --region eu-west-1")]
    [TestCase("AGENT", "aws ecs list-container-instances --cluster production")]
    [TestCase("ATTRIBUTE", "requiresAttributes")]
    [TestCase("MISSING", "container instances")]
    [TestCase("INACTIVE", "container instance")]
    [TestCase("Capacity is unavailable at this time. Please try again later or in a different availability zone.", "zones")]
    public void A_reason_of_RunTask_has_a_next_action_and_stays_verbatim(string reason, string next)
    {
        var found = OneOffFailure.OfRunTask("production", Definition, new JsonObject { ["reason"] = reason, ["detail"] = "more" });

        found.Cause.Should().Be($"ECS started no task: {reason}: more");
        found.Means.Should().NotBeNullOrEmpty();
        found.Next.Should().Contain(next);
    }

    [Test]
    public void An_unknown_reason_of_RunTask_stays_without_advice() =>
        OneOffFailure.OfRunTask("production", Definition, new JsonObject { ["reason"] = "NEW" })
            .Should().BeEquivalentTo(new RolloutEvidence { Cause = "ECS started no task: NEW" });

    [Test]
    public void A_name_that_is_not_known_stays_a_word_to_replace()
    {
        var nothing = new FailureScene("production", "orders", "eu-west-1", null, [], null);

        FailureFinding.Of(KnownFailures.Find("The specified log group does not exist.")!, nothing, null, "The specified log group does not exist.")
            .Next.Should().Contain("--log-group-name GROUP --region eu-west-1");
    }

    private static string Unplaceable(string why) =>
        $"(service orders) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0a1b) {why}.";

    private static JsonObject Definition => new()
    {
        ["taskDefinitionArn"] = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7",
        ["executionRoleArn"] = "arn:aws:iam::123456789012:role/exec",
        ["runtimePlatform"] = new JsonObject { ["cpuArchitecture"] = "ARM64" },
        ["containerDefinitions"] = new JsonArray(new JsonObject
        {
            ["name"] = "orders",
            ["image"] = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:0a1b",
            ["memory"] = 512,
            ["logConfiguration"] = new JsonObject { ["logDriver"] = "awslogs", ["options"] = new JsonObject { ["awslogs-group"] = "/ecs/orders", ["awslogs-region"] = "eu-west-1" } },
        }),
    };

    private static FailureScene Scene => new("production", "orders", "eu-west-1", "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7", Definition, null);
}
