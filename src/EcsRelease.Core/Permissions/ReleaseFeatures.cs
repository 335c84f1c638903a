using EcsRelease.Aws.Targets;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Permissions;

/// <summary>What a release does, as far as it needs permissions of its own.</summary>
[Flags]
public enum ReleaseFeatures
{
    None = 0,

    /// <summary>Looks for the image and pushes it; every release does.</summary>
    Image = 1,

    /// <summary>Creates the repository when it is missing.</summary>
    CreateRepository = 1 << 1,

    /// <summary>Reads the live service and registers a revision.</summary>
    Register = 1 << 2,

    /// <summary>Tags revisions.</summary>
    Tag = 1 << 3,

    /// <summary>Updates the service, follows the rollout, reads why it failed; goes on with it or rolls it back.</summary>
    Update = 1 << 4,

    /// <summary>Creates the service when it is missing.</summary>
    CreateService = 1 << 5,

    /// <summary>Runs one-off tasks of the new revision before or after the update.</summary>
    OneOffTasks = 1 << 6,

    /// <summary>Creates the log group: where the target makes it itself.</summary>
    CreateLogGroup = 1 << 7,

    /// <summary>Assumes a role on top of the credentials.</summary>
    AssumeRole = 1 << 8,

    /// <summary>`ecs-release verify`: whether the caller may do all this.</summary>
    Verify = 1 << 9,

    /// <summary>`ecs-release verify`: what the task definition refers to.</summary>
    VerifyDefinition = 1 << 10,

    /// <summary>`ecs-release prune`: whatever may refer to a revision or an image, and taking revisions away.</summary>
    Prune = 1 << 11,

    /// <summary>`ecs-release prune --images`.</summary>
    PruneImages = 1 << 12,

    /// <summary>`ecs-release logs` of tasks that ECS has forgotten; no release needs it.</summary>
    SearchLogs = 1 << 13,
}

internal static class FeatureChoice
{
    /// <param name="desired">What is registered; null while it is not known.</param>
    public static ReleaseFeatures Of(ReleaseOptions options, TargetDefaults defaults, DesiredRevision? desired = null)
    {
        var features = ReleaseFeatures.Image | ReleaseFeatures.Verify
            | If(options.CreateRepository ?? defaults.CreateRepository, ReleaseFeatures.CreateRepository)
            | If(options.RoleArn is not null || options.EcrRoleArn is not null, ReleaseFeatures.AssumeRole);
        if (options.StopAfter == StopAfterStep.Push)
            return features;
        features |= ReleaseFeatures.Register | ReleaseFeatures.VerifyDefinition
            | If(options.Tags != TagPolicy.Off || desired?.OwnTags.Count > 0, ReleaseFeatures.Tag)
            | If(defaults.CreateLogGroup, ReleaseFeatures.CreateLogGroup);
        if (options.StopAfter == StopAfterStep.Register)
            return features;
        return features | ReleaseFeatures.Update
            | If(options.CreateService ?? defaults.CreateService, ReleaseFeatures.CreateService)
            | If(options.BeforeDeploy is not null || (options.AfterDeploy is { } after && AfterDeployCheck.Parse(after).Command.Count > 0), ReleaseFeatures.OneOffTasks);
    }

    private static ReleaseFeatures If(bool isWanted, ReleaseFeatures feature) => isWanted ? feature : ReleaseFeatures.None;
}
