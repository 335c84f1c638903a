using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.SecurityToken;
using EcsRelease.Aws;
using EcsRelease.Aws.Wire;
using EcsRelease.Aws.Targets;
using EcsRelease.Tests.Deployments;
using Microsoft.Extensions.Time.Testing;

namespace EcsRelease.Tests.Aws;

[Parallelizable(ParallelScope.All)]
public sealed class Json11ClientTests
{
    private const string Secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";
    private const string Token = "FwoGZXIvYXdzEXAMPLETOKEN";

    [Test]
    public async Task A_call_is_signed_and_names_its_operation()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Json("{}"));

        await CallAsync(aws, "DescribeServices", new JsonObject { ["services"] = new JsonArray("orders") });

        var request = aws.Requests.Single();
        request.Method.Should().Be("POST");
        request.Path.Should().Be("/");
        request.Headers["X-Amz-Target"].Should().Be("AmazonEC2ContainerServiceV20141113.DescribeServices");
        request.Headers["Content-Type"].Should().Be("application/x-amz-json-1.1");
        request.Headers["Authorization"].Should().MatchRegex("^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/[0-9]{8}/eu-central-1/ecs/aws4_request, SignedHeaders=.*x-amz-target.*, Signature=[0-9a-f]{64}$");
        request.Headers["X-Amz-Security-Token"].Should().Be(Token);
        request.Headers["User-Agent"].Should().Contain("EcsRelease/");
        request.Body.Should().Be("""{"services":["orders"]}""");
    }

    [Test]
    public async Task Members_that_nobody_knows_are_kept_both_ways()
    {
        const string body = """{"brandNew":{"a":[1,2.50,null,""]},"createdAt":1764000000.123}""";
        await using var aws = await FakeAws.StartAsync(FakeAws.Json(body));

        var answer = await CallAsync(aws, "DescribeServices", (JsonObject)JsonNode.Parse(body)!);

        aws.Requests.Single().Body.Should().Be(body);
        answer.ToJsonString().Should().Be(body);
    }

    [TestCase("DescribeServices")]
    [TestCase("RegisterTaskDefinition")]
    public async Task Throttling_is_waited_out_for_every_operation(string operation)
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Error("ThrottlingException", "Rate exceeded"), FakeAws.Json("""{"done":true}"""));

        var answer = await CallAsync(aws, operation);

        answer["done"]!.GetValue<bool>().Should().BeTrue();
        aws.Requests.Should().HaveCount(2);
    }

    [Test]
    public async Task Concurrent_registrations_of_a_family_are_waited_out()
    {
        await using var aws = await FakeAws.StartAsync(
            FakeAws.Error("ClientException", "Too many concurrent attempts to create a new revision of the specified family."), FakeAws.Json("{}"));

        await CallAsync(aws, "RegisterTaskDefinition");

        aws.Requests.Should().HaveCount(2);
    }

    [TestCase("RegisterTaskDefinition")]
    [TestCase("UpdateService")]
    [TestCase("CreateService")]
    [TestCase("RunTask")]
    public async Task A_cut_connection_is_a_lost_answer_where_repeating_would_do_it_twice(string operation)
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Cut, FakeAws.Json("{}"));

        var failure = await FailAsync(aws, operation);

        failure.IsAnswerLost.Should().BeTrue();
        failure.Operation.Should().Be($"ecs:{operation}");
        aws.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task A_connection_that_was_used_before_and_is_cut_loses_the_answer_too()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Json("{}"), FakeAws.Cut, FakeAws.Json("{}"));
        using var http = new AwsHttp(TimeProvider.System);
        using var client = Client(aws, http);
        await client.CallAsync("DescribeServices", [], CancellationToken.None);

        var call = () => client.CallAsync("RegisterTaskDefinition", [], CancellationToken.None);

        (await call.Should().ThrowAsync<AwsServiceException>()).Which.IsAnswerLost.Should().BeTrue();
        aws.Requests.Should().HaveCount(2);
    }

    [Test]
    public async Task A_body_that_is_cut_half_way_is_a_lost_answer()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.CutAfter("""{"taskDefinition":{"""), FakeAws.Json("{}"));

        var failure = await FailAsync(aws, "RegisterTaskDefinition");

        failure.IsAnswerLost.Should().BeTrue();
        aws.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task A_5xx_of_a_call_that_must_not_be_repeated_is_a_lost_answer()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Error("ServerException", "Service Unavailable", 503), FakeAws.Json("{}"));

        var failure = await FailAsync(aws, "UpdateService");

        failure.IsAnswerLost.Should().BeTrue();
        failure.StatusCode.Should().Be(503);
        aws.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task CreateService_with_a_client_token_is_repeated()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Cut, FakeAws.Json("{}"));

        await CallAsync(aws, "CreateService", new JsonObject { ["clientToken"] = "b5c7" });

        aws.Requests.Should().HaveCount(2);
    }

    [Test]
    public async Task A_read_survives_cut_connections_half_bodies_and_5xx()
    {
        await using var aws = await FakeAws.StartAsync(
            FakeAws.Cut, FakeAws.CutAfter("""{"services":"""), FakeAws.Error("ServerException", "later", 500), FakeAws.Json("""{"services":[]}"""));

        var answer = await CallAsync(aws, "DescribeServices");

        answer["services"].Should().NotBeNull();
        aws.Requests.Should().HaveCount(4);
    }

    [Test]
    public async Task A_refusal_keeps_code_message_and_request_id_and_is_not_repeated()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Error("com.amazonaws.ecs#ClusterNotFoundException", "Cluster not found."));

        var failure = await FailAsync(aws, "DescribeServices");

        failure.ErrorCode.Should().Be("ClusterNotFoundException");
        failure.Message.Should().Be("Cluster not found.");
        failure.RequestId.Should().Be("req-1");
        failure.IsAnswerLost.Should().BeFalse();
        aws.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task A_quota_is_not_taken_for_throttling()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Error("LimitExceededException", "The limit for the resource was exceeded."));

        await FailAsync(aws, "CreateService");

        aws.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task An_answer_that_never_comes_is_lost_after_the_limit()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Never);
        var time = new FakeTimeProvider();
        using var http = new AwsHttp(time);
        using var client = Client(aws, http);

        var call = client.CallAsync("RegisterTaskDefinition", [], CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (aws.Requests.IsEmpty)
            await Task.Delay(10, limit.Token);
        time.Advance(TimeSpan.FromSeconds(31));

        var failure = (await FluentActions.Awaiting(() => call).Should().ThrowAsync<AwsServiceException>()).Which;
        failure.IsAnswerLost.Should().BeTrue();
        failure.Message.Should().Contain("no answer");
    }

    [Test]
    public async Task Cancelling_ends_a_call_as_cancelled()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Never);
        using var http = new AwsHttp(TimeProvider.System);
        using var client = Client(aws, http);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        var call = () => client.CallAsync("DescribeServices", [], cancel.Token);

        await call.Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task A_closed_port_is_explained_as_an_endpoint_out_of_reach()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Json("{}"));
        var endpoint = aws.Endpoint;
        await aws.DisposeAsync();
        using var http = new AwsHttp(TimeProvider.System);
        using var client = Client(endpoint, http, new FastTime());

        var call = () => client.CallAsync("UpdateService", [], CancellationToken.None);

        var failure = (await call.Should().ThrowAsync<AwsServiceException>()).Which;
        failure.IsAnswerLost.Should().BeFalse("nothing was sent");
        var explained = AwsErrors.Explain(failure, "orders");
        explained.Code.Should().Be("ECSR4008");
        explained.Message.Should().StartWith($"'{endpoint.GetLeftPart(UriPartial.Authority)}' is out of reach: ").And.Contain("refused");
    }

    [Test]
    public async Task No_secret_enters_an_exception()
    {
        var echo = $"The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:{Token}\n'";
        await using var aws = await FakeAws.StartAsync(
            FakeAws.Error("InvalidSignatureException", echo), FakeAws.CutAfter($$"""{"authorizationData":[{"authorizationToken":"{{Secret}}"""), FakeAws.Json($"\"{Secret}\""));

        var refused = await FailAsync(aws, "RegisterTaskDefinition");
        var cut = await FailAsync(aws, "RegisterTaskDefinition");
        var noObject = await FailAsync(aws, "RegisterTaskDefinition");

        foreach (var failure in (AwsServiceException[])[refused, cut, noObject])
            failure.ToString().Should().NotContain(Token).And.NotContain(Secret);
        refused.Message.Should().StartWith("The request signature we calculated does not match");
        noObject.IsAnswerLost.Should().BeTrue();
    }

    [TestCase("ClientException", "ECS was unable to assume the role 'arn:aws:iam::1:role/exec' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions.")]
    [TestCase("InvalidParameterException", "Unable to Start a service that is still Draining.")]
    [TestCase("InvalidParameterException", "Unable to assume the service linked role. Please verify that the ECS service linked role exists.")]
    public async Task What_is_about_to_be_there_is_waited_for_by_every_operation(string code, string message)
    {
        await using var aws = await FakeAws.StartAsync([.. Enumerable.Repeat(FakeAws.Error(code, message), 8), FakeAws.Json("{}")]);

        await CallAsync(aws, "CreateService");

        aws.Requests.Should().HaveCount(9, "a new role takes longer than the SDK's retries");
    }

    [Test]
    public async Task What_is_not_there_within_a_minute_is_refused()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Error("ClientException", "ECS was unable to assume the role 'x'"));
        var time = new JumpingTime();
        using var http = new AwsHttp(TimeProvider.System);
        using var client = Client(aws.Endpoint, http, time);

        var call = () => client.CallAsync("CreateService", [], CancellationToken.None);

        (await call.Should().ThrowAsync<AwsServiceException>()).Which.Message.Should().Contain("'x'");
        (time.GetUtcNow() - JumpingTime.Start).Should().Be(TimeSpan.FromSeconds(60));
    }

    [TestCase(HttpRequestError.ConnectionError, true)]
    [TestCase(HttpRequestError.NameResolutionError, true)]
    [TestCase(HttpRequestError.SecureConnectionError, true)]
    [TestCase(HttpRequestError.ProxyTunnelError, true)]
    [TestCase(HttpRequestError.ResponseEnded, false)]
    [TestCase(HttpRequestError.Unknown, false)]
    public void A_request_was_not_sent_only_when_there_was_no_connection(HttpRequestError error, bool wasNotSent)
    {
        // An open connection dies with the socket's errors, too, after it carried the request.
        var lost = new IOException("Unable to read data from the transport connection", new SocketException((int)SocketError.HostUnreachable));

        AnswerFailure.WasNotSent(new HttpRequestException(error, "failed", lost)).Should().Be(wasNotSent);
    }

    [Test]
    public async Task A_role_that_cannot_be_renewed_because_of_the_network_is_a_passing_fault_of_the_call()
    {
        await using var aws = await FakeAws.StartAsync(FakeAws.Json("{}"));
        await using var sts = await FakeAws.StartAsync(FakeAws.Cut, FakeAws.Xml("<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>", 400));

        var cut = await FailAsync(aws, sts);
        var throttled = await FailAsync(aws, sts);

        foreach (var failure in (AwsServiceException[])[cut, throttled])
        {
            failure.Operation.Should().Be("sts:AssumeRole");
            failure.IsPassing.Should().BeTrue("a rollout goes on being watched");
            failure.IsAnswerLost.Should().BeFalse("ECS was asked nothing");
        }
        AwsErrors.Explain(cut, "orders").Message.Should().StartWith($"'{sts.Endpoint.GetLeftPart(UriPartial.Authority)}' is out of reach: ");
        aws.Requests.Should().BeEmpty();
    }

    private static async Task<AwsServiceException> FailAsync(FakeAws aws, FakeAws sts)
    {
        using var http = new AwsHttp(TimeProvider.System);
        using var role = new AssumedRole("arn:aws:iam::1:role/deploy", new AmazonSecurityTokenServiceClient(
            new BasicAWSCredentials("AKIDEXAMPLE", Secret), new AmazonSecurityTokenServiceConfig { ServiceURL = sts.Endpoint.AbsoluteUri, MaxErrorRetry = 0, MaxStaleConnectionRetries = 0 }));
        using var client = new Json11Client(AwsService.Ecs, aws.Endpoint, "eu-central-1", role, http, TimeProvider.System);
        var call = () => client.CallAsync("UpdateService", [], CancellationToken.None);
        return (await call.Should().ThrowAsync<AwsServiceException>()).Which;
    }

    private static async Task<JsonObject> CallAsync(FakeAws aws, string operation, JsonObject? request = null)
    {
        using var http = new AwsHttp(TimeProvider.System);
        using var client = Client(aws, http);
        return await client.CallAsync(operation, request ?? [], CancellationToken.None);
    }

    private static async Task<AwsServiceException> FailAsync(FakeAws aws, string operation)
    {
        var call = () => CallAsync(aws, operation);
        return (await call.Should().ThrowAsync<AwsServiceException>()).Which;
    }

    private static Json11Client Client(FakeAws aws, AwsHttp http) => Client(aws.Endpoint, http, new FastTime());

    private static Json11Client Client(Uri endpoint, AwsHttp http, TimeProvider time) =>
        new(AwsService.Ecs, endpoint, "eu-central-1", new SessionAWSCredentials("AKIDEXAMPLE", Secret, Token), http, time);

    /// <summary>Delays end at once.</summary>
    private sealed class FastTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }
}
