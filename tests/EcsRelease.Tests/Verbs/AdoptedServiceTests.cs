using System.Text.Json.Nodes;
using System.Xml.Linq;
using EcsRelease.Aws.Targets;
using EcsRelease.Options;
using EcsRelease.TaskDefinitions;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>A service that another tool made: adopting it is one command, and its first plan changes the image alone.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class AdoptedServiceTests
{
    private const string Definition = """
        {"family":"shop","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"512","memory":"1 GB","executionRoleArn":"arn:aws:iam::000000000000:role/shop-exec",
         "taskRoleArn":"arn:aws:iam::000000000000:role/shop","pidMode":"task","ephemeralStorage":{"sizeInGiB":30},
         "volumes":[{"name":"data","efsVolumeConfiguration":{"fileSystemId":"fs-1"}},{"name":"scratch"}],
         "containerDefinitions":[
           {"name":"web","portMappings":[{"containerPort":8080,"name":"http"}],"command":[],"healthCheck":{"command":["CMD-SHELL","curl -f http://localhost:${PORT}/ || exit 1"]},
            "environment":[{"name":"LOG_LEVEL","value":"info"},{"name":"EMPTY","value":""}],"secrets":[{"name":"DB","valueFrom":"arn:aws:secretsmanager:us-east-1:000000000000:secret:db"}],
            "mountPoints":[{"sourceVolume":"data","containerPath":"/data"}],"dependsOn":[{"containerName":"proxy","condition":"START"}]},
           {"name":"proxy","image":"envoy:1","essential":false,"dockerLabels":{"team":"","cost":"7"},"ulimits":[{"name":"nofile","softLimit":1024,"hardLimit":4096}]}],
         "tags":[{"key":"team","value":"shop"}]}
        """;

    private EngineBed bed = null!;
    private AwsAccess access = null!;

    [SetUp]
    public async Task SetUp()
    {
        bed = await EngineBed.StartAsync();
        access = await bed.Target().ConnectAsync(CancellationToken.None);
        bed.Repository.Write("Orders.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\">\n  <PropertyGroup>\n    <TargetFramework>net10.0</TargetFramework>\n  </PropertyGroup>\n</Project>\n");
        var repository = await access.Ecr.CreateRepositoryAsync(new() { ["repositoryName"] = "shop/orders", ["imageTagMutability"] = "IMMUTABLE" }, CancellationToken.None);
        var definition = (JsonObject)JsonNode.Parse(Definition)!;
        definition["containerDefinitions"]![0]!["image"] = $"{repository["repository"]!["repositoryUri"]}:v41";
        var registered = await access.Ecs.RegisterTaskDefinitionAsync(definition, CancellationToken.None);
        await access.Ecs.CreateServiceAsync(new()
        {
            ["serviceName"] = "shop-web",
            ["taskDefinition"] = (string)registered["taskDefinition"]!["taskDefinitionArn"]!,
            ["desiredCount"] = 0,
            ["launchType"] = "FARGATE",
            ["networkConfiguration"] = JsonNode.Parse("""{"awsvpcConfiguration":{"subnets":["subnet-1"]}}"""),
        }, CancellationToken.None);
    }

    [TearDown]
    public async Task TearDown()
    {
        access.Dispose();
        await bed.DisposeAsync();
    }

    [Test]
    public async Task The_first_plan_shows_no_difference()
    {
        var adoption = await InitAsync();
        bed.Commit("adopt");
        var options = OptionsOfProject();

        var plan = await Release(options).PlanAsync(CancellationToken.None);
        var diff = await new Diff(options, bed.Target()).WithLiveAsync(Project, CancellationToken.None);
        plan.Access.Dispose();

        adoption.Properties.Should().Equal(new NameValue("EcsService", "shop-web"), new NameValue("EcrRepository", "shop/orders"));
        (plan.Service, plan.Repository.Name).Should().Be(("shop-web", "shop/orders"));
        plan.DefinitionChanges.Should().BeEmpty();
        diff.Differences.Select(difference => difference.Member).Should().Equal("image");
    }

    [Test]
    public async Task The_first_release_registers_what_was_live_with_another_image()
    {
        var before = await LiveAsync();
        await InitAsync();
        var commit = bed.Commit("adopt");

        var record = await bed.ReleaseAsync(OptionsOfProject() with { StopAfter = StopAfterStep.Register });

        record.Outcome.Should().Be(ReleaseOutcome.HandedOn, record.Message);
        var after = await bed.RevisionAsync(record.TaskDefinition!);
        var image = (string)after["taskDefinition"]!["containerDefinitions"]![0]!["image"]!;
        image.Should().EndWith($"/shop/orders:{commit}");
        before["taskDefinition"]!["containerDefinitions"]![0]!["image"] = image;
        JsonNode.DeepEquals(RevisionJson.Registrable((JsonObject)after["taskDefinition"]!), RevisionJson.Registrable((JsonObject)before["taskDefinition"]!)).Should().BeTrue();
        RevisionJson.OwnTags(after).Should().Equal(new NameValue("team", "shop"));
    }

    [Test]
    public async Task A_second_adoption_writes_nothing_new()
    {
        await InitAsync();
        bed.Commit("adopt");

        await InitAsync();

        bed.Repository.Git("status", "--porcelain").Should().BeEmpty();
    }

    private ProjectInfo Project => new() { ProjectFile = Path.Combine(bed.Repository.Root, "Orders.csproj"), AssemblyName = "Orders" };

    private Task<Adoption> InitAsync() =>
        new Init(new() { Service = "shop-web" }, new(), Project, bed.Target()).RunAsync(force: false, CancellationToken.None);

    private Release Release(ReleaseOptions options) => new(options, Project, bed.Reporter, TimeProvider.System, bed.Target(), new StateFolder(ImageCache.Folder));

    // What MSBuild would hand on.
    private ReleaseOptions OptionsOfProject() => OptionReader.Read(new(
        XDocument.Load(Project.ProjectFile).Descendants().Where(element => OptionNames.IsOurs(element.Name.LocalName)).ToDictionary(element => element.Name.LocalName, element => element.Value),
        new Dictionary<string, IReadOnlyList<NameValue>>()));

    private async Task<JsonObject> LiveAsync()
    {
        var services = await access.Ecs.DescribeServicesAsync(new() { ["services"] = new JsonArray("shop-web") }, CancellationToken.None);
        return await bed.RevisionAsync((string)services["services"]![0]!["taskDefinition"]!);
    }
}
