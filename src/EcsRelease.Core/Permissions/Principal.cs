using System.Text.RegularExpressions;

namespace EcsRelease.Permissions;

/// <summary>The role or user behind a caller's ARN: policies belong to it, not to its session.</summary>
internal static partial class Principal
{
    /// <param name="callerArn">As STS GetCallerIdentity answers it.</param>
    /// <returns>Of an assumed role's session the role, without its path, which a session's ARN lacks; of a user its own
    /// ARN; null for others (root, federated users), whose policies cannot be asked for.</returns>
    public static string? ArnOf(string callerArn)
    {
        if (Session().Match(callerArn) is { Success: true } session)
            return $"arn:{session.Groups["partition"].Value}:iam::{session.Groups["account"].Value}:role/{session.Groups["role"].Value}";
        return callerArn.Contains(":user/", StringComparison.Ordinal) || callerArn.Contains(":role/", StringComparison.Ordinal) ? callerArn : null;
    }

    /// <summary>The name of a role's ARN; null when it is none.</summary>
    public static string? RoleName(string arn) => arn.Contains(":role/", StringComparison.Ordinal) ? arn.Split('/')[^1] : null;

    [GeneratedRegex("^arn:(?<partition>[a-z-]+):sts::(?<account>[0-9]{12}):assumed-role/(?<role>[^/]+)/.+$", RegexOptions.CultureInvariant)]
    private static partial Regex Session();
}
