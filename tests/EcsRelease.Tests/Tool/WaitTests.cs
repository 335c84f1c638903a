using EcsRelease.Tests.Deployments;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Tool;

public sealed class WaitTests
{
    private const string Sha = "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b";

    private const string Revision = $$"""
        {"taskDefinition":{"taskDefinitionArn":"orders:7","containerDefinitions":[{"name":"proxy","essential":false,"image":"envoy"},{"name":"app","essential":true,"image":"host/orders:{{Sha}}"}]},
         "tags":[{"key":"ecs-release:commit","value":"{{Sha}}"},{"key":"ecs-release:branch","value":"main"},{"key":"ecs-release:digest","value":"sha256:aa"}]}
        """;

    [Test]
    public async Task A_deployment_that_succeeds_ends_as_a_release_of_its_commit()
    {
        var record = await WaitAsync(Script(
            """{"serviceDeploymentArn":"d7","status":"IN_PROGRESS"}""",
            """{"serviceDeploymentArn":"d7","status":"SUCCESSFUL"}"""));

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded);
        record.Should().BeEquivalentTo(new
        {
            Schema = 1,
            Commit = Sha,
            Branch = "main",
            Image = $"host/orders:{Sha}",
            Digest = "sha256:aa",
            TaskDefinition = "orders:7",
            ServiceDeployment = "d7",
            Target = "aws",
            Account = "123456789012",
            Region = "eu-west-1",
            Cluster = "production",
            Service = "orders",
            Endpoints = new[] { "http://orders.example" },
        });
        record.Seconds.Keys.Should().Equal("rollout", "total");
    }

    [Test]
    public async Task A_deployment_that_is_rolled_back_has_the_code_and_the_exit_code_of_deploy()
    {
        var record = await WaitAsync(Script(
            """{"serviceDeploymentArn":"d7","status":"ROLLBACK_SUCCESSFUL","statusReason":"Service deployment rolled back because the circuit breaker threshold was exceeded.","deploymentCircuitBreaker":{"status":"TRIGGERED","failureCount":3,"threshold":3}}"""));

        record.Code.Should().Be("ECSR5001");
        record.Outcome.ExitCode().Should().Be(6);
        record.Evidence!.StatusReason.Should().Contain("circuit breaker threshold was exceeded");
    }

    [Test]
    public async Task A_deployment_that_does_not_end_times_out()
    {
        var record = await WaitAsync(Script("""{"serviceDeploymentArn":"d7","status":"IN_PROGRESS"}"""));

        record.Code.Should().Be("ECSR5007");
        record.Outcome.ExitCode().Should().Be(9);
        record.Message.Should().Contain("ecs-release wait --cluster production --service orders");
    }

    [Test]
    public async Task Addresses_that_cannot_be_read_are_a_warning_beside_the_outcome()
    {
        var record = await WaitAsync(Script("""{"serviceDeploymentArn":"d7","status":"ROLLBACK_SUCCESSFUL","statusReason":"rolled back"}"""), new HttpRequestException("connection refused"));

        record.Outcome.Should().Be(ReleaseOutcome.RolledBack);
        record.Evidence.Should().NotBeNull();
        record.Warnings.Should().ContainSingle(warning => warning.Code == "ECSR5121").Which.Message.Should().Contain("connection refused");
    }

    [Test]
    public async Task The_step_after_which_the_project_ends_its_releases_does_not_matter()
    {
        var target = new ScriptedTarget(Script("""{"serviceDeploymentArn":"d7","status":"SUCCESSFUL"}"""));

        var record = await new Wait(new ReleaseOptions { Cluster = "production", StopAfter = StopAfterStep.Push }, "orders", target, new ReportLog(), new JumpingTime())
            .RunAsync(CancellationToken.None);

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded);
    }

    [Test]
    public async Task A_service_that_does_not_exist_is_refused()
    {
        var wait = () => WaitAsync("""{"DescribeServices":[{"services":[]}],"DescribeClusters":[{"clusters":[{"clusterName":"production","status":"ACTIVE"}]}]}""");

        (await wait.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR4010");
    }

    private static Task<ReleaseRecord> WaitAsync(string script, Exception? endpointsFault = null) => new Wait(
        new ReleaseOptions { Cluster = "production", Timeout = TimeSpan.FromMinutes(1) },
        "orders", new ScriptedTarget(script) { EndpointsFault = endpointsFault }, new ReportLog(), new JumpingTime()).RunAsync(CancellationToken.None);

    private static string Script(params string[] deployments) => $$"""
        {"DescribeServices":[{"services":[{"serviceName":"orders","status":"ACTIVE","taskDefinition":"orders:7","desiredCount":2,"runningCount":2,"events":[],
            "deployments":[{"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"orders:7","rolloutState":"IN_PROGRESS","createdAt":10,"runningCount":2,"desiredCount":2}]}]}],
         "DescribeTaskDefinition":[{{Revision}}],
         "ListServiceDeployments":[{"serviceDeployments":[{"serviceDeploymentArn":"d7","createdAt":10,"targetServiceRevisionArn":"r7"}]}],
         "DescribeServiceRevisions":[{"serviceRevisions":[{"serviceRevisionArn":"r7","taskDefinition":"orders:7"}]}],
         "DescribeServiceDeployments":[{{string.Join(',', deployments.Select(each => $$"""{"serviceDeployments":[{{each}}]}"""))}}],
         "ListTasks":[{"taskArns":[]}]}
        """;
}
