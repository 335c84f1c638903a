using EcsRelease.Aws;

namespace EcsRelease.Tests.Aws;

[Parallelizable(ParallelScope.All)]
public sealed class AwsEndpointsTests
{
    // Hosts of botocore's endpoint rule sets.
    [TestCase("ecs", "eu-central-1", "", "https://ecs.eu-central-1.amazonaws.com/")]
    [TestCase("ecr", "us-east-1", "", "https://api.ecr.us-east-1.amazonaws.com/")]
    [TestCase("logs", "cn-north-1", "", "https://logs.cn-north-1.amazonaws.com.cn/")]
    [TestCase("ecs", "us-east-1", "fips", "https://ecs-fips.us-east-1.amazonaws.com/")]
    [TestCase("ecr", "us-east-1", "fips", "https://api.ecr-fips.us-east-1.amazonaws.com/")]
    [TestCase("ecr", "eu-west-1", "dualstack", "https://ecr.eu-west-1.api.aws/")]
    [TestCase("ecr", "us-gov-west-1", "fips dualstack", "https://ecr-fips.us-gov-west-1.api.aws/")]
    [TestCase("ecs", "cn-north-1", "dualstack", "https://ecs.cn-north-1.api.amazonwebservices.com.cn/")]
    [TestCase("logs", "us-gov-east-1", "fips", "https://logs.us-gov-east-1.amazonaws.com/")]
    [TestCase("events", "eu-west-1", "fips", "https://events-fips.eu-west-1.amazonaws.com/")]
    [TestCase("events", "us-gov-west-1", "fips", "https://events.us-gov-west-1.amazonaws.com/")]
    [TestCase("events", "us-gov-west-1", "fips dualstack", "https://events-fips.us-gov-west-1.api.aws/")]
    [TestCase("scheduler", "us-gov-west-1", "fips", "https://scheduler-fips.us-gov-west-1.amazonaws.com/")]
    [TestCase("scheduler", "cn-north-1", "", "https://scheduler.cn-north-1.amazonaws.com.cn/")]
    [TestCase("ecs", "eusc-de-east-1", "", "https://ecs.eusc-de-east-1.amazonaws.eu/")]
    [TestCase("ecs", "us-iso-east-1", "", "https://ecs.us-iso-east-1.c2s.ic.gov/")]
    public void A_region_has_the_endpoints_of_its_partition(string service, string region, string variant, string expected)
    {
        var environment = new Dictionary<string, string>();
        if (variant.Contains("fips"))
            environment["AWS_USE_FIPS_ENDPOINT"] = "true";
        if (variant.Contains("dualstack"))
            environment["AWS_USE_DUALSTACK_ENDPOINT"] = "true";

        Of(environment, region).For(Service(service)).Should().Be(new Uri(expected));
    }

    [Test]
    public void The_variable_of_a_service_wins_over_the_one_for_all()
    {
        var endpoints = Of(new()
        {
            ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:4566",
            ["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"] = "http://127.0.0.1:4567",
            ["AWS_ENDPOINT_URL_EVENTBRIDGE"] = "http://127.0.0.1:4568",
            ["AWS_ENDPOINT_URL_SCHEDULER"] = "http://127.0.0.1:4569",
        });

        endpoints.For(AwsService.Ecs).Should().Be(new Uri("http://127.0.0.1:4566"));
        endpoints.For(AwsService.CloudWatchLogs).Should().Be(new Uri("http://127.0.0.1:4567"));
        endpoints.For(AwsService.EventBridge).Should().Be(new Uri("http://127.0.0.1:4568"));
        endpoints.For(AwsService.Scheduler).Should().Be(new Uri("http://127.0.0.1:4569"));
    }

    [Test]
    public void Endpoints_can_be_ignored() =>
        Of(new() { ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:4566", ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true" })
            .For(AwsService.Ecs).Host.Should().Be("ecs.eu-central-1.amazonaws.com");

    [TestCase("AWS_USE_FIPS_ENDPOINT", "true", "http://127.0.0.1:1", "AWS_USE_FIPS_ENDPOINT")]
    [TestCase("X", "", "localhost:4566", "not an http(s) URL")]
    public void An_endpoint_that_cannot_be_used_is_named_with_its_source(string variable, string value, string url, string why)
    {
        var endpoints = Of(new() { [variable] = value, ["AWS_ENDPOINT_URL_ECS"] = url });

        var error = endpoints.Invoking(of => of.For(AwsService.Ecs)).Should().Throw<EcsReleaseException>().Which;

        error.Code.Should().Be("ECSR4015");
        error.Message.Should().Contain("AWS_ENDPOINT_URL_ECS").And.Contain(url).And.Contain(why);
    }

    [TestCase("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/orders", "eu-west-1")]
    [TestCase("https://123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/orders", "cn-north-1")]
    [TestCase("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/team/orders", "us-gov-west-1")]
    [TestCase("123456789012.dkr-ecr.us-east-1.on.aws/team/orders", "us-east-1")]
    public void A_repository_address_says_account_region_and_name(string text, string region)
    {
        var address = EcrAddress.Parse(text)!;

        address.Account.Should().Be("123456789012");
        address.Region.Should().Be(region);
        address.Repository.Should().Be("team/orders");
    }

    [TestCase("orders")]
    [TestCase("team/orders")]
    [TestCase("public.ecr.aws/team/orders")]
    [TestCase("ghcr.io/team/orders")]
    [TestCase(null)]
    public void Anything_else_is_no_repository_address(string? text) => EcrAddress.Parse(text).Should().BeNull();

    private static AwsEndpoints Of(Dictionary<string, string> environment, string region = "eu-central-1") =>
        new(region, name => environment.GetValueOrDefault(name), profile: null);

    private static AwsService Service(string prefix) => prefix switch
    {
        "ecs" => AwsService.Ecs,
        "ecr" => AwsService.Ecr,
        "events" => AwsService.EventBridge,
        "scheduler" => AwsService.Scheduler,
        _ => AwsService.CloudWatchLogs,
    };
}
