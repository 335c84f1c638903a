using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Git;
using EcsRelease.Images;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>Reads everything that decides a release and refuses what cannot succeed. Changes nothing.</summary>
internal sealed class ReleasePlanner(ReleaseOptions options, ProjectInfo project, IReleaseTarget target, TimeProvider time)
{
    private readonly List<Notice> warnings = [];

    /// <summary>Those found so far, also when the plan is refused.</summary>
    public IReadOnlyList<Notice> Warnings => warnings;

    private bool UpdatesService => options.StopAfter is StopAfterStep.None or StopAfterStep.Update;

    public async Task<ReleasePlan> PlanAsync(CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        RefuseBuilder();
        var commit = await CommitGuard.ReadAsync(options, project, warnings.Add, cancellationToken);
        var access = await target.ConnectAsync(cancellationToken);
        try
        {
            return await DecideAsync(started, commit, access, cancellationToken);
        }
        catch
        {
            access.Dispose();
            throw;
        }
    }

    private async Task<ReleasePlan> DecideAsync(DateTimeOffset started, Commit commit, AwsAccess access, CancellationToken cancellationToken)
    {
        var service = options.Service ?? ReleaseNames.Kebab(project.AssemblyName);
        var live = await LiveRelease.ReadAsync(access.Ecs, options, service, access, cancellationToken);
        CheckLive(live, service, commit.Sha);
        await CommitGuard.RefuseOlderAsync(options, commit, live.Commit, warnings.Add, cancellationToken);

        var definition = new DefinitionInputs
        {
            Options = options,
            Service = service,
            ProjectDirectory = project.Directory,
            Region = access.Region,
            Architecture = target.Defaults.Architecture,
            ExecutionRole = target.Defaults.ExecutionRole,
            LiveRevision = live.Revision,
        };
        var desired = await TaskDefinitionSource.ResolveAsync(definition, cancellationToken);
        var platform = ImagePlatform.Of(options, project, TaskDefinitionSource.ArchitectureOf(desired.Definition));
        RefuseCreationLacks(access.Ecs, live, service, desired, image: null);
        if (options.StopAfter != StopAfterStep.Push)
            await target.CheckSecretsAsync(options.Secrets, project, cancellationToken);
        await CheckLogGroupAsync(desired, access, cancellationToken);

        var tag = commit.Tag(options.TagSuffix);
        var images = new ImageLook(access.Ecr, options, target.Defaults, time);
        var repository = await images.FindRepositoryAsync(options.Repository ?? ReleaseNames.Kebab(project.AssemblyName), tag, access, warnings.Add, cancellationToken);
        var inputs = new ImageInputs("layers", project, platform, options.BaseImage);
        var (image, liveBlobs) = await images.FindImageAsync(repository, tag, commit.Sha, platform, inputs, live.Images, cancellationToken);

        var plan = new ReleasePlan
        {
            StartedAt = started,
            Seconds = (time.GetUtcNow() - started).TotalSeconds,
            Commit = commit,
            Tag = tag,
            Cluster = options.Cluster,
            Service = service,
            Access = access,
            Repository = repository,
            Platform = platform,
            ImageInputs = inputs,
            ImageCreatedAt = ImageTime.Of(commit.CommittedAt, Environment.GetEnvironmentVariable(ImageTime.Variable)),
            Image = image,
            ImageReference = image is null ? null : EcrPush.Reference(options, repository, tag, image.Manifest.Digest),
            LiveImage = live.Revision is null ? null : LiveImage.Of(live.Revision, desired.Container),
            ImageRequests = images.Requests,
            Definition = definition,
            LiveService = live.Service,
            LiveRevision = live.Revision,
            LiveCommit = live.Commit,
            LiveBlobs = liveBlobs,
            Owner = live.Service?.Owner,
            Warnings = warnings,
        };
        if (image is not null)
            desired = await TaskDefinitionSource.ResolveAsync(definition with { ExposedPorts = image.ExposedPorts }, cancellationToken);
        RefuseCreationLacks(access.Ecs, live, service, desired, image);
        return plan with { DefinitionChanges = desired.Changes, Actions = PlanText.Of(plan, options, desired) };
    }

    private void RefuseBuilder()
    {
        var dockerfile = Path.Combine(project.Directory, "Dockerfile");
        if (options.ImageBuilder == ImageBuilderKind.Dockerfile || (options.ImageBuilder == ImageBuilderKind.Auto && File.Exists(dockerfile)))
            throw Errors.DockerfileNotOffered(dockerfile);
        if (options.BaseImage == "local" && !target.Defaults.MayUseLocalBase)
            throw Errors.LocalBaseOnAws();
    }

    private void CheckLive(LiveRelease live, string service, string commit)
    {
        if (options.StopAfter == StopAfterStep.Push)
            return;
        if (live.Service is not { } found)
        {
            if (UpdatesService && !(options.CreateService ?? target.Defaults.CreateService))
                throw Errors.ServiceMissing(service, options.Cluster);
            return;
        }
        if (found.Status != "ACTIVE")
            throw Errors.ServiceNotActive(service, found.Status);
        if (found.Controller != "ECS" && options.StopAfter != StopAfterStep.Register)
            throw Errors.ControllerNotOffered(service, options.Cluster, found.Controller);
        if (!found.IsBreakerOn)
            warnings.Add(Errors.BreakerOff(service, options.Cluster));
        if (found.Owner is { } owner && options.Owned != OwnedPolicy.Ignore && UpdatesService)
        {
            if (options.Owned == OwnedPolicy.Refuse)
                throw Errors.OwnedByStack(service, owner);
            warnings.Add(Errors.OwnedWarning(service, owner));
        }
        if (options.OnConflict == ConflictPolicy.Fail && UpdatesService && found.RolloutState == "IN_PROGRESS" && live.Commit != commit)
            throw Errors.ConflictInProgress(service, found.TaskDefinition, TimeSpan.Zero, found.FailedTasks);
    }

    /// <summary>What CreateService would lack is said before anything is built.</summary>
    private void RefuseCreationLacks(AmazonEcsClient ecs, LiveRelease live, string service, DesiredRevision desired, ExistingImage? image)
    {
        if (live.Service is not null || !UpdatesService)
            return;
        // A definition of properties is one for Fargate, which takes neither an ECR image nor awslogs without the role.
        if (desired.From == "properties" && desired.Definition.Text("executionRoleArn") is null)
            throw Errors.CreateServiceLacks("EcsExecutionRole", service);
        // The port of a target group may come from the image, which may not be built yet.
        var arePortsKnown = image is not null || options.Ports.Count > 0 || desired.From != "properties";
        var known = arePortsKnown ? options : options with { TargetGroup = null };
        new ServiceCreation(ecs, options.Cluster, service, time).Request(known, desired, desired.Family, target.Defaults.Subnets);
    }

    /// <summary>Fargate cannot start a task whose log group is missing; better said now than by a failed rollout.</summary>
    private async Task CheckLogGroupAsync(DesiredRevision desired, AwsAccess access, CancellationToken cancellationToken)
    {
        if (desired.From != "properties" || target.Defaults.CreateLogGroup || options.StopAfter == StopAfterStep.Push)
            return;
        var group = LogGroups.Of(desired);
        try
        {
            if (group is not null && !await LogGroups.ExistsAsync(access.Logs, group, cancellationToken))
                throw Errors.LogGroupMissing(group, access.Region);
        }
        catch (AwsServiceException e) when (e.IsAccessDenied)
        {
            warnings.Add(Errors.LogGroupUnchecked(group!));
        }
    }
}
