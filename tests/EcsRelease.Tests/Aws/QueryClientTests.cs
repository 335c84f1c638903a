using System.Text.Json.Nodes;
using Amazon.Runtime;
using EcsRelease.Aws;

namespace EcsRelease.Tests.Aws;

[Parallelizable(ParallelScope.All)]
public sealed class QueryClientTests
{
    private const string Health = """
        <DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">
          <DescribeTargetHealthResult>
            <TargetHealthDescriptions>
              <member>
                <HealthCheckPort>8080</HealthCheckPort>
                <TargetHealth><State>unhealthy</State><Reason>Target.ResponseCodeMismatch</Reason></TargetHealth>
                <BrandNew>kept</BrandNew>
              </member>
            </TargetHealthDescriptions>
          </DescribeTargetHealthResult>
          <ResponseMetadata><RequestId>req-1</RequestId></ResponseMetadata>
        </DescribeTargetHealthResponse>
        """;

    [Test]
    public async Task A_call_is_a_signed_form_of_its_members()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Xml(Health));

        await CallAsync(aws, AwsService.CloudWatch, "DescribeAlarms", """{"AlarmNames":["high 5xx","cpu&mem"],"MaxRecords":10,"Nested":{"Flag":true},"Empty":[]}""");

        var request = aws.Requests.Single();
        request.Headers["Content-Type"].Should().StartWith("application/x-www-form-urlencoded");
        request.Headers["Authorization"].Should().Contain("/eu-central-1/monitoring/aws4_request");
        request.Body.Should().Be("Action=DescribeAlarms&Version=2010-08-01&AlarmNames.member.1=high%205xx&AlarmNames.member.2=cpu%26mem&MaxRecords=10&Nested.Flag=true&Empty=");
    }

    [Test]
    public async Task An_answer_is_read_as_json_with_every_member()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Xml(Health));

        var answer = await CallAsync(aws, AwsService.ElasticLoadBalancingV2, "DescribeTargetHealth", "{}");

        JsonNode.DeepEquals(answer, JsonNode.Parse("""
            {"TargetHealthDescriptions":[{"HealthCheckPort":"8080","TargetHealth":{"State":"unhealthy","Reason":"Target.ResponseCodeMismatch"},"BrandNew":"kept"}]}
            """)).Should().BeTrue(answer.ToJsonString());
    }

    [Test]
    public async Task An_error_keeps_code_message_and_request()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Xml("""
            <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
              <Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The role with name app cannot be found.</Message></Error>
              <RequestId>req-9</RequestId>
            </ErrorResponse>
            """, 404));

        var error = (await FluentActions.Awaiting(() => CallAsync(aws, AwsService.Iam, "GetRole", """{"RoleName":"app"}""")).Should().ThrowAsync<AwsServiceException>()).Which;

        error.Operation.Should().Be("iam:GetRole");
        error.ErrorCode.Should().Be("NoSuchEntity");
        error.Message.Should().Be("The role with name app cannot be found.");
        error.RequestId.Should().Be("req-9");
        error.StatusCode.Should().Be(404);
    }

    [TestCase("<html>bad gateway", 502)]
    [TestCase("", 503)]
    public async Task An_answer_that_is_no_xml_is_a_failed_call(string body, int status)
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Xml(body, status));

        var error = (await FluentActions.Awaiting(() => CallAsync(aws, AwsService.Iam, "GetRole", "{}")).Should().ThrowAsync<AwsServiceException>()).Which;

        error.StatusCode.Should().Be(status);
        error.IsPassing.Should().BeTrue();
    }

    [TestCase("eu-west-1", "iam.amazonaws.com", "us-east-1")]
    [TestCase("cn-northwest-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1")]
    [TestCase("us-gov-east-1", "iam.us-gov.amazonaws.com", "us-gov-west-1")]
    public void IAM_has_one_place_a_partition(string region, string host, string signingRegion)
    {
        var endpoints = new AwsEndpoints(region, _ => null, null);

        endpoints.For(AwsService.Iam).Host.Should().Be(host);
        endpoints.SigningRegionOf(AwsService.Iam).Should().Be(signingRegion);
        endpoints.SigningRegionOf(AwsService.Ecs).Should().Be(region);
    }

    private static async Task<JsonObject> CallAsync(FakeAws aws, AwsService service, string operation, string request)
    {
        using var http = new AwsHttp(TimeProvider.System, useProxy: false);
        using var client = new QueryClient(service, aws.Endpoint, "eu-central-1", new BasicAWSCredentials("AKIDEXAMPLE", "secret"), http, new JumpingDelays());
        return await client.CallAsync(operation, (JsonObject)JsonNode.Parse(request)!, CancellationToken.None);
    }

    /// <summary>Retries without their pauses.</summary>
    private sealed class JumpingDelays : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
