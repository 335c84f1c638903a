using System.Diagnostics;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using Microsoft.AspNetCore.Http;

namespace EcsRelease.Tests.Aws;

[Parallelizable(ParallelScope.All)]
public sealed class AwsTargetTests
{
    private const string Secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";

    [Test]
    public async Task Keys_and_region_of_the_environment_are_enough()
    {
        await using var aws = await FakeAws.StartAsync(Identity("111122223333"));

        var access = await Target(aws, new ReleaseOptions()).ConnectAsync(CancellationToken.None);

        access.Account.Should().Be("111122223333");
        access.Region.Should().Be("eu-central-1");
        access.CallerArn.Should().Be("arn:aws:iam::111122223333:user/ada");
        aws.Requests.Single().Headers["Authorization"].Should().Contain("AKIDEXAMPLE/").And.Contain("/eu-central-1/sts/");
    }

    [Test]
    public async Task The_clients_go_to_the_endpoint_that_is_set()
    {
        await using var aws = await FakeAws.StartAsync(Identity("111122223333"), FakeAws.Json("""{"clusters":[]}"""), FakeAws.Json("{}"), FakeAws.Json("{}"));
        var access = await Target(aws, new ReleaseOptions()).ConnectAsync(CancellationToken.None);

        await access.Ecs.DescribeClustersAsync([], CancellationToken.None);
        await access.Ecr.DescribeRepositoriesAsync([], CancellationToken.None);
        await access.Logs.DescribeLogGroupsAsync([], CancellationToken.None);

        aws.Requests.Skip(1).Select(request => request.Headers["X-Amz-Target"]).Should().Equal(
            "AmazonEC2ContainerServiceV20141113.DescribeClusters", "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", "Logs_20140328.DescribeLogGroups");
    }

    [Test]
    public async Task Clients_end_with_their_access()
    {
        await using var aws = await FakeAws.StartAsync(Assumed("ASIAROLE"), Identity("111122223333"), FakeAws.Json("{}"));
        var access = await Target(aws, new ReleaseOptions { RoleArn = "arn:aws:iam::111122223333:role/deploy" }).ConnectAsync(CancellationToken.None);

        access.Dispose();

        await FluentActions.Awaiting(() => access.Ecs.DescribeClustersAsync([], CancellationToken.None)).Should().ThrowAsync<Exception>();
        aws.Requests.Should().HaveCount(2, "nothing is sent any more");
    }

    [Test]
    public async Task Another_account_than_the_wanted_one_is_refused()
    {
        await using var aws = await FakeAws.StartAsync(Identity("111122223333"));

        var error = await RefusedAsync(Target(aws, new ReleaseOptions { Account = "444455556666" }));

        error.Code.Should().Be("ECSR4004");
        error.Message.Should().Contain("444455556666").And.Contain("arn:aws:iam::111122223333:user/ada");
    }

    [Test]
    public async Task The_role_of_an_option_is_assumed_on_top()
    {
        await using var aws = await FakeAws.StartAsync(Assumed("ASIAROLE"), Identity("111122223333"));

        await Target(aws, new ReleaseOptions { RoleArn = "arn:aws:iam::111122223333:role/deploy" }).ConnectAsync(CancellationToken.None);

        var requests = aws.Requests.ToArray();
        requests[0].Body.Should().Contain("Action=AssumeRole").And.Contain("RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fdeploy");
        requests[1].Headers["Authorization"].Should().Contain("ASIAROLE/");
        requests[1].Headers["X-Amz-Security-Token"].Should().Be("session");
    }

    [Test]
    public async Task A_role_that_may_not_be_assumed_is_named()
    {
        await using var aws = await FakeAws.StartAsync(Refusal("AccessDenied",
            "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/deploy", 403));

        var error = await RefusedAsync(Target(aws, new ReleaseOptions { RoleArn = "arn:aws:iam::111122223333:role/deploy" }));

        error.Code.Should().Be("ECSR4003");
        error.Message.Should().StartWith("sts:AssumeRole on 'arn:aws:iam::111122223333:role/deploy' is denied");
    }

    [Test]
    public async Task A_repository_of_another_account_is_reached_without_the_role_for_ECS()
    {
        await using var aws = await FakeAws.StartAsync(Assumed("ASIAROLE"), Identity("111122223333"), FakeAws.Json("{}"));
        var options = new ReleaseOptions { RoleArn = "arn:aws:iam::111122223333:role/deploy", Repository = "444455556666.dkr.ecr.us-west-2.amazonaws.com/orders" };

        var access = await Target(aws, options).ConnectAsync(CancellationToken.None);
        await access.Ecr.DescribeRepositoriesAsync([], CancellationToken.None);

        access.Region.Should().Be("eu-central-1");
        aws.Requests.Last().Headers["Authorization"].Should().Contain("AKIDEXAMPLE/").And.Contain("/us-west-2/ecr/");
    }

    [TestCase("ExpiredToken", "The security token included in the request is expired")]
    [TestCase("InvalidClientTokenId", "The security token included in the request is invalid.")]
    public async Task Keys_that_AWS_refuses_are_told_from_missing_ones(string code, string message)
    {
        await using var aws = await FakeAws.StartAsync(Refusal(code, message, 403));

        var error = await RefusedAsync(Target(aws, new ReleaseOptions()));

        error.Code.Should().Be("ECSR4002");
        error.Message.Should().Contain(message);
        error.ToString().Should().NotContain(Secret);
    }

    [Test]
    public async Task Without_credentials_the_answer_comes_at_once()
    {
        await using var aws = await FakeAws.StartAsync(Identity("1"));
        var watch = Stopwatch.StartNew();

        var error = await RefusedAsync(Target(aws, new ReleaseOptions(), ("AWS_ACCESS_KEY_ID", ""), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://192.0.2.1")));

        error.Code.Should().Be("ECSR4001");
        error.Message.Should().Contain("EcsTarget=local");
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(4));
    }

    [Test]
    public async Task Without_region_nothing_is_guessed()
    {
        await using var aws = await FakeAws.StartAsync(Identity("1"));

        (await RefusedAsync(Target(aws, new ReleaseOptions(), ("AWS_REGION", "")))).Code.Should().Be("ECSR4005");
    }

    [Test]
    public async Task A_region_that_is_none_is_refused_before_it_becomes_a_host()
    {
        await using var aws = await FakeAws.StartAsync(Identity("1"));

        (await RefusedAsync(Target(aws, new ReleaseOptions { Region = "example.com/#" }))).Code.Should().Be("ECSR4016");
    }

    [Test]
    public async Task A_profile_that_does_not_exist_is_named()
    {
        await using var aws = await FakeAws.StartAsync(Identity("1"));

        var error = await RefusedAsync(Target(aws, new ReleaseOptions { Profile = "no-such-profile" }));

        error.Code.Should().Be("ECSR4017");
        error.Message.Should().Contain("'no-such-profile'");
    }

    [Test]
    public async Task An_endpoint_that_does_not_answer_is_named()
    {
        var aws = await FakeAws.StartAsync(Identity("1"));
        var target = Target(aws, new ReleaseOptions());
        await aws.DisposeAsync();

        (await RefusedAsync(target)).Code.Should().Be("ECSR4008");
    }

    [TestCase("User: arn:aws:iam::1:user/ada is not authorized to perform: ecs:UpdateService on resource: arn:aws:ecs:eu-central-1:1:service/default/orders because no identity-based policy allows the ecs:UpdateService action",
        "ecs:UpdateService", "arn:aws:ecs:eu-central-1:1:service/default/orders")]
    [TestCase("User: arn:aws:iam::1:user/ada is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/task because no identity-based policy allows the iam:PassRole action", "iam:PassRole", "arn:aws:iam::1:role/task")]
    [TestCase("Access denied", "ecs:RegisterTaskDefinition", "production/orders", "*")]
    public void A_denied_call_names_the_missing_action_and_its_resource(string message, string action, string resource, string? allowed = null)
    {
        var error = AwsErrors.Explain(new AwsServiceException("ecs:RegisterTaskDefinition", "AccessDeniedException", message), "production/orders");

        error.Code.Should().Be("ECSR4003");
        error.Message.Should().StartWith($"{action} on '{resource}' is denied: ").And.Contain($"\"Action\":\"{action}\",\"Resource\":\"{allowed ?? resource}\"");
    }

    private static AwsTarget Target(FakeAws aws, ReleaseOptions options, params (string Name, string Value)[] environment)
    {
        var variables = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
            ["AWS_SECRET_ACCESS_KEY"] = Secret,
            ["AWS_REGION"] = "eu-central-1",
            ["AWS_ENDPOINT_URL"] = aws.Endpoint.AbsoluteUri,
        };
        foreach (var (name, value) in environment)
            variables[name] = value;
        return new AwsTarget(options, TimeProvider.System, name => variables.GetValueOrDefault(name));
    }

    private static async Task<EcsReleaseException> RefusedAsync(AwsTarget target)
    {
        var connect = () => target.ConnectAsync(CancellationToken.None);
        return (await connect.Should().ThrowAsync<EcsReleaseException>()).Which;
    }

    // docs.aws.amazon.com/STS/latest/APIReference: examples of GetCallerIdentity, AssumeRole and errors.
    internal static Func<HttpContext, Task> Identity(string account) => FakeAws.Xml($"""
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
          <Arn>arn:aws:iam::{account}:user/ada</Arn><UserId>AIDA</UserId><Account>{account}</Account>
        </GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>
        """);

    internal static Func<HttpContext, Task> Assumed(string key) => FakeAws.Xml($"""
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
          <AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>session</SessionToken>
          <Expiration>{DateTime.UtcNow.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}</Expiration>
        </Credentials></AssumeRoleResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></AssumeRoleResponse>
        """);

    private static Func<HttpContext, Task> Refusal(string code, string message, int status) => FakeAws.Xml(
        $"<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>", status);
}
