using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace EcsRelease.Aws.Targets;

internal sealed record Caller(string Account, string Arn);

/// <summary>STS: who the credentials belong to (docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).</summary>
internal sealed class CallerIdentity(AwsEndpoints endpoints, AwsHttp http)
{
    /// <exception cref="EcsReleaseException">ECSR4001, 4002, 4003, 4008, 4009.</exception>
    public async Task<Caller> AskAsync(AWSCredentials credentials, CancellationToken cancellationToken)
    {
        using var client = Client(credentials);
        try
        {
            var answer = await client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellationToken);
            return new Caller(answer.Account, answer.Arn);
        }
        catch (Exception exception) when (exception is not EcsReleaseException && !cancellationToken.IsCancellationRequested)
        {
            throw CredentialErrors.Explain("sts:GetCallerIdentity", "*", Endpoint(client), exception);
        }
    }

    public AmazonSecurityTokenServiceClient Client(AWSCredentials credentials)
    {
        var configured = endpoints.Configured("STS");
        var config = new AmazonSecurityTokenServiceConfig
        {
            IgnoreConfiguredEndpointUrls = true,
            HttpClientFactory = http,
            MaxStaleConnectionRetries = 0,
        };
        if (configured is not null)
        {
            config.ServiceURL = configured.AbsoluteUri;
            config.AuthenticationRegion = endpoints.Region;
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(endpoints.Region);
            config.UseFIPSEndpoint = endpoints.UseFips;
            config.UseDualstackEndpoint = endpoints.UseDualstack;
        }
        return new AmazonSecurityTokenServiceClient(credentials, config);
    }

    private string Endpoint(AmazonSecurityTokenServiceClient client) =>
        client.Config.ServiceURL ?? client.DetermineServiceOperationEndpoint(new GetCallerIdentityRequest()).URL ?? endpoints.Region;
}
