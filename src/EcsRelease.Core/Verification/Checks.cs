using EcsRelease.Aws;

namespace EcsRelease.Verification;

/// <summary>All checks of `verify`, in the report's order.</summary>
internal static class Checks
{
    public static IReadOnlyList<ICheck> All(TimeProvider time)
    {
        var images = new ImageReader(time);
        return
        [
            new PlanCheck(),
            new RepositoryCheck(),
            new ImagePlatformCheck(images),
            new ImageSizeCheck(images),
            new NetworkModeCheck(),
            new FargateSizeCheck(),
            new ContainerMemoryCheck(),
            new SecretNamesCheck(),
            new PlatformVersionCheck(),
            new ServiceContainersCheck(),
            new TargetGroupsCheck(),
            new ExecutionRoleCheck(),
            new RoleTrustCheck(),
            new RolePermissionsCheck(),
            new SecretsManagerCheck(),
            new ParametersCheck(),
            new LogGroupsCheck(),
            new CallerPermissionsCheck(),
        ];
    }

    /// <summary>Runs them side by side: most of the time is spent in waiting for AWS.</summary>
    public static async Task<IReadOnlyList<CheckLine>> RunAsync(IReadOnlyList<ICheck> checks, VerifiedRelease release, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(checks.Select(check => RunAsync(check, release, cancellationToken)));
        return [.. checks.Zip(found).SelectMany(pair => pair.Second.Select(finding =>
            new CheckLine(pair.First.Group.Word(), pair.First.Name, finding.State, finding.Message, finding.Next)))];
    }

    private static async Task<IReadOnlyList<Finding>> RunAsync(ICheck check, VerifiedRelease release, CancellationToken cancellationToken)
    {
        try
        {
            return await check.RunAsync(release, cancellationToken);
        }
        catch (AwsServiceException refusal)
        {
            return [Finding.CouldNotCheck(check.Name, refusal)];
        }
        catch (EcsReleaseException refusal)
        {
            return [Finding.CouldNotCheck($"{check.Name}: {refusal.Code} {refusal.Message}")];
        }
    }
}
