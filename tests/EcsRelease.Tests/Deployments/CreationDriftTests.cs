using System.Text.Json.Nodes;
using EcsRelease.Deployments;

namespace EcsRelease.Tests.Deployments;

public sealed class CreationDriftTests
{
    private const string Live = """
        {"serviceName":"orders","desiredCount":3,"launchType":"FARGATE","healthCheckGracePeriodSeconds":30,
         "deploymentConfiguration":{"minimumHealthyPercent":100,"maximumPercent":200,"deploymentCircuitBreaker":{"enable":true,"rollback":true}},
         "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-b","subnet-a"],"securityGroups":["sg-1"],"assignPublicIp":"DISABLED"}},
         "loadBalancers":[{"targetGroupArn":"arn:tg/old","containerName":"web","containerPort":8080}]}
        """;

    [Test]
    public void What_is_declared_as_it_is_live_or_not_at_all_differs_in_nothing()
    {
        Of(new()).Differences.Should().BeEmpty();
        Of(new()
        {
            DesiredCount = 1, LaunchType = "FARGATE", HealthCheckGracePeriod = TimeSpan.FromSeconds(30), MinimumHealthyPercent = 100, MaximumPercent = 200,
            CircuitBreaker = CircuitBreakerPolicy.Rollback, Subnets = ["subnet-a", "subnet-b"], SecurityGroups = ["sg-1"], TargetGroup = "arn:tg/old",
        }).Differences.Should().BeEmpty("the desired count is never compared, and lists have no order");
    }

    [Test]
    public void Everything_that_differs_is_changed_by_one_command()
    {
        var drift = Of(new()
        {
            HealthCheckGracePeriod = TimeSpan.FromMinutes(2), MinimumHealthyPercent = 50, MaximumPercent = 150, CircuitBreaker = CircuitBreakerPolicy.On,
            Subnets = ["subnet-c"], AssignPublicIp = true, TargetGroup = "arn:tg/new", CapacityProviders = ["FARGATE_SPOT=3", "FARGATE"],
        });

        drift.Differences.Should().Equal(
            "EcsMinimumHealthyPercent 50 (live: 100)", "EcsMaximumPercent 150 (live: 200)", "EcsCircuitBreaker on (live: rollback)",
            "EcsHealthCheckGracePeriod 120 s (live: 30 s)", "EcsCapacityProviders FARGATE=0, FARGATE_SPOT=3 (live: none)",
            "EcsSubnets subnet-c (live: subnet-a, subnet-b)", "EcsAssignPublicIp ENABLED (live: DISABLED)", "EcsTargetGroup arn:tg/new (live: arn:tg/old)");
        drift.Command.Should().Be("aws ecs update-service --cluster production --service orders --region eu-west-1"
            + " --deployment-configuration 'minimumHealthyPercent=50,maximumPercent=150,deploymentCircuitBreaker={enable=true,rollback=false}'"
            + " --health-check-grace-period-seconds 120"
            + " --capacity-provider-strategy capacityProvider=FARGATE_SPOT,weight=3 capacityProvider=FARGATE,weight=0 --force-new-deployment"
            + " --network-configuration 'awsvpcConfiguration={subnets=[subnet-c],securityGroups=[sg-1],assignPublicIp=ENABLED}'"
            + " --load-balancers targetGroupArn=arn:tg/new,containerName=web,containerPort=8080");
    }

    [Test]
    public void A_launch_type_cannot_be_changed()
    {
        var drift = Of(new() { LaunchType = "EC2" });

        drift.Differences.Should().Equal("EcsLaunchType EC2 (live: FARGATE)");
        drift.Command.Should().BeNull();
    }

    private static CreationDrift Of(ReleaseOptions options) =>
        new(options, new LiveService((JsonObject)JsonNode.Parse(Live)!), "production", "orders", "eu-west-1");
}
