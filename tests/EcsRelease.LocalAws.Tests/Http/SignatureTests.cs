using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EcsRelease.LocalAws.Tests.Http;

[Parallelizable(ParallelScope.All)]
public class SignatureTests
{
    [Test]
    public async Task A_request_signed_with_the_key_pair_is_answered()
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        var body = await aws.CallAsync("ecr", "DescribeRepositories", []);

        body["repositories"]!.AsArray().Should().BeEmpty();
    }

    [Test]
    public async Task A_wrong_secret_is_refused()
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        var error = await aws.FailAsync("ecr", "DescribeRepositories", [], aws.Signer("ecr") with { Secret = "wrong" });

        error.Type.Should().Be("InvalidSignatureException");
        error.Message.Should().StartWith("The request signature we calculated does not match the signature you provided.");
    }

    [Test]
    public async Task An_unknown_key_is_refused()
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        var error = await aws.FailAsync("ecr", "DescribeRepositories", [], aws.Signer("ecr") with { AccessKeyId = "AKIAUNKNOWN" });

        error.Should().Be(("UnrecognizedClientException", "The security token included in the request is invalid."));
    }

    [Test]
    public async Task A_session_token_beside_the_long_lived_key_is_refused()
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        var error = await aws.FailAsync("ecr", "DescribeRepositories", [], aws.Signer("ecr") with { SessionToken = "stray" });

        error.Type.Should().Be("UnrecognizedClientException");
    }

    [Test]
    public async Task A_request_without_signature_is_refused()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        using var request = aws.JsonRequest("AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", "{}"u8.ToArray());

        using var answer = await aws.Http.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("MissingAuthenticationTokenException");
        answer.Headers.Contains("x-amzn-RequestId").Should().BeTrue();
    }

    [Test]
    public async Task A_body_changed_after_signing_is_refused()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        using var request = aws.JsonRequest("AmazonEC2ContainerRegistry_V20150921.CreateRepository", """{"repositoryName":"other"}"""u8.ToArray());
        aws.Signer("ecr").Sign(request, """{"repositoryName":"orders"}"""u8.ToArray());

        using var answer = await aws.Http.SendAsync(request);

        (await answer.Content.ReadAsStringAsync()).Should().Contain("InvalidSignatureException");
        (await aws.CallAsync("ecr", "DescribeRepositories", []))["repositories"]!.AsArray().Should().BeEmpty();
    }

    [TestCase("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories")]
    [TestCase("X-Amz-Something", "1")]
    public async Task A_header_of_AWS_that_is_not_signed_is_refused(string header, string value)
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        using var request = aws.JsonRequest("AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", "{}"u8.ToArray());
        request.Headers.Remove(header);
        aws.Signer("ecr").Sign(request, "{}"u8.ToArray());
        request.Headers.Add(header, value);

        using var answer = await aws.Http.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("InvalidSignatureException").And.Contain(header.ToLowerInvariant());
    }

    [Test]
    public async Task An_unsigned_payload_is_accepted_and_a_wrong_payload_hash_is_not()
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        var unsigned = await aws.SendAsync("ecr", "DescribeRepositories", [], aws.Signer("ecr") with { PayloadHash = "UNSIGNED-PAYLOAD" });
        var wrong = await aws.FailAsync("ecr", "DescribeRepositories", [], aws.Signer("ecr") with { PayloadHash = new string('0', 64) });

        unsigned.Status.Should().Be(HttpStatusCode.OK);
        wrong.Type.Should().Be("InvalidSignatureException");
    }

    [TestCase(-6, "Signature expired: ")]
    [TestCase(6, "Signature not yet current: ")]
    public async Task A_clock_more_than_five_minutes_off_is_refused(int minutes, string text)
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        var error = await aws.FailAsync("ecr", "DescribeRepositories", [], aws.Signer("ecr") with { At = DateTimeOffset.UtcNow.AddMinutes(minutes) });

        error.Type.Should().Be("InvalidSignatureException");
        error.Message.Should().StartWith(text);
    }

    [TestCase("eu-west-1", "ecr", "Credential should be scoped to a valid region.")]
    [TestCase("us-east-1", "ecs", "Credential should be scoped to correct service: 'ecr'.")]
    public async Task A_signature_for_another_region_or_service_is_refused(string region, string service, string text)
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        var error = await aws.FailAsync("ecr", "DescribeRepositories", [], aws.Signer(service) with { Region = region });

        error.Type.Should().Be("InvalidSignatureException");
        error.Message.Should().StartWith(text);
    }

    [Test]
    public async Task Temporary_credentials_of_AssumeRole_sign_until_they_expire()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var aws = await LocalAwsFixture.StartAsync(clock);
        using var answer = await aws.StsAsync("Action=AssumeRole&Version=2011-06-15&RoleArn=arn:aws:iam::000000000000:role/ci/deployer&RoleSessionName=run-1&DurationSeconds=900");
        var xml = System.Xml.Linq.XElement.Parse(await answer.Content.ReadAsStringAsync());
        string Value(string name) => xml.Descendants().Single(element => element.Name.LocalName == name).Value;
        var signer = new RequestSigner(Value("AccessKeyId"), Value("SecretAccessKey"), "sts") { SessionToken = Value("SessionToken"), At = clock.GetUtcNow() };

        using var identity = await aws.StsAsync("Action=GetCallerIdentity&Version=2011-06-15", signer);
        (await identity.Content.ReadAsStringAsync()).Should().Contain("<Arn>arn:aws:sts::000000000000:assumed-role/deployer/run-1</Arn>");

        clock.Advance(TimeSpan.FromSeconds(901));
        var error = await aws.FailAsync("ecr", "DescribeRepositories", [], signer with { Service = "ecr", At = clock.GetUtcNow() });
        error.Should().Be(("ExpiredTokenException", "The security token included in the request is expired"));
        using var refused = await aws.StsAsync("Action=GetCallerIdentity&Version=2011-06-15", signer with { At = clock.GetUtcNow() });
        refused.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync()).Should().Contain("<Code>ExpiredToken</Code>");
    }

    [TestCase("Nonsense", "{}", "UnknownOperationException")]
    [TestCase("DescribeRepositories", "{", "SerializationException")]
    [TestCase("DescribeRepositories", "[]", "SerializationException")]
    [TestCase("CreateRepository", """{"repositoryName":5}""", "SerializationException")]
    public async Task What_the_protocol_does_not_know_is_refused(string operation, string body, string type)
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = aws.JsonRequest($"AmazonEC2ContainerRegistry_V20150921.{operation}", bytes);
        aws.Signer("ecr").Sign(request, bytes);

        using var answer = await aws.Http.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["__type"]!.GetValue<string>().Should().Be(type);
    }

    [Test]
    public async Task A_request_larger_than_any_operation_needs_is_refused()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        using var request = aws.JsonRequest("AmazonEC2ContainerRegistry_V20150921.PutImage", new byte[8 * 1024 * 1024 + 1]);

        using var answer = await aws.Http.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }
}
