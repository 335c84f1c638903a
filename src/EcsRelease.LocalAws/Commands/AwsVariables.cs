using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Commands;

/// <summary>Variables that point the AWS CLI and SDKs at a server (AWS SDKs and Tools Reference Guide, "Environment variables support").</summary>
internal static class AwsVariables
{
    private const string EndpointPrefix = "AWS_ENDPOINT_URL_";

    /// <summary>Would win over ours, be sent along with them, or be refused together with an endpoint.</summary>
    private static readonly string[] s_inTheWay =
    [
        "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT",
        EndpointPrefix + "CLOUDWATCH_LOGS", EndpointPrefix + "ECR", EndpointPrefix + "ECS", EndpointPrefix + "EVENTBRIDGE",
        EndpointPrefix + "SCHEDULER", EndpointPrefix + "STS",
    ];

    /// <param name="environment">The variables that are set.</param>
    /// <returns>Names and values; null removes the variable.</returns>
    public static IEnumerable<(string Name, string? Value)> Of(ServerFile server, IReadOnlyDictionary<string, string> environment) =>
    [
        ("AWS_ENDPOINT_URL", server.Endpoint),
        ("AWS_ACCESS_KEY_ID", server.AccessKeyId),
        ("AWS_SECRET_ACCESS_KEY", server.SecretAccessKey),
        ("AWS_REGION", server.Region),
        ("AWS_DEFAULT_REGION", server.Region),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("NO_PROXY", WithoutProxy(environment, "NO_PROXY", "no_proxy")),
        ("no_proxy", WithoutProxy(environment, "no_proxy", "NO_PROXY")),
        .. s_inTheWay.Union(environment.Keys.Where(IsEndpoint).Order(StringComparer.Ordinal)).Select(name => (name, (string?)null)),
    ];

    /// <summary>A line of sh; the value is quoted.</summary>
    public static string ForShell(string name, string? value) =>
        value is null ? $"unset {name}" : $"export {name}='{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A line of PowerShell, which from 7.5 on keeps a variable that is set to nothing.</summary>
    public static string ForPowerShell(string name, string? value) => value is null
        ? $"Remove-Item Env:{name} -ErrorAction Ignore"
        : $"$env:{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A name that a shell would read as something else is no variable that an SDK reads.</summary>
    private static bool IsEndpoint(string name) =>
        name.StartsWith(EndpointPrefix, StringComparison.Ordinal) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static string WithoutProxy(IReadOnlyDictionary<string, string> environment, string name, string other)
    {
        var hosts = (environment.GetValueOrDefault(name) ?? environment.GetValueOrDefault(other) ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // `*` means every host only as long as it stands alone.
        return hosts is ["*"] ? "*" : string.Join(',', hosts.Union(["127.0.0.1", "localhost"]));
    }
}
