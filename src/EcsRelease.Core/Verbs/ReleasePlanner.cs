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
internal sealed class ReleasePlanner(ReleaseOptions options, ProjectInfo project, IReleaseTarget target, IReporter reporter, TimeProvider time)
{
    private readonly List<Notice> warnings = [];

    /// <summary>Those found so far, also when the plan is refused.</summary>
    public IReadOnlyList<Notice> Warnings => warnings;

    /// <summary>The commit that is meant, once it was read, also when the plan is refused.</summary>
    public Commit? Commit { get; private set; }

    /// <summary>Full path of the file that a plan is written to or read from: it is no change of the tree.</summary>
    public string? PlanFile { get; init; }

    /// <summary>The commits of a run with several services; null = this one is alone.</summary>
    public RunCommits? Commits { get; init; }

    private bool UpdatesService => options.StopAfter is StopAfterStep.None or StopAfterStep.Update;

    public async Task<ReleasePlan> PlanAsync(CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        RefuseBuilder();
        var commit = Commit = await (Commits?.ReadAsync(options, project, warnings.Add, cancellationToken) ?? CommitGuard.ReadAsync(options, project, warnings.Add, cancellationToken, PlanFile));
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
        new LiveChecks(options, target.Defaults, service, access.Region, warnings.Add).Check(live, commit.Sha);
        var commits = live.Service is null ? null : await CommitGuard.CompareAsync(options, commit, live.Revision, live.Commit, warnings.Add, cancellationToken);
        var drift = await HandMadeRevision.FindAsync(access.Ecs, live.Revision, options.Tags, cancellationToken);

        var definition = new DefinitionInputs
        {
            Options = options,
            Service = service,
            ProjectDirectory = project.Directory,
            Region = access.Region,
            Architecture = target.Defaults.Architecture,
            ExecutionRole = target.Defaults.ExecutionRole,
            LiveRevision = live.Revision,
            BaseRevision = options.OverwriteDrift ? drift?.Released : null,
            Commit = commit.Sha,
            Parameters = new ParameterReader(access.Ssm),
        };
        var desired = await TaskDefinitionSource.ResolveAsync(definition, cancellationToken);
        drift?.Check(options, service, desired, warnings.Add);
        var platform = ImagePlatform.Of(options, project, TaskDefinitionSource.ArchitectureOf(desired.Definition));
        RefuseCreationLacks(access.Ecs, live, service, desired, image: null);
        if (options.StopAfter != StopAfterStep.Push)
            await target.CheckSecretsAsync(options.Secrets, project, cancellationToken);
        var missingLogGroup = await MissingLogGroupAsync(desired, access, cancellationToken);

        var tag = commit.Tag(options.TagSuffix);
        var images = new ImageLook(access.Ecr, options, target.Defaults, time);
        var repository = await images.FindRepositoryAsync(options.Repository ?? ReleaseNames.Kebab(project.AssemblyName), tag, access, warnings.Add, cancellationToken);
        repository.WarnOfPull(access.Account, access.Region, live.Images, warnings.Add);
        var inputs = new ImageInputs("layers", project, platform, options.BaseImage);
        var found = await images.FindImageAsync(repository, tag, commit.Sha, platform, inputs, live.Images, cancellationToken);
        var reference = found.Image is null ? null : EcrPush.Reference(options, repository, tag, found.Image.Manifest.Digest);
        if (found.Image is { } image)
            desired = await TaskDefinitionSource.ResolveAsync(definition with { ExposedPorts = image.ExposedPorts, Image = reference }, cancellationToken);
        warnings.AddRange(desired.Warnings);
        RefuseCreationLacks(access.Ecs, live, service, desired, found.Image);

        var plan = new ReleasePlan
        {
            StartedAt = started,
            Seconds = (time.GetUtcNow() - started).TotalSeconds,
            Commit = commit,
            Commits = commits,
            Tag = tag,
            Cluster = options.Cluster,
            Service = service,
            Access = access,
            Repository = repository,
            Platform = platform,
            ImageInputs = inputs,
            ImageCreatedAt = ImageTime.Of(commit.CommittedAt, Environment.GetEnvironmentVariable(ImageTime.Variable)),
            Image = found.Image,
            ImageReference = reference,
            LiveImage = live.Revision is null ? null : LiveImage.Of(live.Revision, desired.Container),
            MovingTags = found.MovingTags,
            ImageRequests = images.Requests,
            Definition = definition,
            DefinitionChanges = desired.Changes,
            DefinitionHash = options.StopAfter == StopAfterStep.Push ? null : desired.Hash,
            MissingLogGroup = missingLogGroup,
            LiveService = live.Service,
            LiveRevision = live.Revision,
            LiveCommit = live.Commit,
            LiveBranch = live.Revision is null ? null : RevisionTags.Read(live.Revision).Branch,
            Drift = drift,
            LiveBlobs = found.LiveBlobs,
            Owner = live.Service?.Owner,
            Warnings = warnings,
        };
        plan = await new UpdateForecast(options, reporter, time).AddAsync(plan, desired, cancellationToken);
        return plan with { Steps = new PlanSteps(plan, options, desired).All() };
    }

    private void RefuseBuilder()
    {
        var dockerfile = Path.Combine(project.Directory, "Dockerfile");
        if (options.ImageBuilder == ImageBuilderKind.Dockerfile || (options.ImageBuilder == ImageBuilderKind.Auto && File.Exists(dockerfile)))
            throw Errors.DockerfileNotOffered(dockerfile);
        if (options.BaseImage == "local" && !target.Defaults.MayUseLocalBase)
            throw Errors.LocalBaseOnAws();
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

    /// <summary>Tasks cannot start when their log group is missing; better said now than by a failed rollout.</summary>
    /// <returns>The group that the release makes, where the target does so.</returns>
    private async Task<string?> MissingLogGroupAsync(DesiredRevision desired, AwsAccess access, CancellationToken cancellationToken)
    {
        if (options.StopAfter == StopAfterStep.Push || LogGroups.Of(desired) is not { } group)
            return null;
        // The group of another region is asked for there.
        if (LogGroups.RegionOf(desired) is { } region && region != access.Region)
            return null;
        try
        {
            if (await LogGroups.ExistsAsync(access.Logs, group, cancellationToken))
                return null;
        }
        catch (AwsServiceException e) when (e.IsAccessDenied && !target.Defaults.CreateLogGroup)
        {
            warnings.Add(Errors.LogGroupUnchecked(group));
            return null;
        }
        if (target.Defaults.CreateLogGroup)
            return group;
        if (desired.From == "properties")
            throw Errors.LogGroupMissing(group, access.Region);
        // A file or a live definition is the user's own: whoever makes the group may come after the revision.
        warnings.Add(Errors.LogGroupAbsent(group, access.Region));
        return null;
    }
}
