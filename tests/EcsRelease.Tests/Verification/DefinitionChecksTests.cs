using EcsRelease.Verification;

namespace EcsRelease.Tests.Verification;

/// <summary>What the task definition and the service say by themselves.</summary>
public sealed class DefinitionChecksTests
{
    private const string OnFargate = """{"launchType":"FARGATE"}""";
    private const string OnInstances = """{"launchType":"EC2"}""";

    [TestCase("256", "512")]
    [TestCase("256", "2048")]
    [TestCase("1024", "8192")]
    [TestCase("4096", "30720")]
    [TestCase("8192", "20480")]
    [TestCase("16384", "122880")]
    [TestCase(".25 vCPU", "0.5 GB")]
    [TestCase("1 vCPU", "2GB")]
    public async Task Fargate_has_these_sizes(string cpu, string memory) =>
        (await SizeAsync(cpu, memory)).State.Should().Be(CheckState.Ok);

    [TestCase("256", "4096", "256 CPU and '4096' MiB", "512, 1024, 2048")]
    [TestCase("8192", "17408", "8192 CPU and '17408' MiB", "16384, 20480 … 61440")]
    [TestCase("300", "512", "'300' CPU", "256, 512, 1024")]
    [TestCase("32768", "65536", "'32768' CPU", "256")]
    [TestCase("a lot", "512", "'a lot' CPU", "256")]
    [TestCase("256", "", "'' MiB", "512, 1024, 2048")]
    public async Task Other_sizes_fail_and_the_ones_that_fit_are_named(string cpu, string memory, string part, string next) =>
        (await SizeAsync(cpu, memory)).ShouldHaveFailed(part, next);

    [Test]
    public async Task Container_instances_take_any_size() =>
        (await OneAsync(new FargateSizeCheck(), """{"cpu":"300","memory":"300","containerDefinitions":[]}""", OnInstances)).ShouldBeOk("do not run on Fargate");

    [Test]
    public void There_are_as_many_sizes_as_were_measured() =>
        FargateSizes.Cpus.Sum(cpu => FargateSizes.MemoryOf(cpu).Count).Should().Be(74);

    [TestCase("""{"networkMode":"awsvpc","containerDefinitions":[]}""", """{"launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"]}}}""", "awsvpc")]
    [TestCase("""{"containerDefinitions":[]}""", OnInstances, "bridge")]
    public async Task A_network_mode_that_fits_the_service(string definition, string live, string mode) =>
        (await OneAsync(new NetworkModeCheck(), definition, live)).ShouldBeOk(mode);

    [TestCase("""{"containerDefinitions":[]}""", OnFargate, "'bridge', but Fargate", "awsvpc")]
    [TestCase("""{"networkMode":"awsvpc","containerDefinitions":[]}""", OnInstances, "no subnets", "aws ecs update-service --cluster default --service orders --region eu-west-1 --network-configuration")]
    [TestCase("""{"networkMode":"bridge","containerDefinitions":[]}""", """{"launchType":"EC2","networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"]}}}""", "the service has subnets", "awsvpc")]
    public async Task A_network_mode_that_does_not(string definition, string live, string part, string next) =>
        (await OneAsync(new NetworkModeCheck(), definition, live)).ShouldHaveFailed(part, next);

    [Test]
    public async Task Containers_that_fit_into_the_task() =>
        (await OneAsync(new ContainerMemoryCheck(), """{"memory":"1024","containerDefinitions":[{"name":"app","memory":1024,"memoryReservation":512},{"name":"proxy","memory":512}]}""")).ShouldBeOk("reserve 1024 MiB of the task's 1024");

    [Test]
    public async Task Containers_that_do_not()
    {
        (await OneAsync(new ContainerMemoryCheck(), """{"memory":"1024","containerDefinitions":[{"name":"app","memory":768},{"name":"proxy","memoryReservation":512}]}""")).ShouldHaveFailed("reserve 1280 MiB of a task of 1024", "EcsMemory to 1280");
        (await CheckBed.RunAsync(new ContainerMemoryCheck(), CheckBed.Release("""{"memory":"1024","containerDefinitions":[{"name":"app","memory":2048,"memoryReservation":128}]}""")))[0].ShouldHaveFailed("'app' may use 2048 MiB of a task of 1024", "EcsMemory to 2048");
        (await OneAsync(new ContainerMemoryCheck(), """{"containerDefinitions":[{"name":"app"}]}""", OnInstances)).ShouldHaveFailed("container 'app' has none", "memoryReservation");
    }

    [Test]
    public async Task A_variable_has_one_source()
    {
        (await OneAsync(new SecretNamesCheck(), """{"containerDefinitions":[{"name":"app","secrets":[{"name":"A"}],"environment":[{"name":"B"}]},{"name":"b","secrets":[{"name":"A"}]}]}""")).ShouldBeOk("one source");
        (await OneAsync(new SecretNamesCheck(), """{"containerDefinitions":[{"name":"app","secrets":[{"name":"A"},{"name":"A"}]}]}""")).ShouldHaveFailed("'A' of container 'app'", "Remove one");
        (await OneAsync(new SecretNamesCheck(), """{"containerDefinitions":[{"name":"app","secrets":[{"name":"A"}],"environment":[{"name":"A"}]}]}""")).ShouldHaveFailed("'A' of container 'app'", "Remove one");
    }

    [TestCase("LATEST")]
    [TestCase("1.4.0")]
    public async Task A_platform_version_that_has_everything(string version) =>
        (await OneAsync(new PlatformVersionCheck(), """{"runtimePlatform":{"cpuArchitecture":"ARM64"},"containerDefinitions":[]}""", $$"""{"launchType":"FARGATE","platformVersion":"{{version}}"}""")).ShouldBeOk(version);

    [TestCase("""{"runtimePlatform":{"cpuArchitecture":"ARM64"},"containerDefinitions":[]}""", "ARM64")]
    [TestCase("""{"ephemeralStorage":{"sizeInGiB":50},"volumes":[{"name":"v","efsVolumeConfiguration":{}}],"containerDefinitions":[]}""", "ephemeralStorage, EFS volumes")]
    [TestCase("""{"containerDefinitions":[{"name":"app","secrets":[{"name":"A","valueFrom":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:db:key::"}]}]}""", "keys or versions of secrets")]
    public async Task An_old_one_lacks_what_the_definition_uses(string definition, string used) =>
        (await OneAsync(new PlatformVersionCheck(), definition, """{"launchType":"FARGATE","platformVersion":"1.3.0"}""")).ShouldHaveFailed($"1.3.0 lacks what the definition uses: {used}", "--platform-version LATEST");

    [Test]
    public async Task An_old_one_is_enough_for_a_plain_definition() =>
        (await OneAsync(new PlatformVersionCheck(), """{"containerDefinitions":[{"name":"app"}]}""", """{"launchType":"FARGATE","platformVersion":"1.3.0"}""")).ShouldBeOk("1.3.0");

    [Test]
    public async Task A_load_balancer_finds_its_container_and_port() =>
        (await OneAsync(new ServiceContainersCheck(), """{"containerDefinitions":[{"name":"app","portMappings":[{"containerPort":8080}]}]}""", Balanced("app", 8080))).ShouldBeOk("container 'app' has port 8080");

    [TestCase("web", 8080, "container 'web' of arn:tg is not in the definition, which has 'app'", "EcsContainer=web")]
    [TestCase("app", 9000, "no port 9000", "<EcsPort Include=\"9000\" />")]
    public async Task A_load_balancer_that_does_not(string container, int port, string part, string next) =>
        (await OneAsync(new ServiceContainersCheck(), """{"containerDefinitions":[{"name":"app","portMappings":[{"containerPort":8080}]}]}""", Balanced(container, port))).ShouldHaveFailed(part, next);

    [Test]
    public async Task Ports_that_come_from_an_image_that_is_not_built_yet_are_not_known()
    {
        var release = CheckBed.Release("""{"containerDefinitions":[{"name":"app"}]}""", Balanced("app", 8080));

        (await CheckBed.OneAsync(new ServiceContainersCheck(), release with { Desired = release.Desired! with { From = "properties" } })).ShouldNotBeChecked("not built yet");
    }

    [TestCase("""{"containerDefinitions":[{"name":"app"}]}""", OnFargate, "images of ECR")]
    [TestCase("""{"containerDefinitions":[{"name":"app","logConfiguration":{"logDriver":"awslogs"}}]}""", OnFargate, "awslogs")]
    [TestCase("""{"containerDefinitions":[{"name":"app","secrets":[{"name":"A","valueFrom":"a"}]}]}""", OnInstances, "secrets")]
    public async Task An_execution_role_that_is_needed_and_missing(string definition, string live, string reason) =>
        (await OneAsync(new ExecutionRoleCheck(), definition, live)).ShouldHaveFailed(reason, "EcsExecutionRole");

    [Test]
    public async Task An_execution_role_that_is_there_or_not_needed()
    {
        (await OneAsync(new ExecutionRoleCheck(), """{"executionRoleArn":"exec","containerDefinitions":[{"name":"app"}]}""", OnFargate)).ShouldBeOk("'exec', for images of ECR");
        (await OneAsync(new ExecutionRoleCheck(), """{"containerDefinitions":[{"name":"app"}]}""", OnInstances)).ShouldBeOk("none is needed");
    }

    [Test]
    public async Task Without_a_definition_each_check_of_it_says_why_it_could_not_be_made()
    {
        var release = CheckBed.Release("""{"containerDefinitions":[]}""") with { Desired = null, DefinitionFault = "ECSR5104 no such file" };

        foreach (var check in Checks.All(TimeProvider.System).OfType<DefinitionCheck>())
            (await CheckBed.OneAsync(check, release)).ShouldNotBeChecked("ECSR5104 no such file");
    }

    [Test]
    public async Task Of_a_push_alone_the_definition_is_no_part()
    {
        var release = CheckBed.Release("""{"containerDefinitions":[]}""", options: new() { StopAfter = StopAfterStep.Push });

        (await CheckBed.OneAsync(new NetworkModeCheck(), release)).ShouldBeOk("EcsStopAfter is push");
    }

    private static Task<Finding> SizeAsync(string cpu, string memory) =>
        OneAsync(new FargateSizeCheck(), $$"""{"requiresCompatibilities":["FARGATE"],"cpu":"{{cpu}}","memory":"{{memory}}","containerDefinitions":[]}""");

    private static string Balanced(string container, int port) => $$"""{"launchType":"FARGATE","loadBalancers":[{"targetGroupArn":"arn:tg","containerName":"{{container}}","containerPort":{{port}}}]}""";

    private static Task<Finding> OneAsync(ICheck check, string definition, string? live = null) => CheckBed.OneAsync(check, CheckBed.Release(definition, live));
}
