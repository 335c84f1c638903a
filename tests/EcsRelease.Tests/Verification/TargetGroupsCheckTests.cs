using EcsRelease.Verification;

namespace EcsRelease.Tests.Verification;

public sealed class TargetGroupsCheckTests
{
    private const string Arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/1";
    private const string Definition = """{"networkMode":"awsvpc","containerDefinitions":[{"name":"app","portMappings":[{"containerPort":8080,"protocol":"tcp"}]}]}""";

    [TestCase("HTTP")]
    [TestCase("TCP")]
    [TestCase("TLS")]
    [TestCase("TCP_UDP")]
    public async Task A_target_group_that_takes_the_tasks(string protocol) =>
        (await OneAsync(Group(protocol: protocol))).ShouldBeOk("'web' takes targets of type ip and checks HTTP /health on the container's port");

    [Test]
    public async Task One_of_another_target_type() =>
        (await OneAsync(Group(type: "instance"))).ShouldHaveFailed("targets of type 'instance', tasks with network mode 'awsvpc' are of type 'ip'", "aws elbv2 create-target-group --name web-ip --target-type ip");

    [Test]
    public async Task Container_instances_need_the_other_type() =>
        (await OneAsync(Group(type: "ip"), Definition.Replace("awsvpc", "bridge", StringComparison.Ordinal))).ShouldHaveFailed("network mode 'bridge' are of type 'instance'", "--target-type instance");

    [Test]
    public async Task One_of_another_protocol() =>
        (await OneAsync(Group(protocol: "UDP"))).ShouldHaveFailed("speaks UDP, port 8080 of container 'app' is tcp", "protocol udp");

    [Test]
    public async Task One_behind_no_load_balancer() =>
        (await OneAsync(Group(balancers: "[]"))).ShouldHaveFailed("behind no load balancer", $"aws elbv2 create-listener --load-balancer-arn ARN --protocol HTTP --port 80 --default-actions Type=forward,TargetGroupArn={Arn}");

    [Test]
    public async Task A_health_check_on_a_declared_port() =>
        (await OneAsync(Group(healthPort: "8080"))).ShouldBeOk("on port 8080");

    [Test]
    public async Task A_health_check_on_a_port_that_nobody_declares() =>
        (await OneAsync(Group(healthPort: "9000"))).ShouldNotBeChecked("checks port 9000, which no container declares");

    [Test]
    public async Task One_that_does_not_exist() =>
        (await OneAsync("""{"error":{"code":"TargetGroupNotFound","message":"One or more target groups not found"}}""")).ShouldHaveFailed($"'{Arn}' does not exist", "aws elbv2 describe-target-groups");

    [TestCase(CheckBed.Denied, "AccessDeniedException")]
    [TestCase(CheckBed.NotOffered, "does not offer it")]
    public async Task A_read_that_is_refused(string answer, string part) => (await OneAsync(answer)).ShouldNotBeChecked(part);

    [Test]
    public async Task The_alternate_group_of_a_blue_green_service_is_looked_at_too()
    {
        var live = $$$"""{"loadBalancers":[{"targetGroupArn":"{{{Arn}}}","containerName":"app","containerPort":8080,"advancedConfiguration":{"alternateTargetGroupArn":"{{{Arn}}}0"}}]}""";

        (await CheckBed.RunAsync(new TargetGroupsCheck(), CheckBed.Release(Definition, live, $$"""{"DescribeTargetGroups":[{{Group()}}]}"""))).Should().HaveCount(2);
    }

    [Test]
    public async Task The_group_of_a_service_that_is_created() =>
        (await CheckBed.OneAsync(new TargetGroupsCheck(), CheckBed.Release(Definition, null, $$"""{"DescribeTargetGroups":[{{Group()}}]}""", new() { TargetGroup = Arn }))).ShouldBeOk("takes targets");

    [Test]
    public async Task One_of_another_region() =>
        (await CheckBed.OneAsync(new TargetGroupsCheck(), CheckBed.Release(Definition, options: new() { TargetGroup = Arn.Replace("eu-west-1", "us-east-1", StringComparison.Ordinal) }))).ShouldHaveFailed("region us-east-1", "--region eu-west-1");

    [Test]
    public async Task A_service_without_any() => (await CheckBed.OneAsync(new TargetGroupsCheck(), CheckBed.Release(Definition, "{}"))).ShouldBeOk("none");

    private static Task<Finding> OneAsync(string answer, string definition = Definition) => CheckBed.OneAsync(new TargetGroupsCheck(), CheckBed.Release(
        definition, $$"""{"loadBalancers":[{"targetGroupArn":"{{Arn}}","containerName":"app","containerPort":8080}]}""", $$"""{"DescribeTargetGroups":[{{answer}}]}"""));

    // The query protocol has texts only.
    private static string Group(string type = "ip", string protocol = "HTTP", string balancers = """["arn:lb"]""", string healthPort = "traffic-port") => $$"""
        {"TargetGroups":[{"TargetGroupArn":"{{Arn}}","TargetGroupName":"web","TargetType":"{{type}}","Protocol":"{{protocol}}","Port":"80","VpcId":"vpc-1","LoadBalancerArns":{{balancers}},
          "HealthCheckPort":"{{healthPort}}","HealthCheckProtocol":"HTTP","HealthCheckPath":"/health"}]}
        """;
}
