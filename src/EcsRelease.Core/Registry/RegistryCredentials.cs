using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Registry;

/// <summary>The value of a Basic `Authorization` header, or none. Never printed.</summary>
public sealed class RegistryCredentials
{
    private RegistryCredentials(string? basic, bool isPreemptive)
    {
        Basic = basic;
        IsPreemptive = isPreemptive;
    }

    public static RegistryCredentials Anonymous { get; } = new(null, false);

    /// <summary>base64(USER:PASSWORD), e.g. ECR's authorizationToken as it is; sent with the first request.</summary>
    public static RegistryCredentials FromBasicToken(string token) => new(token, true);

    /// <summary>Sent only when the registry asks for it.</summary>
    public static RegistryCredentials FromPassword(string user, string password) =>
        new(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")), false);

    internal string? Basic { get; }

    internal bool IsPreemptive { get; }

    public override string ToString() => Basic is null ? "anonymous" : "Basic (hidden)";

    /// <summary>For pulls of base images: DOTNET_CONTAINER_PULL_REGISTRY_UNAME and _PWORD as in the .NET SDK, else
    /// `auths` of Docker's config.json, else anonymous.</summary>
    /// <param name="host">As in <see cref="ImageReference.Host"/>.</param>
    public static async Task<RegistryCredentials> ForPullAsync(string host, CancellationToken cancellationToken)
    {
        var user = Environment.GetEnvironmentVariable("DOTNET_CONTAINER_PULL_REGISTRY_UNAME");
        var password = Environment.GetEnvironmentVariable("DOTNET_CONTAINER_PULL_REGISTRY_PWORD");
        if (!string.IsNullOrEmpty(user) && !string.IsNullOrEmpty(password))
            return FromPassword(user, password);
        var folder = Environment.GetEnvironmentVariable("DOCKER_CONFIG");
        if (string.IsNullOrEmpty(folder))
            folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".docker");
        return await FromDockerConfigAsync(Path.Combine(folder, "config.json"), host, cancellationToken);
    }

    internal static async Task<RegistryCredentials> FromDockerConfigAsync(string file, string host, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            return Anonymous;
        try
        {
            var auths = JsonNode.Parse(await File.ReadAllBytesAsync(file, cancellationToken))?["auths"]?.AsObject();
            var entry = KeysOf(host).Select(key => auths?[key]).FirstOrDefault(found => found is not null);
            if ((string?)entry?["auth"] is { Length: > 0 } auth)
                return new RegistryCredentials(auth, false);
            return (string?)entry?["username"] is { } user && (string?)entry["password"] is { } password
                ? FromPassword(user, password)
                : Anonymous;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw Errors.DockerConfigUnreadable(file, wrong.Message);
        }
    }

    private static string[] KeysOf(string host) => host == "docker.io"
        ? ["https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io"]
        : [host, "https://" + host, $"https://{host}/", $"https://{host}/v2/", $"https://{host}/v1/"];
}
