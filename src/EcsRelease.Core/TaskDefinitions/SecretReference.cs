using System.Text.RegularExpressions;

namespace EcsRelease.TaskDefinitions;

public enum SecretStore
{
    SecretsManager,
    ParameterStore,

    /// <summary>An ARN of neither store.</summary>
    Unknown,
}

/// <summary>Where a secret's value comes from, as `valueFrom` names it
/// (docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html).</summary>
/// <param name="Region">Null for a name without ARN, which is looked for in the task's region.</param>
/// <param name="Id">What the store is asked by: the ARN without key, stage and version, or the name.</param>
internal sealed partial record SecretReference(SecretStore Store, string? Region, string Id)
{
    /// <summary>The key in the secret's JSON value; null = the whole value.</summary>
    public string? JsonKey { get; private init; }

    /// <summary>AWSCURRENT …; null = AWSCURRENT, or the one of <see cref="VersionId"/>.</summary>
    public string? VersionStage { get; private init; }

    public string? VersionId { get; private init; }

    public static SecretReference Parse(string valueFrom)
    {
        if (OfSecretsManager().Match(valueFrom) is { Success: true } secret)
            return new(SecretStore.SecretsManager, secret.Groups["region"].Value, secret.Groups["arn"].Value)
            {
                JsonKey = Filled(secret.Groups["key"]),
                VersionStage = Filled(secret.Groups["stage"]),
                VersionId = Filled(secret.Groups["version"]),
            };
        if (OfParameterStore().Match(valueFrom) is { Success: true } parameter)
            return new(SecretStore.ParameterStore, parameter.Groups["region"].Value, valueFrom);
        return valueFrom.StartsWith("arn:", StringComparison.Ordinal)
            ? new(SecretStore.Unknown, null, valueFrom)
            : new(SecretStore.ParameterStore, null, valueFrom);
    }

    private static string? Filled(Group group) => group.Value.Length > 0 ? group.Value : null;

    [GeneratedRegex(@"^(?<arn>arn:[a-z-]+:secretsmanager:(?<region>[a-z0-9-]+):\d{12}:secret:[^:]+)(?::(?<key>[^:]*):(?<stage>[^:]*):(?<version>[^:]*))?$", RegexOptions.CultureInvariant)]
    private static partial Regex OfSecretsManager();

    [GeneratedRegex(@"^arn:[a-z-]+:ssm:(?<region>[a-z0-9-]+):\d{12}:parameter/.+$", RegexOptions.CultureInvariant)]
    private static partial Regex OfParameterStore();
}
