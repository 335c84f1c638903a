using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>The register step: what the revision refers to is there, then the revision itself, once.</summary>
internal sealed class RevisionStep(ReleaseOptions options, IReleaseTarget target, ProjectInfo project, IReporter reporter, TimeProvider time)
{
    public async Task<(DesiredRevision Desired, RegisteredRevision Registered)> RegisterAsync(ReleasePlan plan, PushedImage image, CancellationToken cancellationToken)
    {
        var desired = await TaskDefinitionSource.ResolveAsync(plan.Definition with { ExposedPorts = image.ExposedPorts, Image = image.Reference }, cancellationToken);
        await target.ProvideSecretsAsync(options.Secrets, project, cancellationToken);
        if (plan.MissingLogGroup is { } group)
            await LogGroups.EnsureAsync(plan.Access.Logs, group, cancellationToken);
        var registered = await new RevisionRegistry(plan.Access.Ecs, plan.Cluster, plan.Service, reporter, time)
            .RegisterAsync(desired, image.Reference, RevisionTags.Of(plan.Commit, image.Digest, Actor.Of(Environment.GetEnvironmentVariable, plan.Access), desired), options.Tags, cancellationToken);
        reporter.Detail($"{registered.Arn}{(registered.Reused ? ", which was there" : "")}");
        return (desired, registered);
    }
}
