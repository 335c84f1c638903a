using System.Text.RegularExpressions;

namespace EcsRelease.Aws;

/// <summary>A private ECR repository's address, as users write it in an option or an image name has it
/// (ecs-api.md 1: plain, FIPS and dualstack hosts of every partition).</summary>
public sealed partial record EcrAddress(string Host, string Account, string Region, string Repository)
{
    /// <param name="text">`ACCOUNT.dkr.ecr.REGION.SUFFIX/NAME`, without tag or digest; a scheme is ignored.</param>
    /// <returns>Null when it is not such an address, e.g. a bare name.</returns>
    public static EcrAddress? Parse(string? text) =>
        Form().Match(text ?? "") is { Success: true } match
            ? new EcrAddress(match.Groups["host"].Value, match.Groups["account"].Value, match.Groups["region"].Value, match.Groups["name"].Value)
            : null;

    [GeneratedRegex(@"^(?:https://)?(?<host>(?<account>\d{12})\.(?:dkr\.ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.[a-z0-9.-]+|dkr-ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.on\.[a-z0-9.-]+))/(?<name>[a-z0-9][a-z0-9._/-]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
