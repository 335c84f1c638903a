using System.Text.Json;

namespace EcsRelease.Aws.Targets;

/// <summary>The values of `dotnet user-secrets`
/// (learn.microsoft.com/aspnet/core/security/app-secrets: location and key forms).</summary>
internal sealed class UserSecrets
{
    private static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="id">The project's UserSecretsId; empty = it has no secrets.</param>
    public static async Task<UserSecrets> ReadAsync(string id, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        var secrets = new UserSecrets();
        if (id.Length == 0 || FileOf(id, environment) is not { } file || !File.Exists(file))
            return secrets;
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file, cancellationToken), s_lenient);
            secrets.Add("", document.RootElement);
            return secrets;
        }
        catch (JsonException exception)
        {
            // Its message would quote the file.
            throw Errors.UserSecretsInvalid(file, (exception.LineNumber ?? 0) + 1);
        }
    }

    /// <summary>The value under a variable's name; `__` of a name stands for `:`, as in .NET's configuration.</summary>
    public string? Find(string name) => _values.GetValueOrDefault(name) ?? _values.GetValueOrDefault(name.Replace("__", ":", StringComparison.Ordinal));

    private void Add(string key, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                    Add(key.Length == 0 ? member.Name : $"{key}:{member.Name}", member.Value);
                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in element.EnumerateArray().Index())
                    Add($"{key}:{index}", item);
                break;
            case JsonValueKind.Null:
                break;
            default:
                _values[key] = element.ToString();
                break;
        }
    }

    private static string? FileOf(string id, Func<string, string?> environment)
    {
        if (environment("APPDATA") is { Length: > 0 } roaming)
            return Path.Combine(roaming, "Microsoft", "UserSecrets", id, "secrets.json");
        var home = environment("HOME") is { Length: > 0 } ofUser ? ofUser : environment("DOTNET_USER_SECRETS_FALLBACK_DIR");
        return string.IsNullOrEmpty(home) ? null : Path.Combine(home, ".microsoft", "usersecrets", id, "secrets.json");
    }
}
