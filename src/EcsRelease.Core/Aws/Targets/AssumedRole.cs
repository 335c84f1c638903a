using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace EcsRelease.Aws.Targets;

/// <summary>Credentials of EcsRoleArn or EcrRoleArn, renewed for as long as a rollout lasts. The SDK's own class would
/// take endpoint and region from its surroundings instead of from the release.</summary>
internal sealed class AssumedRole : RefreshingAWSCredentials
{
    private readonly string _role;
    private readonly AmazonSecurityTokenServiceClient _sts;

    public AssumedRole(string role, AmazonSecurityTokenServiceClient sts)
    {
        _role = role;
        _sts = sts;
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    private string Endpoint => _sts.Config.ServiceURL ?? _sts.Config.RegionEndpoint.SystemName;

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        try
        {
            var answer = await _sts.AssumeRoleAsync(new AssumeRoleRequest { RoleArn = _role, RoleSessionName = "ecs-release" });
            var credentials = answer.Credentials;
            return new CredentialsRefreshState(
                new ImmutableCredentials(credentials.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken),
                credentials.Expiration!.Value);
        }
        catch (Exception exception) when (exception is not EcsReleaseException)
        {
            // In the middle of a rollout only a lasting refusal may end the watch.
            throw CredentialErrors.Passing("sts:AssumeRole", Endpoint, exception) as Exception
                ?? CredentialErrors.Explain("sts:AssumeRole", _role, Endpoint, exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _sts.Dispose();
        base.Dispose(disposing);
    }
}
