using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace EcsRelease.Aws.Targets;

/// <summary>Credentials through AWSSDK.Core's chain: environment, web identity, profile (keys, roles, SSO, process),
/// container role, instance role. Asked anew for every release; nothing is kept.</summary>
internal sealed class CredentialSources(Func<string, string?> environment, TimeProvider time)
{
    // Asking for an instance's role takes the SDK half a minute where there is no instance.
    private static readonly TimeSpan s_metadataLimit = TimeSpan.FromSeconds(1);

    private const string Nothing = "no environment variables, no keys or role in a profile, no container role";

    // The SDK's store does not look at this variable by itself.
    private readonly CredentialProfileStoreChain _profiles = new(environment("AWS_SHARED_CREDENTIALS_FILE") is { Length: > 0 } file ? file : null);

    /// <summary>The profile of an option, else of AWS_PROFILE, else `default` where it exists.</summary>
    /// <exception cref="EcsReleaseException">ECSR4017: it was named and does not exist.</exception>
    public CredentialProfile? Profile(string? option, string optionName)
    {
        var (name, source) = option is { Length: > 0 } ? (option, optionName)
            : Text("AWS_PROFILE") is { } ofEnvironment ? (ofEnvironment, "AWS_PROFILE")
            : ("default", "");
        if (_profiles.TryGetProfile(name, out var profile))
            return profile;
        if (source.Length == 0 || (source == "AWS_PROFILE" && HasKeys))
            return null;
        var known = _profiles.ListProfiles().Select(existing => $"'{existing.Name}'").ToList();
        throw Errors.ProfileMissing(name, source, known.Count == 0 ? "There are no profiles." : $"There are {string.Join(", ", known)}.");
    }

    /// <param name="profile">The profile of an option, which wins over everything; null = the chain.</param>
    /// <exception cref="EcsReleaseException">ECSR4001, 4002, 4013.</exception>
    public async Task<AWSCredentials> FindAsync(CredentialProfile? profile, CancellationToken cancellationToken)
    {
        var credentials = profile is not null ? OfProfile(profile) : await OfChainAsync(cancellationToken);
        try
        {
            // Fails here, with the reason, instead of in the first call.
            await credentials.GetCredentialsAsync();
            return credentials;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or EcsReleaseException))
        {
            throw Explained(exception);
        }
    }

    private AWSCredentials OfProfile(CredentialProfile profile)
    {
        if (!profile.CanCreateAWSCredentials)
            throw Errors.ProfileKindNotOffered(profile.Name, "an incomplete or unknown set of settings");
        try
        {
            return profile.GetAWSCredentials(_profiles);
        }
        catch (Exception exception) when (exception is AmazonClientException or InvalidOperationException or InvalidDataException or ArgumentException)
        {
            throw Errors.ProfileKindNotOffered(profile.Name, CredentialErrors.Line(exception));
        }
    }

    private async Task<AWSCredentials> OfChainAsync(CancellationToken cancellationToken)
    {
        if (HasKeys)
            return Text("AWS_SESSION_TOKEN") is { } token
                ? new SessionAWSCredentials(Text("AWS_ACCESS_KEY_ID"), Text("AWS_SECRET_ACCESS_KEY"), token)
                : new BasicAWSCredentials(Text("AWS_ACCESS_KEY_ID"), Text("AWS_SECRET_ACCESS_KEY"));
        var hasWebIdentity = Text("AWS_WEB_IDENTITY_TOKEN_FILE") is not null;
        var hasContainer = Text("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") is not null || Text("AWS_CONTAINER_CREDENTIALS_FULL_URI") is not null;
        // A profile may hold no more than a region; then a role of the container or the instance counts.
        if (!hasWebIdentity && Profile(null, "") is { CanCreateAWSCredentials: true } profile)
            return OfProfile(profile);
        var mayBeInstanceOnly = !hasWebIdentity && !hasContainer;
        if (mayBeInstanceOnly && await WhyNoInstanceAsync(cancellationToken) is { } why)
            throw Errors.NoCredentials($"{Nothing}, and {why}");
        try
        {
            using var resolver = new DefaultAWSCredentialsIdentityResolver();
            return await resolver.ResolveIdentityAsync(null!, cancellationToken);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or EcsReleaseException))
        {
            throw mayBeInstanceOnly ? Errors.NoCredentials($"{Nothing}, and the instance has no role") : Explained(exception);
        }
    }

    private async Task<string?> WhyNoInstanceAsync(CancellationToken cancellationToken)
    {
        if (string.Equals(Text("AWS_EC2_METADATA_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
            return "AWS_EC2_METADATA_DISABLED is true";
        var endpoint = new Uri(Text("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254");
        using var limit = new CancellationTokenSource(s_metadataLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(endpoint.Host, endpoint.Port, both.Token);
            return null;
        }
        catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return "no instance role (this is no EC2 instance)";
        }
    }

    private static EcsReleaseException Explained(Exception exception)
    {
        var line = CredentialErrors.Line(exception);
        // The SDK has no type of its own for a sign-in that ran out.
        return line.Contains("SSO", StringComparison.Ordinal) || line.Contains("expired", StringComparison.OrdinalIgnoreCase)
            ? Errors.CredentialsRefused("expired", line)
            : CredentialErrors.Explain("sts:AssumeRole", "*", "https://sts.amazonaws.com/", exception);
    }

    private bool HasKeys => Text("AWS_ACCESS_KEY_ID") is not null && Text("AWS_SECRET_ACCESS_KEY") is not null;

    private string? Text(string variable) => environment(variable) is { Length: > 0 } text ? text : null;
}
