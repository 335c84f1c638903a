using Amazon.Runtime;

namespace EcsRelease.Aws.Targets;

/// <summary>Makes what the clients of one release stand on, and ends it with them.</summary>
internal sealed class AwsConnections : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Stack<IDisposable> _made = new();

    /// <param name="useProxy">False for endpoints on this machine.</param>
    public AwsConnections(TimeProvider time, bool useProxy = true)
    {
        _time = time;
        Http = Kept(new AwsHttp(time, useProxy: useProxy));
    }

    public AwsHttp Http { get; }

    /// <summary>The credentials of a role, or the given ones when there is none to assume.</summary>
    public AWSCredentials Assumed(string? role, AWSCredentials credentials, AwsEndpoints endpoints) =>
        string.IsNullOrEmpty(role) ? credentials : Kept(new AssumedRole(role, new CallerIdentity(endpoints, Http).Client(credentials)));

    public IJsonService Client(AwsService service, AwsEndpoints endpoints, AWSCredentials credentials) =>
        Client(service, endpoints.For(service), endpoints.SigningRegionOf(service), credentials);

    /// <param name="region">Region of the signature.</param>
    public IJsonService Client(AwsService service, Uri endpoint, string region, AWSCredentials credentials) =>
        Kept(WireClient.For(service, endpoint, region, credentials, Http, _time));

    public void Dispose()
    {
        while (_made.TryPop(out var connection))
            connection.Dispose();
    }

    private T Kept<T>(T made)
        where T : IDisposable
    {
        _made.Push(made);
        return made;
    }
}
