namespace EcsRelease.Tests.Verbs;

/// <summary>Repositories and services of other accounts, regions and owners, by whole plans.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class AccountPlanTests
{
    private const string Other = "444455556666";
    private const string OtherRepository = $"{Other}.dkr.ecr.us-west-2.amazonaws.com/orders";

    // `live` needs no role or network of its own.
    private static readonly ReleaseOptions Options = new() { Cluster = "production", TaskDefinition = "live" };

    private AccountBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await AccountBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task The_own_repository_is_reached_with_the_role_of_the_release_and_without_registry()
    {
        var plan = await bed.PlanAsync(Options with { RoleArn = $"arn:aws:iam::{AccountBed.Account}:role/deploy" });

        plan.Warnings.Should().BeEmpty();
        Ecr().Should().OnlyContain(call => call.Key == "ASIAECS" && call.Region == AccountBed.Region && call.Body!["registryId"] == null);
    }

    [Test]
    public async Task A_repository_of_another_account_and_region_is_reached_there_by_the_base_credentials_with_its_registry_on_every_call()
    {
        bed["DescribeRepositories"] = AccountBed.Repository(Other, "us-west-2", "IMMUTABLE");

        var plan = await bed.PlanAsync(Options with { RoleArn = $"arn:aws:iam::{AccountBed.Account}:role/deploy", Repository = OtherRepository, Account = AccountBed.Account });

        Ecr().Select(call => call.Operation).Should().Equal("DescribeRepositories", "BatchGetImage");
        Ecr().Should().OnlyContain(call => call.Key == "AKIDBASE" && call.Region == "us-west-2" && (string?)call.Body!["registryId"] == Other);
        bed.Calls.Where(call => call.Operation == "DescribeServices").Should().OnlyContain(call => call.Key == "ASIAECS" && call.Region == AccountBed.Region);
        plan.Actions[0].Should().StartWith($"build {OtherRepository}:");
    }

    [Test]
    public async Task The_role_for_the_repository_is_assumed_from_the_base_credentials()
    {
        bed["DescribeRepositories"] = AccountBed.Repository(Other, "us-west-2", "IMMUTABLE");

        await bed.PlanAsync(Options with { RoleArn = $"arn:aws:iam::{AccountBed.Account}:role/deploy", EcrRoleArn = $"arn:aws:iam::{Other}:role/ecr-push", Repository = OtherRepository });

        Ecr().Should().OnlyContain(call => call.Key == "ASIAECR" && (string?)call.Body!["registryId"] == Other);
        bed.Calls.Where(call => call.Operation == "AssumeRole").Should().OnlyContain(call => call.Key == "AKIDBASE");
    }

    [Test]
    public async Task A_pull_from_another_account_is_hinted_at_until_the_live_revision_shows_that_it_works()
    {
        bed["DescribeRepositories"] = AccountBed.Repository(Other, "us-west-2", "IMMUTABLE");
        var options = Options with { Repository = OtherRepository };

        var first = await bed.PlanAsync(options);
        bed["DescribeTaskDefinition"] = AccountBed.Revision($"{OtherRepository}:9b8c7d6e5f40312233445566778899aabbccddee");
        var next = await bed.PlanAsync(options);

        first.Warnings.Should().ContainSingle(warning => warning.Code == "ECSR5176").Which.Message
            .Should().Contain($"arn:aws:iam::{AccountBed.Account}:root").And.EndWith($"aws ecr get-repository-policy --registry-id {Other} --repository-name orders --region us-west-2");
        next.Warnings.Should().NotContain(warning => warning.Code == "ECSR5176");
    }

    [Test]
    public async Task A_repository_that_is_missing_in_another_account_is_refused_with_the_command_for_its_owner()
    {
        bed["DescribeRepositories"] = "RepositoryNotFoundException";

        var error = await bed.RefusedAsync(Options with { Repository = OtherRepository, CreateRepository = true });

        error.Code.Should().Be("ECSR4007");
        error.Message.Should().Contain($"in {Other}/us-west-2").And.Contain("with credentials of its own run: aws ecr create-repository --repository-name orders").And.EndWith("--region us-west-2");
    }

    [Test]
    public async Task A_mutable_repository_is_a_warning_with_the_command_that_ends_it()
    {
        bed["DescribeRepositories"] = AccountBed.Repository(Other, "us-west-2", "MUTABLE");

        var plan = await bed.PlanAsync(Options with { Repository = OtherRepository, MovingTags = ["latest"] });

        plan.Warnings.Should().ContainSingle(warning => warning.Code == "ECSR3015").Which.Message.Should().EndWith(
            $"aws ecr put-image-tag-mutability --repository-name orders --registry-id {Other} --region us-west-2 --image-tag-mutability IMMUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters 'filterType=WILDCARD,filter=latest'");
    }

    [Test]
    public async Task A_moving_tag_that_the_repository_makes_immutable_is_refused_before_the_build_with_the_command()
    {
        var error = await bed.RefusedAsync(Options with { MovingTags = ["latest"] });

        error.Code.Should().Be("ECSR3011");
        error.Message.Should().Contain("--image-tag-mutability-exclusion-filters 'filterType=WILDCARD,filter=latest'");
        bed.Calls.Should().NotContain(call => call.Operation == "BatchGetImage");
    }

    [Test]
    public async Task Another_account_than_EcsAccount_is_refused_before_anything_else_is_read()
    {
        var error = await bed.RefusedAsync(Options with { Account = Other });

        error.Code.Should().Be("ECSR4004");
        bed.Calls.Select(call => call.Operation).Should().Equal("GetCallerIdentity");
    }

    [Test]
    public async Task An_owned_service_is_warned_of_refused_or_ignored_as_told_and_its_options_are_left_to_its_owner()
    {
        bed["DescribeServices"] = AccountBed.Service(""","tags":[{"key":"aws:cloudformation:stack-name","value":"shop"}]""");
        var options = Options with { Subnets = ["subnet-new"] };

        var warned = await bed.PlanAsync(options);
        var refused = await bed.RefusedAsync(options with { Owned = OwnedPolicy.Refuse });
        var ignored = await bed.PlanAsync(Options with { Owned = OwnedPolicy.Ignore });

        warned.Owner.Should().Be("CloudFormation stack 'shop'");
        warned.Warnings.Should().Contain(warning => warning.Code == "ECSR5107").Which.Message.Should().EndWith(
            "Hand the image on to it (EcsStopAfter=push): aws cloudformation deploy --stack-name shop --template-file TEMPLATE --parameter-overrides Image=IMAGE.");
        warned.Warnings.Should().Contain(warning => warning.Code == "ECSR5170").Which.Message.Should().EndWith("Change them in CloudFormation stack 'shop'.");
        (refused.Code, refused.Outcome).Should().Be(("ECSR5106", ReleaseOutcome.Refused));
        ignored.Warnings.Should().BeEmpty();
    }

    [TestCase(StopAfterStep.None, "ECSR5171")]
    [TestCase(StopAfterStep.Register, null)]
    [TestCase(StopAfterStep.Push, null)]
    public async Task An_Express_Mode_service_is_never_updated_by_UpdateService(StopAfterStep step, string? code)
    {
        bed["DescribeServices"] = AccountBed.Service(""","resourceManagementType":"ECS" """);
        var options = Options with { StopAfter = step };

        var error = code is null ? null : await bed.RefusedAsync(options);

        error?.Message.Should().Contain($"aws ecs update-express-gateway-service --service-arn arn:aws:ecs:{AccountBed.Region}:{AccountBed.Account}:service/production/orders --primary-container image=IMAGE");
        error?.Code.Should().Be(code);
        if (code is null)
            (await bed.PlanAsync(options with { TaskDefinition = step == StopAfterStep.Push ? "auto" : "live" })).Calls.Should().NotContain(call => call.Operation == "ecs:UpdateService");
    }

    [TestCase("CODE_DEPLOY")]
    [TestCase("EXTERNAL")]
    public async Task Another_controller_is_refused_and_its_revision_can_be_handed_on(string controller)
    {
        bed["DescribeServices"] = $$"""
            {"services":[{"serviceName":"orders","status":"ACTIVE","desiredCount":2,"runningCount":2,"deploymentController":{"type":"{{controller}}"},"deployments":[],
              "taskSets":[{"id":"ecs-svc/1","status":"PRIMARY","taskDefinition":"arn:aws:ecs:eu-central-1:111122223333:task-definition/orders:6","stabilityStatus":"STEADY_STATE"}]}]}
            """;

        (await bed.RefusedAsync(Options)).Code.Should().Be("ECSR5102");
        (await bed.PlanAsync(Options with { StopAfter = StopAfterStep.Register })).Actions.Should().Contain("register a revision of orders from live");
    }

    [Test]
    public async Task The_live_service_is_warned_of_before_anything_is_built()
    {
        bed["DescribeServices"] = AccountBed.Service("", "IN_PROGRESS").Replace("\"desiredCount\":2", "\"desiredCount\":0").Replace("\"enable\":true", "\"enable\":false");
        bed["DescribeTaskDefinition"] = AccountBed.Revision("host/orders:9b8c7d6e5f40312233445566778899aabbccddee");
        bed["DescribeLogGroups"] = """{"logGroups":[{"logGroupName":"/ecs/orders-of-others"}]}""";

        var plan = await bed.PlanAsync(Options with { MaximumPercent = 150 });

        plan.Warnings.Select(warning => warning.Code).Should().Equal("ECSR5174", "ECSR5108", "ECSR5175", "ECSR5170", "ECSR2009", "ECSR5172");
        // Each command is for the region of the service, whatever the shell's is.
        plan.Warnings.Where(warning => warning.Message.Contains("aws ")).Should().OnlyContain(warning => warning.Message.Contains($"--region {AccountBed.Region}"));
        plan.Commits!.Unknown.Should().Be("this clone lacks the live commit");
        plan.Actions.Should().ContainInConsecutiveOrder(
            "update service orders in cluster production, live is orders:6 (9b8c7d6e5f40)", "  after the deployment in progress has ended", "  ROLLING, 100 to 200 % of the tasks, no circuit breaker");
    }

    [Test]
    public async Task A_commit_that_lacks_the_live_one_is_said_to_take_it_back()
    {
        var first = bed.Project.Git("rev-parse", "HEAD");
        var live = bed.Project.Commit("live");
        bed["DescribeTaskDefinition"] = AccountBed.Revision($"host/orders:{live}");
        bed.Project.Git("checkout", "--quiet", first);

        var plan = await bed.PlanAsync(Options with { AllowOlder = true });

        plan.Warnings.Should().Contain(warning => warning.Code == "ECSR5173").Which.Message.Should().Contain("lacks 1 commit(s)");
    }

    private IEnumerable<(string Operation, string Key, string Region, System.Text.Json.Nodes.JsonNode? Body)> Ecr() =>
        bed.Calls.Where(call => call.Operation is "DescribeRepositories" or "BatchGetImage");
}
