using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Http;

/// <summary>Services that are not here answer in the form of their protocol, with a status that no SDK retries.</summary>
[TestFixture]
public sealed class UnknownServiceTests
{
    private LocalAwsFixture _aws = null!;

    [OneTimeSetUp]
    public async Task Start() => _aws = await LocalAwsFixture.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _aws.DisposeAsync();

    [TestCase("ssm", "AmazonSSM.GetParameters")]
    [TestCase("secretsmanager", "secretsmanager.GetSecretValue")]
    [TestCase("monitoring", "GraniteServiceVersion20100801.DescribeAlarms")]
    [TestCase("ecs", "AmazonEC2ContainerServiceV20141113.CreateCapacityProvider")]
    [TestCase("ecr", "AmazonEC2ContainerRegistry_V20150921.StartImageScan")]
    [TestCase("logs", "Logs_20140328.StartQuery")]
    public async Task By_JSON_it_is_an_UnknownOperationException(string signingName, string target)
    {
        using var request = _aws.JsonRequest(target, "{}"u8.ToArray());
        _aws.Signer(signingName).Sign(request, "{}"u8.ToArray());
        using var answer = await _aws.Http.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        error["__type"]!.ToString().Should().Be("UnknownOperationException");
        error["message"]!.ToString().Should().Contain(target.Split('.')[^1]);
    }

    [TestCase("iam", "Action=GetRole&RoleName=r&Version=2010-05-08")]
    [TestCase("elasticloadbalancing", "Action=DescribeTargetGroups&Version=2015-12-01")]
    [TestCase("cloudformation", "Action=DescribeStacks&Version=2010-05-15")]
    [TestCase("monitoring", "Action=DescribeAlarms&Version=2010-08-01")]
    [TestCase("sts", "Action=GetFederationToken&Version=2011-06-15")]
    public async Task By_the_query_protocol_it_is_an_InvalidAction(string signingName, string form)
    {
        using var answer = await _aws.StsAsync(form, _aws.Signer(signingName));

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/xml");
        var error = XElement.Parse(await answer.Content.ReadAsStringAsync());
        var action = form.Split('&')[0]["Action=".Length..];
        error.Name.LocalName.Should().Be("ErrorResponse");
        error.Descendants().Single(one => one.Name.LocalName == "Code").Value.Should().Be("InvalidAction");
        error.Descendants().Single(one => one.Name.LocalName == "Message").Value.Should().StartWith($"Could not find operation {action} for version ");
    }

    [Test]
    public async Task By_REST_it_is_a_404_that_says_so()
    {
        using var answer = await _aws.Http.GetAsync(new Uri(_aws.Endpoint, "/2015-03-31/functions"));

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        answer.Headers.GetValues("x-amzn-ErrorType").Should().Equal("UnknownOperationException");
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["message"]!.ToString().Should().Contain("GET /2015-03-31/functions");
    }

    [Test]
    public async Task By_RPC_with_CBOR_it_is_a_404_in_CBOR()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_aws.Endpoint, "/service/GraniteServiceVersion20100801/operation/DescribeAlarms"));
        request.Headers.Add("smithy-protocol", "rpc-v2-cbor");
        using var answer = await _aws.Http.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/cbor");
        answer.Headers.GetValues("smithy-protocol").Should().Equal("rpc-v2-cbor");
        Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()).Should().Contain("UnknownOperationException").And.Contain("DescribeAlarms");
    }
}
