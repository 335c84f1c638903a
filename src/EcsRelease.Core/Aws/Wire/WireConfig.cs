using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace EcsRelease.Aws.Wire;

internal sealed class WireConfig : ClientConfig
{
    private readonly AwsService _service;

    public WireConfig(AwsService service, Uri endpoint, string region, AwsHttp http)
        : base(new StandardDefaults())
    {
        _service = service;
        // Endpoints of environment and profile were read by AwsEndpoints.
        IgnoreConfiguredEndpointUrls = true;
        ServiceId = service.ServiceId;
        ServiceURL = endpoint.AbsoluteUri;
        EndpointProvider = new StaticEndpointProvider(endpoint.AbsoluteUri);
        AuthenticationServiceName = service.SigningName;
        AuthenticationRegion = region;
        HttpClientFactory = http;
        MaxStaleConnectionRetries = 0;
        // The budgets of ECS are small (one RegisterTaskDefinition a second): two retries do not outlast a fan-out.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AWS_MAX_ATTEMPTS")))
            MaxErrorRetry = 5;
    }

    public override string ServiceVersion => "";

    public override string UserAgent => AwsHttp.UserAgent;

    public override string RegionEndpointServiceName => _service.Prefix;

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => new(ServiceURL);
}

internal sealed class StandardDefaults : IDefaultConfigurationProvider
{
    public IDefaultConfiguration GetDefaultConfiguration(RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode) =>
        new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard };
}
