namespace EcsRelease.Deployments;

/// <summary>The catalogue: texts of ECS and its agent, what they mean, what to do next. A text that is not listed gets
/// no advice: it is shown verbatim, never guessed at. Sources: docs.aws.amazon.com/AmazonECS/latest/developerguide,
/// stopped-task-error-codes, service-event-messages-list and troubleshooting; github.com/aws/amazon-ecs-agent, agent/api/errors.</summary>
internal static class KnownFailures
{
    /// <summary>In place of advice about ECR where the image comes from another registry.</summary>
    public const string OtherRegistry = "Correct the image's name, or give the tasks what its registry wants (repositoryCredentials in the task definition). What it has: docker manifest inspect {image}";

    private const string Network = "Give the tasks a way out: a public IP (EcsAssignPublicIp=true), a NAT gateway, or VPC endpoints for ecr.api, ecr.dkr, s3, logs and secretsmanager; and let their security group send to port 443.";
    private const string PullPolicy = "Allow {executionRole} ecr:GetAuthorizationToken, ecr:BatchCheckLayerAvailability, ecr:GetDownloadUrlForLayer and ecr:BatchGetImage; a repository of another account needs a repository policy, too: aws ecr get-repository-policy --repository-name {repository} --region {registryRegion}";
    private const string ReadPolicy = "Allow {executionRole} secretsmanager:GetSecretValue (a parameter: ssm:GetParameters), and kms:Decrypt for a key of your own, on {secret}";
    private const string ReadSecret = "Create it, or correct the EcsSecret: aws secretsmanager describe-secret --secret-id {secret} --region {region}";
    private const string ReadParameter = "Create it, or correct the EcsSecret: aws ssm get-parameters --names {secret} --region {region} --query InvalidParameters";
    private const string SameArchitecture = "Set EcsArchitecture (the tasks' is {architecture}) or RuntimeIdentifier so that both agree, and release again.";
    private const string Agent = "Read the agent's text: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html";
    private const string MoreInstances = "Add container instances, or make the task smaller (EcsCpu, EcsMemory): aws ecs describe-container-instances --cluster {cluster} --region {region} --query 'containerInstances[].remainingResources' --container-instances $(aws ecs list-container-instances --cluster {cluster} --region {region} --query containerInstanceArns --output text)";
    private const string ReadTasks = "Read the stopped tasks: aws ecs list-tasks --cluster {cluster} --service-name {service} --desired-status STOPPED --region {region}";
    private const string TargetHealth = "Check path, port and matcher of the health check, the security groups, and healthCheckGracePeriodSeconds of the service: aws elbv2 describe-target-health --target-group-arn {targetGroup} --region {region}";
    private const string HookRole = "Check the hook's role and function: aws ecs describe-services --cluster {cluster} --services {service} --region {region} --query 'services[0].deploymentConfiguration.lifecycleHooks'";

    /// <summary>First match wins; the more telling text stands first.</summary>
    public static IReadOnlyList<KnownFailure> All { get; } =
    [
        // Architecture
        new("exec format error", "the image {image} is built for another architecture than the tasks' ({architecture})", "The processor of the task cannot run the program in the image.", SameArchitecture) { InLog = true },
        new("does not contain descriptor matching platform", "the image {image} is not built for the tasks' platform", "The image has no variant for the architecture or system that the tasks run on.", SameArchitecture),
        new("no matching manifest for", "the image {image} is not built for the tasks' platform", "The image has no variant for the architecture or system that the tasks run on.", SameArchitecture),

        // Before the pull: secrets, registry sign-in, log group, volumes
        new("unable to pull secrets or registry auth*AccessDenied*ecr:GetAuthorizationToken", "the execution role may not sign in to the registry", "The role that starts the task lacks a permission.", PullPolicy),
        new("unable to pull secrets or registry auth*ecr registry auth*AccessDenied", "the execution role may not sign in to the registry", "The role that starts the task lacks a permission.", PullPolicy),
        new("unable to pull secrets or registry auth*AccessDenied", "the execution role may not read the secret {secret}", "The role that starts the task lacks a permission, or the secret's own policy or key denies it.", ReadPolicy),
        new("unable to pull secrets or registry auth*ResourceNotFoundException", "the secret {secret} does not exist", "The task definition names a secret that is not there, or a version of it that is not.", ReadSecret),
        new("unable to pull secrets or registry auth*invalid ssm parameters", "the parameter {secret} does not exist", "The task definition names a parameter that is not there.", ReadParameter),
        new("unable to pull secrets or registry auth*invalid parameters", "the parameter {secret} does not exist", "The task definition names a parameter that is not there.", ReadParameter),
        new("unable to pull secrets or registry auth*did not contain json key", "the secret {secret} has no such key", "The task definition names a key of the secret's JSON that is not in it.", "Add the key, or correct the EcsSecret: aws secretsmanager describe-secret --secret-id {secret} --region {region}"),
        new("unable to pull secrets or registry auth*connection issue", "the tasks reach neither secrets nor registry", "Starting a task needs the network before the container runs.", Network),
        new("unable to pull secrets or registry auth*i/o timeout", "the tasks reach neither secrets nor registry", "Starting a task needs the network before the container runs.", Network),
        new("unable to pull secrets or registry auth*deadline exceeded", "the tasks reach neither secrets nor registry", "Starting a task needs the network before the container runs.", Network),
        new("unable to pull secrets or registry auth", "the tasks get neither secrets nor a sign-in to the registry", "The task stopped before its image was pulled: a secret is missing, the execution role may not read it, or the network does not reach AWS.", "Check {secret}, the role {executionRole} (secretsmanager:GetSecretValue, ssm:GetParameters), and that the subnet reaches AWS."),
        // The agent of an EC2 instance says it in words of its own.
        new("fetching secret data from*AccessDenied", "the execution role may not read the secret {secret}", "The role that starts the task lacks a permission, or the secret's own policy or key denies it.", ReadPolicy),
        new("fetching secret data from*ResourceNotFoundException", "the secret {secret} does not exist", "The task definition names a secret that is not there, or a version of it that is not.", ReadSecret),
        new("fetching secret data from*invalid parameters", "the parameter {secret} does not exist", "The task definition names a parameter that is not there.", ReadParameter),
        new("log group does not exist", "log group {logGroup} does not exist", "The log driver stops the task when it cannot write.", "Create it: aws logs create-log-group --log-group-name {logGroup} --region {logRegion} (or set awslogs-create-group=true and allow the role logs:CreateLogGroup)"),
        new("failed to create Cloudwatch log stream", "the log stream in {logGroup} cannot be created", "The log driver stops the task when it cannot write.", "Allow {executionRole} logs:CreateLogStream and logs:PutLogEvents on {logGroup}, and let the subnet reach logs."),
        new("failed to validate logger args", "the log driver refuses its options", "The task stopped before its container ran.", "Check logConfiguration in the task definition: aws ecs describe-task-definition --task-definition {revision} --region {region} --query 'taskDefinition.containerDefinitions[].logConfiguration'"),
        new("failed to invoke EFS utils commands", "the EFS volume cannot be mounted", "The task stopped before its container ran.", "Check the file system, its mount targets in the tasks' zones, and that its security group admits port 2049."),

        // Pull
        new("toomanyrequests", "the registry limits pulls", "Too many pulls were made without a subscription.", "Keep the image in ECR, or wait and release again."),
        new("no space left on device", "the tasks' disk is full", "The image and what the container writes do not fit.", "Raise ephemeralStorage in the task definition (Fargate), or free the instance's disk."),
        new("number of layers and diffIDs don't match", "the image {image} is broken", "Its configuration names another number of layers than its manifest.", "Build and release it again, with another tag: EcsTagSuffix"),
        new("httpReadSeeker: failed open", "the layers of the image are out of reach", "Manifests come from ECR, layers from S3.", "Give the tasks a way to S3: an endpoint for s3 whose policy allows the bucket of ECR's layers, a NAT gateway, or a public IP."),
        new("pull access denied", "the image {image} may not be pulled, or its repository does not exist", "The registry does not tell the two apart.", PullPolicy),
        new("pull the image. Check that the role has the permissions", "the image {image} may not be pulled", "The role that starts the task lacks a permission.", PullPolicy),
        new("CannotPull*403 Forbidden", "the image {image} may not be pulled", "The registry refuses the role that starts the task.", PullPolicy),
        new("CannotPull*AccessDenied", "the image {image} may not be pulled", "The registry refuses the role that starts the task.", PullPolicy),
        new("i/o timeout", "the tasks do not reach the registry", "The subnet has no way to it.", Network),
        new("request canceled while waiting for connection", "the tasks do not reach the registry", "The subnet has no way to it.", Network),
        new("connection issue between the task and", "the tasks do not reach the registry", "The subnet has no way to it.", Network),
        new("CannotPull*no such host", "the tasks do not reach the registry", "Its name cannot be resolved from the subnet.", Network),
        new("CannotPull*failed to do request", "the tasks do not reach the registry", "The request to it failed on the way.", Network),
        new("CannotPull*context canceled", "the tasks do not reach the registry", "The pull was given up for taking too long.", Network),
        new("CannotPull*not found", "the image {image} is not in the repository", "Its tag or digest is absent: never pushed, or deleted since (a revision keeps the digest of its tag).", "Push it again by releasing the commit again; look at what is there: aws ecr describe-images --repository-name {repository} --region {registryRegion} --image-ids {imageId}"),
        new("manifest unknown", "the image {image} is not in the repository", "Its tag or digest is absent: never pushed, or deleted since.", "Push it again by releasing the commit again; look at what is there: aws ecr describe-images --repository-name {repository} --region {registryRegion} --image-ids {imageId}"),
        new("failed to resolve ref", "the image {image} cannot be found", "The registry did not tell what its tag or digest is; the text says why.", "Look at what is there: aws ecr describe-images --repository-name {repository} --region {registryRegion} --image-ids {imageId}"),

        // The container
        new("OutOfMemoryError", "container '{container}' ran out of memory", "It used more than the task definition gives it ({memory} MiB), and the kernel killed it.", "Raise EcsMemory, or lower what the program uses (in .NET: DOTNET_GCHeapHardLimitPercent)."),
        new("CannotStartContainerError*executable file not found", "container '{container}' has no such program", "The command of the container is not in the image.", "Correct ENTRYPOINT, command or entryPoint: docker run --rm -it --entrypoint sh {image}"),
        new("CannotStartContainerError*no such file or directory", "container '{container}' has no such program", "The command of the container, or the loader it asks for, is not in the image.", "Correct ENTRYPOINT, command or entryPoint: docker run --rm -it --entrypoint sh {image}"),
        new("CannotStartContainerError*permission denied", "container '{container}' may not run its program", "The file is not executable for the container's user.", "Make it executable in the image, or set another user."),
        new("CannotStartContainerError", null, "The agent could not start the container.", Agent),
        new("CannotCreateContainerError", null, "The agent could not create the container.", Agent),
        new("CannotInspectContainerError", null, "The agent could not ask the container runtime how the container is.", Agent),
        new("CannotPullECRContainerError", null, "The agent could not sign in to ECR for the pull.", PullPolicy),
        new("CannotPullContainerAuthError", null, "The agent could not get credentials for the registry.", PullPolicy),
        new("CannotPullImageManifestError", null, "The agent could not read the image's manifest.", Agent),
        new("CannotPullContainerError", "the image {image} cannot be pulled", "The agent could not pull it; its text says why.", Agent),
        new("DockerTimeoutError", null, "The container runtime did not answer in time.", "Release again; when it repeats on EC2, look at the instance: its disk, its load, and the agent's version."),
        new("ContainerRuntimeTimeoutError", null, "The container runtime did not answer in time.", "Release again; when it repeats on EC2, look at the instance: its disk, its load, and the agent's version."),
        new("ContainerRuntimeError", null, "The container runtime failed.", Agent),
        new("TaskDependencyError", null, "A container waits for another one that can never come to the state it waits for.", "Check dependsOn in the task definition."),

        // Health
        new("TARGET GROUP IS NOT FOUND", "the target group {targetGroup} does not exist", "The load balancer has lost what the service registers its tasks in.", "Restore the target group, or give the service another: aws elbv2 describe-target-groups --target-group-arns {targetGroup} --region {region}"),
        new("TARGET IS NOT FOUND", "the tasks are not in the target group {targetGroup}", "Somebody, or something else than ECS, took them out.", TargetHealth),
        new("Task failed ELB health checks", "the tasks fail the health checks of the load balancer", "The program runs and does not answer as its target group {targetGroup} wants, or not soon enough.", TargetHealth),
        new("is unhealthy in*due to", "the tasks fail the health checks of the load balancer", "The program runs and does not answer as its target group {targetGroup} wants, or not soon enough.", TargetHealth),
        new("failed container health checks", "container '{container}' fails its own health check", "The command of its healthCheck ({healthCheck}) does not end with 0.", "Run the command in the container, check that its tool is in the image, and give the program time: startPeriod."),
        new("due to an unhealthy status", "the tasks turn unhealthy and are replaced", "Their health check fails after they started.", "Check the health check and healthCheckGracePeriodSeconds of the service."),

        // Placement
        new("no container instance met all of its requirements*insufficient CPU", "no container instance has enough CPU for a task", "ECS found no place for the task.", MoreInstances),
        new("no container instance met all of its requirements*insufficient memory", "no container instance has enough memory for a task", "ECS found no place for the task.", MoreInstances),
        new("no container instance met all of its requirements*already using a port", "the port of the task is taken on every container instance", "Two tasks with one host port do not fit on one instance.", "Use a dynamic host port (hostPort 0) or awsvpc, add container instances, or lower minimumHealthyPercent."),
        new("no container instance met all of its requirements*missing an attribute", "no container instance has what the task asks for", "The task definition needs a feature, or a placement constraint an attribute, that no instance has.", "Compare requiresAttributes: aws ecs describe-task-definition --task-definition {revision} --region {region} --query taskDefinition.requiresAttributes"),
        new("no container instance met all of its requirements*encountered error \"AGENT\"", "the agents of the container instances are not connected", "ECS cannot start a task through them.", "Restart the ECS agent on the instances: aws ecs list-container-instances --cluster {cluster} --filter 'agentConnected==false' --region {region}"),
        new("no container instance met all of its requirements*RESOURCE:ENI", "no container instance has a network interface left for a task", "Each awsvpc task takes one.", "Use larger or more instances, or ENI trunking: aws ecs put-account-setting-default --name awsvpcTrunking --value enabled --region {region}"),
        new("no container instance met all of its requirements", "no container instance fits the task", "ECS found no place for the task.", MoreInstances),
        new("No Container Instances were found", "there are no container instances", "The cluster or its capacity provider has no instances that could run the task.", "Add instances, or raise the Auto Scaling group's size: aws ecs describe-clusters --clusters {cluster} --include STATISTICS --region {region}"),
        new("Capacity is unavailable at this time", "Fargate has no capacity in the service's zones", "AWS has no room just now; it often has later.", "Give the service subnets in more zones, or release again later."),
        new("reached the limit on the number of", "the account's limit of Fargate tasks is reached", "A quota of the account and region.", "Ask for a higher quota, or stop other tasks: aws service-quotas list-service-quotas --service-code fargate --region {region}"),
        new("configuration is above your limit", "the task is larger than the account's limit", "A quota of the account and region.", "Ask for a higher quota, or make the task smaller (EcsCpu, EcsMemory): aws service-quotas list-service-quotas --service-code fargate --region {region}"),
        new("was unable to place a task*Internal error", "ECS could not place a task for an error of its own", "A fault on AWS's side.", "Release again; when it stays, look at https://health.aws.amazon.com"),
        new("tasks provisioning capacity limit was exceeded", "more tasks of the cluster wait for capacity than ECS allows (500)", "Too many tasks are PROVISIONING at once.", "Wait until they have started, then release again."),
        new("could not launch*tasks for deployment", "ECS could not launch tasks", "It tries again by itself.", "Wait; when it stays, read the events before this one."),
        new("operations are being throttled", "AWS throttles what the deployment needs", "It goes on by itself, slowly.", "Wait, and release fewer services at once."),
        new("was unable to place a task", "ECS finds no place for a task", "ECS says why in its own words.", "Read the reason above; ECS tries again by itself."),

        // The service
        new("unable to stop or start tasks*because of the service deployment configuration", "the deployment has no room to move", "minimumHealthyPercent and maximumPercent, rounded to whole tasks, allow neither one task more nor one less.", "Raise the one or lower the other: aws ecs update-service --cluster {cluster} --service {service} --region {region} --deployment-configuration 'maximumPercent=200,minimumHealthyPercent=100'"),
        new("tasks under protection", "old tasks are protected from being stopped", "Scale-in protection keeps them, so the deployment cannot end.", "Wait until the protection expires, or lift it: aws ecs update-task-protection --cluster {cluster} --no-protection-enabled --region {region} --tasks TASK"),
        new("unable to assume role", "ECS may not assume the role of the lifecycle hook", "The role's trust policy does not name ecs.amazonaws.com, or the role is gone.", HookRole),
        new("IAM trust relationship*misconfigured or changed", "ECS may not assume the roles that it keeps the service with", "A trust policy was changed or a role was deleted.", "Restore the trust policy, and the service-linked role: aws iam get-role --role-name AWSServiceRoleForECS"),
        new("IAM permissions policies*misconfigured or changed", "ECS lacks permissions that it keeps the service with", "A policy was changed.", "Restore the policies of the service-linked role and of the service's own roles: aws iam get-role --role-name AWSServiceRoleForECS"),
        new("unable to be assumed", "a role of the task cannot be assumed", "Its trust policy does not name ecs-tasks.amazonaws.com, or the role is gone.", "Check both roles: aws iam get-role --role-name {executionRoleName} --query Role.AssumeRolePolicyDocument"),
        new("unable to assume the role", "a role of the task cannot be assumed", "Its trust policy does not name ecs-tasks.amazonaws.com, or the role is gone.", "Check both roles: aws iam get-role --role-name {executionRoleName} --query Role.AssumeRolePolicyDocument"),
        new("invalid networking configuration", null, "Subnets, security groups or public IP of the service do not go together, or are gone.", "Check them: aws ecs describe-services --cluster {cluster} --services {service} --region {region} --query 'services[0].networkConfiguration'"),
        new("to invoke hook target", null, "ECS could not call the function of the lifecycle hook.", HookRole),
        new("HookStatus must not be null", null, "The function of the lifecycle hook answered without hookStatus.", "Let it return {\"hookStatus\": \"SUCCEEDED\"}, \"FAILED\" or \"IN_PROGRESS\"."),
        new("lifecycle hook*failed", null, "A check of your own refused the new revision.", "Read the log of the hook's function; correct what it checks, or the check."),

        // Who stopped the tasks
        new("Task stopped by user", null, "Somebody called StopTask.", "Ask who: aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=StopTask --region {region}"),
        new("stopped/terminated", "the instance of the tasks ended", "An EC2 instance was stopped or terminated, also by Auto Scaling.", "Release again; drain instances before they are ended."),
        new("SpotInterruption", "AWS took the tasks' Spot capacity back", "Spot tasks may end at any time.", "Release again; keep a base of tasks on FARGATE or on-demand capacity."),
        new("TerminationNotice", "the instance of the tasks is being ended", "Its capacity provider or Spot took it.", "Release again; keep a base of tasks on on-demand capacity."),
        new("InfrastructureHealth", "the tasks' infrastructure failed", "AWS moved the tasks off hardware that is not healthy.", "Release again."),

        // How it ended; anything above says more
        new("unable to consistently start tasks successfully", "tasks fail to start again and again, and ECS waits longer between tries (up to 15 min)", "Something lasting keeps them from starting.", ReadTasks) { IsOutline = true },
        new("No rollback candidate was found", null, "Nothing was ever live that ECS could go back to.", "Correct the release and release again.") { IsOutline = true },
        new("deployment failed: alarm detected", null, "A CloudWatch alarm of the service went off.", "Look at the alarm's metric: aws cloudwatch describe-alarm-history --history-item-type StateUpdate --region {region}") { IsOutline = true },
        new("tasks failed to start", null, "Tasks of the new revision did not stay alive long enough.", ReadTasks) { IsOutline = true },
        new("circuit breaker threshold was exceeded", null, "Tasks of the new revision did not stay alive long enough.", ReadTasks) { IsOutline = true },
    ];

    public static KnownFailure? Find(string? text) => text is null ? null : All.FirstOrDefault(known => known.Matches(text));
}
