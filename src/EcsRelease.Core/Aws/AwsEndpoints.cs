using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Endpoints;
using EcsRelease.Aws.Wire;

namespace EcsRelease.Aws;

/// <summary>Where the services of a region answer: an endpoint that the environment or the profile sets, else AWS's own.</summary>
/// <param name="environment">Reads an environment variable.</param>
/// <param name="profile">The AWS profile in use; null when there is none.</param>
public sealed class AwsEndpoints(string region, Func<string, string?> environment, CredentialProfile? profile)
{
    public string Region { get; } = region;

    public bool UseFips => Flag("AWS_USE_FIPS_ENDPOINT") ?? profile?.UseFIPSEndpoint ?? false;

    public bool UseDualstack => Flag("AWS_USE_DUALSTACK_ENDPOINT") ?? profile?.UseDualstackEndpoint ?? false;

    /// <exception cref="EcsReleaseException">ECSR4015.</exception>
    public Uri For(AwsService service)
    {
        if (Configured(service.ServiceId) is { } configured)
            return configured;
        var partition = RegionEndpoint.GetBySystemName(Region);
        var suffix = UseDualstack ? DualstackSuffix(partition.PartitionName, partition.PartitionDnsSuffix) : partition.PartitionDnsSuffix;
        if (service == AwsService.Iam)
            return new Uri($"https://{IamEndpoint.HostOf(partition.PartitionName, Region, suffix, UseFips, UseDualstack)}/");
        var host = UseDualstack ? service.DualstackHost : service.Host;
        // GovCloud's plain hosts for Logs and EventBridge are the FIPS ones (botocore's endpoint rules).
        var plainIsFips = partition.PartitionName == "aws-us-gov" && (service == AwsService.CloudWatchLogs || (service == AwsService.EventBridge && !UseDualstack));
        var fips = UseFips && !plainIsFips ? "-fips" : "";
        return new Uri($"https://{host}{fips}.{Region}.{suffix}/");
    }

    /// <summary>The region of the signature: this one, but for IAM.</summary>
    public string SigningRegionOf(AwsService service) =>
        service == AwsService.Iam ? IamEndpoint.RegionOf(RegionEndpoint.GetBySystemName(Region).PartitionName, Region) : Region;

    /// <summary>The endpoint that the user set for a service, in the AWS CLI's order: the service's variable, the
    /// global variable, the profile's services section, the profile
    /// (docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).</summary>
    public Uri? Configured(string serviceId)
    {
        if (Flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ?? profile?.IgnoreConfiguredEndpointUrls ?? false)
            return null;
        var key = serviceId.Replace(' ', '_');
        var variable = $"AWS_ENDPOINT_URL_{key.ToUpperInvariant()}";
        var (source, value) = Text(variable) is { } own ? (variable, own)
            : Text("AWS_ENDPOINT_URL") is { } global ? ("AWS_ENDPOINT_URL", global)
            : OfProfile(serviceId) is { } ofProfile ? ($"endpoint_url of profile {profile!.Name}", ofProfile)
            : ("", "");
        if (value.Length == 0)
            return null;
        if (!Uri.TryCreate(value, UriKind.Absolute, out var endpoint) || (endpoint.Scheme != Uri.UriSchemeHttp && endpoint.Scheme != Uri.UriSchemeHttps))
            throw Errors.EndpointInvalid(source, value, "it is not an http(s) URL");
        if (UseFips || UseDualstack)
            throw Errors.EndpointInvalid(source, value, $"it excludes {(UseFips ? "AWS_USE_FIPS_ENDPOINT" : "AWS_USE_DUALSTACK_ENDPOINT")}, which is on");
        return endpoint;
    }

    // Only the SDK's own configuration reads a profile's services section.
    private string? OfProfile(string serviceId) =>
        profile is null ? null : new ProfileConfig(serviceId, new Profile(profile.Name, Text("AWS_SHARED_CREDENTIALS_FILE"))).ServiceURL is { Length: > 0 } url ? url : null;

    // RegionEndpoint has no dualstack suffix; these are botocore's partitions.json.
    private static string DualstackSuffix(string partition, string plain) => partition switch
    {
        "aws" or "aws-us-gov" => "api.aws",
        "aws-cn" => "api.amazonwebservices.com.cn",
        "aws-eusc" => "api.amazonwebservices.eu",
        _ => plain,
    };

    private string? Text(string variable) => environment(variable) is { Length: > 0 } text ? text : null;

    private bool? Flag(string variable) => Text(variable) is { } text ? string.Equals(text, "true", StringComparison.OrdinalIgnoreCase) : null;

    private sealed class ProfileConfig : ClientConfig
    {
        public ProfileConfig(string serviceId, Profile profile)
            : base(new StandardDefaults())
        {
            ServiceId = serviceId;
            Profile = profile;
        }

        public override string ServiceVersion => "";

        public override string UserAgent => AwsHttp.UserAgent;

        public override string RegionEndpointServiceName => "";

        public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => new(ServiceURL);
    }
}
