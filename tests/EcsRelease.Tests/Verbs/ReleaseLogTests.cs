using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Git;
using EcsRelease.Images;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;
using EcsRelease.Tests.Aws;
using EcsRelease.Tests.Deployments;
using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>What is said when a release ends in the middle: not sent, maybe sent, begun.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReleaseLogTests
{
    public const string Sha = "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b";

    private const string Follow = "ecs-release wait --cluster production --service orders";

    private readonly ReleaseLog log = new(new() { Cluster = "production" }, Plan(null), new RecordingReporter(), new JumpingTime());

    [Test]
    public void Before_the_update_nothing_was_changed_in_the_service()
    {
        log.WhatGoesOn().Should().Be("Service 'orders' was not updated. Run the same command again: what was pushed is reused.");
        log.Ended(Errors.CredentialsRefused("ExpiredToken", "expired")).Outcome.Should().Be(ReleaseOutcome.Refused);
    }

    [Test]
    public async Task An_update_that_was_refused_was_not_sent()
    {
        await SendAsync(new AwsServiceException("ecs:UpdateService", "AccessDeniedException", "no"));

        log.WhatGoesOn().Should().Contain("was not updated");
    }

    [Test]
    public async Task An_update_without_an_answer_may_have_begun()
    {
        await SendAsync(new AwsServiceException("ecs:UpdateService", AwsErrors.AnswerLost, "timeout") { IsAnswerLost = true });

        log.WhatGoesOn().Should().Contain("may have begun").And.EndWith(Follow);
        var record = log.Ended(Errors.CredentialsRefused("ExpiredToken", "expired"));
        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.AwsFailed, "ECSR5122"));
        record.Message.Should().Contain("ECSR4002").And.Contain(Follow);
    }

    [Test]
    public async Task A_deployment_that_began_goes_on()
    {
        var rollout = new StartedRollout
        {
            Cluster = "production", Service = "orders", TaskDefinition = "orders:7", PrimaryId = "ecs-svc/7",
            Baseline = new(null, "ecs-svc/6"), UpdatedAt = DateTimeOffset.UnixEpoch,
        };
        log.Started(await log.SendAsync(() => Task.FromResult(rollout)));

        log.WhatGoesOn().Should().Be($"The update was sent; ECS goes on with the deployment of orders:7. Follow it: {Follow}");
        log.Ended(Errors.NoRegion()).Outcome.Should().Be(ReleaseOutcome.AwsFailed);
    }

    [TestCase("GITHUB_ACTOR")]
    [TestCase("GITLAB_USER_LOGIN")]
    [TestCase("BUILD_REQUESTEDFOR")]
    [TestCase("CODEBUILD_INITIATOR")]
    [TestCase("CIRCLE_USERNAME")]
    public async Task The_person_that_a_ci_system_names_is_the_actor(string variable)
    {
        var access = await new ScriptedTarget("{}").ConnectAsync(CancellationToken.None);

        Actor.Of(name => name == variable ? "jane" : null, access).Should().Be("jane");
        Actor.Of(_ => "", access).Should().Be(access.CallerArn);
    }

    /// <param name="service">JSON of DescribeServices; null = it is going to be created.</param>
    internal static ReleasePlan Plan(string? service)
    {
        var project = new ProjectInfo { ProjectFile = Path.GetFullPath("Orders.csproj"), AssemblyName = "Orders" };
        return new ReleasePlan
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            Commit = new Commit { Sha = Sha, Branch = "main" },
            Tag = Sha,
            Cluster = "production",
            Service = "orders",
            Access = Access("{}"),
            Repository = new EcrRepository { Name = "orders", Uri = "host/orders" },
            Platform = "linux/amd64",
            ImageInputs = new ImageInputs("layers", project, "linux/amd64", null),
            Definition = new DefinitionInputs { Options = new(), Service = "orders", ProjectDirectory = project.Directory, Region = "eu-west-1", Architecture = "X86_64" },
            LiveService = service is null ? null : new LiveService((JsonObject)JsonNode.Parse(service)!),
        };
    }

    private static AwsAccess Access(string script) => ScriptedAccess.Over(new ScriptedService((JsonObject)JsonNode.Parse(script)!));

    private async Task SendAsync(AwsServiceException fault)
    {
        var send = () => log.SendAsync(() => Task.FromException<StartedRollout>(fault));
        await send.Should().ThrowAsync<AwsServiceException>();
    }
}
