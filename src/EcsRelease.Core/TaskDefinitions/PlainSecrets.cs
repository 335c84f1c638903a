using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions.Files;

namespace EcsRelease.TaskDefinitions;

/// <summary>Variables with a plain value that looks like a secret. Only what this release declares is looked at: what was
/// live before is not its author's doing.</summary>
internal static partial class PlainSecrets
{
    /// <param name="file">The file that the definition comes from; null = none.</param>
    public static IReadOnlyList<Notice> Find(JsonObject definition, string released, ReleaseOptions options, DefinitionFile? file)
    {
        var declared = options.EnvironmentVariables.Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. from container in definition.Objects("containerDefinitions")
               let name = container.Text("name") ?? ""
               from entry in container.Objects("environment")
               let variable = entry.Text("name") ?? ""
               where LooksSecret(variable, entry.Text("value") ?? "")
               let place = name == released && declared.Contains(variable) ? "EcsEnvironmentVariable" : file?.PlaceOf(name, variable)?.ToString()
               where place is not null
               select Errors.PlainSecret(place, name, variable),
        ];
    }

    /// <summary>Stricter than what <see cref="Difference"/> hides: a warning that is often wrong is read by nobody.</summary>
    internal static bool LooksSecret(string name, string value) =>
        value.Length > 0 && !bool.TryParse(value, out _)
        && ((Name().IsMatch(name) && !NameOfReference().IsMatch(name)) || HoldsSecret(value));

    /// <summary>Whatever the variable's name.</summary>
    internal static bool HoldsSecret(string value) => Value().IsMatch(value);

    [GeneratedRegex("(?i)passw(or)?d|passphrase|pwd$|secret|token$|credential|api_?key|access_?key|private_?key|signing_?key|encryption_?key|connection_?strings?(__|$)")]
    private static partial Regex Name();

    // Where a secret lies, how long it lives, or what it is called.
    [GeneratedRegex("(?i)(_|(?<=[a-z]))(arn|name|file|path|id|url|uri|endpoint|ttl|lifetime|expiry|expiration|length|header|issuer|provider|region|version|enabled|required|mode|type)$")]
    private static partial Regex NameOfReference();

    // `user:password@` of an address, `Password=…` of a connection string, the beginning of a private key.
    [GeneratedRegex(@"(?i)://[^/\s:@]+:[^/\s@]+@|(^|;)\s*(password|pwd|accountkey|sharedaccesskey)\s*=\s*[^;\s]|-----BEGIN [A-Z ]*PRIVATE KEY")]
    private static partial Regex Value();
}
