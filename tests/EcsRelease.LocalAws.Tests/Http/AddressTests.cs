using System.Net;
using System.Net.NetworkInformation;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Http;

[Parallelizable(ParallelScope.All)]
public class AddressTests
{
    [TestCase("evil.example", HttpStatusCode.MisdirectedRequest)]
    [TestCase("169.254.169.254", HttpStatusCode.MisdirectedRequest)]
    [TestCase("localhost.evil.example", HttpStatusCode.MisdirectedRequest)]
    [TestCase("localhost", HttpStatusCode.OK)]
    [TestCase("orders.localhost", HttpStatusCode.OK)]
    public async Task Only_names_of_this_machine_are_answered(string host, HttpStatusCode expected)
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(aws.Endpoint, "/_local/health"));
        request.Headers.Host = host;

        using var answer = await aws.Http.SendAsync(request);

        answer.StatusCode.Should().Be(expected);
    }

    [Test]
    public async Task It_listens_on_loopback_only()
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(one => one.Port == aws.Endpoint.Port);

        listeners.Should().OnlyContain(one => one.Address.Equals(IPAddress.Loopback));
    }

    [Test]
    public async Task The_port_is_kept_over_restarts_when_it_is_free()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        var before = aws.Endpoint;

        await aws.RestartAsync();

        aws.Endpoint.Should().Be(before);
    }
}
