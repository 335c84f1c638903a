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

    private bool UpdatesService => options.StopAfter is StopAfterStep.None or StopAfterStep.Update;

    public async Task<ReleasePlan> PlanAsync(CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        RefuseBuilder();
        var commit = await CommitGuard.ReadAsync(options, project, warnings.Add, cancellationToken);
        var access = await target.ConnectAsync(cancellationToken);
        var service = options.Service ?? ReleaseNames.Kebab(project.AssemblyName);
        var live = await LiveRelease.ReadAsync(access.Ecs, options, service, access, cancellationToken);
        CheckLive(live, service);
        await RefuseOlderAsync(commit, live, cancellationToken);

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

    private void CheckLive(LiveRelease live, string service)
    {
        if (options.StopAfter == StopAfterStep.Push)
            return;
        if (live.Service is not { } found)
        {
            if (UpdatesService && !(options.CreateService ?? target.Defaults.CreateService))
                throw Errors.ServiceMissing(service, options.Cluster);
            RefuseCreationLacks(service);
            return;
        }
        if (found.Status != "ACTIVE")
            throw Errors.ServiceNotActive(service, found.Status);
        if (found.Controller != "ECS" && options.StopAfter != StopAfterStep.Register)
            throw Errors.ControllerNotOffered(service, found.Controller);
        if (!found.IsBreakerOn)
            warnings.Add(Errors.BreakerOff(service, options.Cluster));
        if (found.Owner is { } owner && options.Owned != OwnedPolicy.Ignore && UpdatesService)
        {
            if (options.Owned == OwnedPolicy.Refuse)
                throw Errors.OwnedByStack(service, owner);
            warnings.Add(Errors.OwnedWarning(service, owner));
        }
        if (options.OnConflict == ConflictPolicy.Fail && found.RolloutState == "IN_PROGRESS")
            throw Errors.ConflictInProgress(service, found.TaskDefinition);
    }

    private void RefuseCreationLacks(string service)
    {
        if (options.StopAfter is StopAfterStep.Register || options.LaunchType is "EC2" or "EXTERNAL")
            return;
        if (options.ExecutionRole is null && target.Defaults.ExecutionRole is null && options.TaskDefinition is "auto" or "properties")
            throw Errors.CreateServiceLacks("EcsExecutionRole", service);
        if (options.Subnets.Count == 0 && target.Defaults.Subnets.Count == 0)
            throw Errors.CreateServiceLacks("EcsSubnets", service);
    }

    private async Task RefuseOlderAsync(Commit commit, LiveRelease live, CancellationToken cancellationToken)
    {
        if (live.Commit is not { } liveCommit || liveCommit == commit.Sha || commit.Root is null || options.AllowOlder)
            return;
        switch (await GitRepository.CompareAsync(commit.Root, commit.Sha, liveCommit, cancellationToken))
        {
            case Ancestry.Older: throw Errors.OlderCommit(commit.Sha, liveCommit);
            case Ancestry.Unknown: warnings.Add(Errors.AncestryUnknown(commit.Sha, liveCommit)); break;
        }
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
