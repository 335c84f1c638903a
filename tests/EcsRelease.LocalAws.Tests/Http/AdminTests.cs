using System.Net;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.State;
using EcsRelease.LocalAws.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EcsRelease.LocalAws.Tests.Http;

[Parallelizable(ParallelScope.All)]
public class AdminTests
{
    [Test]
    public async Task Health_needs_no_key()
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        var health = JsonNode.Parse(await aws.Http.GetStringAsync(new Uri(aws.Endpoint, "/_local/health")))!;

        health["pid"]!.GetValue<int>().Should().Be(Environment.ProcessId);
        health["runtime"]!.GetValue<string>().Should().Be("none");
        health["runtimeLimits"]!.AsArray().Should().NotBeEmpty("a runtime that runs nothing has to say so");
    }

    [Test]
    public async Task The_rest_of_the_admin_API_wants_the_secret_key()
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        using var answer = await aws.AdminAsync(HttpMethod.Post, "/_local/shutdown", secret: "guess");

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [TestCase("throttle", 400, "ThrottlingException", "Rate exceeded")]
    [TestCase("serverError", 500, "ServerException", "Service Unavailable. Please try again later.")]
    [TestCase("expiredToken", 400, "ExpiredTokenException", "The security token included in the request is expired")]
    public async Task A_fault_fails_as_many_calls_as_it_says(string fault, int status, string type, string message)
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await SetAsync(aws, $$"""{"service":"ecr","operation":"DescribeRepositories","fault":"{{fault}}","times":2}""");

        for (var call = 0; call < 2; call++)
        {
            var answer = await aws.SendAsync("ecr", "DescribeRepositories", []);
            ((int)answer.Status).Should().Be(status);
            answer.Body["__type"]!.GetValue<string>().Should().Be(type);
            answer.Body["message"]!.GetValue<string>().Should().Be(message);
        }

        (await aws.SendAsync("ecr", "DescribeRepositories", [])).Status.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_denied_action_is_worded_as_IAM_words_it()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await SetAsync(aws, """{"service":"ecr","operation":"CreateRepository","fault":"accessDenied"}""");

        var error = await aws.FailAsync("ecr", "CreateRepository", new JsonObject { ["repositoryName"] = "orders" });

        error.Should().Be((
            "AccessDeniedException",
            "User: arn:aws:iam::000000000000:user/local is not authorized to perform: ecr:CreateRepository on resource: arn:aws:ecr:us-east-1:000000000000:repository/orders because no identity-based policy allows the ecr:CreateRepository action"));
    }

    [Test]
    public async Task Denied_tagging_also_denies_creation_with_tags_and_only_that()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await SetAsync(aws, """{"service":"ecr","operation":"TagResource","fault":"accessDenied","times":5}""");
        var tagged = new JsonObject { ["repositoryName"] = "orders", ["tags"] = new JsonArray(new JsonObject { ["Key"] = "team", ["Value"] = "a" }) };

        var error = await aws.FailAsync("ecr", "CreateRepository", tagged);
        await aws.CreateRepositoryAsync("orders");

        error.Message.Should().Contain("is not authorized to perform: ecr:TagResource on resource: ");
    }

    [Test]
    public async Task A_lost_answer_is_lost_after_the_change_was_made()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await SetAsync(aws, """{"service":"ecr","operation":"CreateRepository","fault":"loseAnswer"}""");

        var call = () => aws.CreateRepositoryAsync("orders");

        await call.Should().ThrowAsync<HttpRequestException>();
        (await aws.CallAsync("ecr", "DescribeRepositories", []))["repositories"]!.AsArray().Should().HaveCount(1);
    }

    [Test]
    public async Task Faults_are_listed_and_cleared()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await SetAsync(aws, """{"service":"ecs","operation":"UpdateService","fault":"throttle","times":3}""");

        using var listed = await aws.AdminAsync(HttpMethod.Get, "/_local/faults");
        using var cleared = await aws.AdminAsync(HttpMethod.Delete, "/_local/faults");

        JsonNode.Parse(await listed.Content.ReadAsStringAsync())!["faults"]![0]!["times"]!.GetValue<int>().Should().Be(3);
        JsonNode.Parse(await cleared.Content.ReadAsStringAsync())!["faults"]!.AsArray().Should().BeEmpty();
    }

    [Test]
    public async Task Without_capacity_RunTask_answers_with_failures_until_the_tasks_are_counted_down()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CallAsync("ecs", "RegisterTaskDefinition", JsonNode.Parse("""
            {"family":"f","networkMode":"awsvpc","cpu":"256","memory":"512","containerDefinitions":[{"name":"app","image":"i"}]}
            """)!.AsObject());
        await SetAsync(aws, """{"service":"ecs","operation":"RunTask","fault":"noCapacity","times":1}""");
        var request = JsonNode.Parse("""{"taskDefinition":"f","launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["s"]}}}""")!.AsObject();

        var failed = await aws.CallAsync("ecs", "RunTask", request.DeepClone().AsObject());
        var run = await aws.CallAsync("ecs", "RunTask", request);

        (failed["failures"]!.AsArray().Count, failed["tasks"]!.AsArray().Count).Should().Be((1, 0));
        (run["failures"]!.AsArray().Count, run["tasks"]!.AsArray().Count).Should().Be((0, 1));
    }

    [TestCase("""{"service":"ecs","operation":"UpdateService","fault":"explode"}""")]
    [TestCase("""{"service":"ecs","operation":"UpdateService","fault":"throttle","times":0}""")]
    [TestCase("""{"service":"ecs","fault":"throttle"}""")]
    [TestCase("""{"service":"ecs","operation":"UpdateService","fault":"noCapacity"}""")]
    [TestCase("""{"service":"ecr","operation":"*","fault":"slowListing","seconds":1}""")]
    [TestCase("""{"service":"ecs","operation":"*","fault":"slowListing"}""")]
    [TestCase("[")]
    public async Task A_fault_that_makes_no_sense_is_refused(string body)
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        using var answer = await aws.AdminAsync(HttpMethod.Post, "/_local/faults", body);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task Secrets_are_kept_over_restarts()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        using var answer = await aws.AdminAsync(HttpMethod.Post, "/_local/secrets", """{"values":{"arn:aws:secretsmanager:us-east-1:000000000000:secret:db":"hunter2"}}""");
        answer.EnsureSuccessStatusCode();

        await aws.RestartAsync();

        var secrets = aws.Services.GetRequiredService<ISecretStore>();
        secrets.Get("arn:aws:secretsmanager:us-east-1:000000000000:secret:db").Should().Be("hunter2");
        secrets.Get("other").Should().BeNull();
    }

    private static async Task SetAsync(LocalAwsFixture aws, string fault)
    {
        using var answer = await aws.AdminAsync(HttpMethod.Post, "/_local/faults", fault);
        answer.StatusCode.Should().Be(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }
}
