using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.EndToEndTests;

/// <summary>The target `aws`, which is the default: credentials, region and endpoint come from the environment as the AWS
/// CLI takes them. Here they lead to the local AWS, so that the same code path is run to its end.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AwsTargetTests
{
    private ServiceProject project = null!;

    /// <summary>A project with a local AWS of its own, which its environment leads to.</summary>
    [SetUp]
    public async Task StartLocalAws()
    {
        project = await ServiceProject.CreateAsync();
        project.Environment["ECS_RELEASE_HOME"] = Packages.NewFolder("home");
        (await Command.RunAsync(Path.Combine(Packages.Tools, "ecs-release"), ["local", "up"], project.Root, project.Environment)).Succeeded();
        var server = Server();
        project.Environment["AWS_ENDPOINT_URL"] = (string)server["endpoint"]!;
        project.Environment["AWS_ACCESS_KEY_ID"] = (string)server["accessKeyId"]!;
        project.Environment["AWS_SECRET_ACCESS_KEY"] = (string)server["secretAccessKey"]!;
        project.Environment["AWS_REGION"] = (string)server["region"]!;
        project.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
    }

    [TearDown]
    public async Task StopLocalAws() =>
        (await Command.RunAsync(Path.Combine(Packages.Tools, "ecs-release"), ["local", "down"], project.Root, project.Environment)).Succeeded();

    [Test]
    [Long]
    public async Task A_release_goes_where_the_environment_leads()
    {
        Outside.Require("aws");
        // An image that the local target made is a base that can be pulled here.
        (await project.PublishAsync()).Succeeded();
        var token = (await Command.RunAsync("aws", ["ecr", "get-login-password"], project.Root, Outside.EnvironmentOf(project))).Succeeded().Output.Trim();
        project.Environment["DOTNET_CONTAINER_PULL_REGISTRY_UNAME"] = "AWS";
        project.Environment["DOTNET_CONTAINER_PULL_REGISTRY_PWORD"] = token;
        var image = project.ReadRecord().Image!;
        (await Command.RunAsync("aws", ["ecs", "create-cluster", "--cluster-name", "production"], project.Root, Outside.EnvironmentOf(project))).Succeeded();
        project.Write("Program.cs", ServiceProject.Program("good day"));
        var commit = await project.CommitAsync();

        var result = (await PublishAsync(project, $"-p:EcsBaseImage={image}", "-p:EcsCluster=production", "-p:EcsCreateService=true", "-p:EcsSubnets=subnet-1",
            "-p:EcsExecutionRole=arn:aws:iam::000000000000:role/execution")).Succeeded();

        var record = project.ReadRecord();
        (record.Outcome, record.Commit, record.Target, record.Account, record.Region).Should().Be((ReleaseOutcome.Succeeded, commit, "aws", "000000000000", "us-east-1"));
        result.Output.Should().NotContain(token).And.NotContain(project.Environment["AWS_SECRET_ACCESS_KEY"]);
    }

    [Test]
    public async Task A_service_is_created_only_with_what_only_its_owner_can_know()
    {
        (await PublishAsync(project, "-p:EcrCreateRepository=true", "-p:EcsCreateService=true")).FailedWith("ECSR4014").Output.Should().Contain("EcsExecutionRole");
        (await PublishAsync(project, "-p:EcrCreateRepository=true", "-p:EcsCreateService=true", "-p:EcsExecutionRole=r")).FailedWith("ECSR4014").Output.Should().Contain("EcsSubnets");
        AssertNothingWasBuilt();
    }

    [Test]
    public async Task Credentials_of_another_account_are_refused()
    {
        var result = await PublishAsync(project, "-p:EcsAccount=123456789012");

        result.FailedWith("ECSR4004").Output.Should().Contain("'123456789012'").And.Contain("'000000000000'");
        AssertNothingWasBuilt();
    }

    [Test]
    public async Task Missing_credentials_are_refused_at_once()
    {
        project.Environment.Remove("AWS_ACCESS_KEY_ID");
        project.Environment["AWS_EC2_METADATA_DISABLED"] = "true";

        var result = await PublishAsync(project);

        result.FailedWith("ECSR4001").Output.Should().Contain("EcsTarget=local");
        AssertNothingWasBuilt();
    }

    [Test]
    public async Task Keys_that_AWS_does_not_know_are_refused()
    {
        project.Environment["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE";

        var result = await PublishAsync(project);

        result.FailedWith("ECSR4002").Output.Should().NotContain(project.Environment["AWS_SECRET_ACCESS_KEY"]);
        AssertNothingWasBuilt();
    }

    [Test]
    public async Task Expired_credentials_are_refused()
    {
        var server = Server();
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)server["secretAccessKey"]!);
        (await http.PostAsJsonAsync($"{server["endpoint"]}/_local/faults", new { service = "sts", operation = "GetCallerIdentity", fault = "expiredToken", times = 10 })).EnsureSuccessStatusCode();

        var result = await PublishAsync(project);

        result.FailedWith("ECSR4002").Output.Should().Contain("ExpiredToken");
        AssertNothingWasBuilt();
    }

    [Test]
    public async Task Without_a_region_the_release_is_refused()
    {
        project.Environment.Remove("AWS_REGION");
        project.Environment["AWS_EC2_METADATA_DISABLED"] = "true";

        (await PublishAsync(project)).FailedWith("ECSR4005").Output.Should().Contain("EcsRegion");
    }

    [Test]
    public async Task An_endpoint_that_does_not_answer_is_named()
    {
        project.Environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9";

        (await PublishAsync(project)).FailedWith("ECSR4008").Output.Should().Contain("127.0.0.1:9");
        AssertNothingWasBuilt();
    }

    private JsonNode Server() => JsonNode.Parse(File.ReadAllText(Path.Combine(project.Environment["ECS_RELEASE_HOME"], "local", "server.json")))!;

    private static Task<CommandResult> PublishAsync(ServiceProject project, params string[] arguments) =>
        project.DotnetAsync(["publish", "-p:EcsDeploy=true", $"-p:EcsReleaseRecord={project.Record}", .. arguments]);

    private void AssertNothingWasBuilt() => Directory.Exists(Path.Combine(project.Root, "bin")).Should().BeFalse();
}
