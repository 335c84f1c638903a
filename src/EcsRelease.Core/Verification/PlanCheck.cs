namespace EcsRelease.Verification;

/// <summary>Whether a release would get past its plan: commit, cluster, service, definition, repository.</summary>
internal sealed class PlanCheck : ICheck
{
    public CheckGroup Group => CheckGroup.Release;

    public string Name => "plan";

    public Task<IReadOnlyList<Finding>> RunAsync(VerifiedRelease release, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>(
    [
        release.Refusal is { } refusal
            ? Finding.Failed($"{refusal.Code}: {refusal.Message}", $"ecs-release explain {refusal.Code}")
            : Finding.Ok($"commit {release.Commit} can be released to {(release.Live is null ? "a new service" : "the service")} '{release.Service}'"),
    ]);
}
