using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>ARNs and ids in ECS's forms.</summary>
internal static partial class EcsNames
{
    private const string IdCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    public static string Arn(this AwsCaller caller, string resource) => $"arn:aws:ecs:{caller.Region}:{caller.Account}:{resource}";

    /// <summary>The ARN of another resource in the same partition, region and account.</summary>
    public static string Beside(string arn, string resource) => string.Join(':', arn.Split(':', 6)[..5]) + ":" + resource;

    public static bool IsName(string text) => NamePattern().IsMatch(text);

    /// <summary>The last part of an ARN's resource, or the text itself.</summary>
    public static string LastPart(string nameOrArn) =>
        nameOrArn.StartsWith("arn:", StringComparison.Ordinal) ? nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..] : nameOrArn;

    /// <summary>The parts of an ARN's resource after its type: `service/c/n` gives c, n.</summary>
    public static string[] ResourceParts(string arn, string type)
    {
        var colons = arn.Split(':', 6);
        if (colons.Length < 6 || colons[0] != "arn" || colons[2] != "ecs")
            return [];
        var parts = colons[5].Split('/');
        return parts[0] == type ? parts[1..] : [];
    }

    public static string TaskId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static string DeploymentId() => "ecs-svc/" + Digits(19);

    public static string ServiceDeploymentId() => RandomNumberGenerator.GetString(IdCharacters, 21);

    public static string ServiceRevisionId() => Digits(19);

    /// <summary>Order of keys is order of numbers.</summary>
    public static string Sortable(long number) => number.ToString("D10", CultureInfo.InvariantCulture);

    private static string Digits(int count) => RandomNumberGenerator.GetString("123456789", 1) + RandomNumberGenerator.GetString("0123456789", count - 1);

    [GeneratedRegex("^[A-Za-z0-9_-]{1,255}$")]
    private static partial Regex NamePattern();
}
