using System.Text.RegularExpressions;
using Amazon.Runtime.CredentialManagement;

namespace EcsRelease.Aws.Targets;

/// <summary>The region, where the AWS CLI looks for it: option, AWS_REGION, AWS_DEFAULT_REGION, profile.</summary>
internal static partial class AwsRegion
{
    /// <exception cref="EcsReleaseException">ECSR4005, 4016.</exception>
    public static string Find(string? option, Func<string, string?> environment, CredentialProfile? profile)
    {
        string?[] places = [option, environment("AWS_REGION"), environment("AWS_DEFAULT_REGION"), profile?.Region?.SystemName];
        var region = places.FirstOrDefault(place => !string.IsNullOrWhiteSpace(place))?.Trim() ?? throw Errors.NoRegion();
        // It becomes part of a host name.
        return Form().IsMatch(region) ? region : throw Errors.RegionInvalid(region);
    }

    [GeneratedRegex("^[a-z]{2,}(-[a-z]+)+-[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
