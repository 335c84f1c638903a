using System.Text.Json.Nodes;
using EcsRelease.Tool.Commands;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Tool;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InitTests : IDisposable
{
    private const string Project = "<Project Sdk=\"Microsoft.NET.Sdk.Web\">\n  <PropertyGroup>\n    <TargetFramework>net10.0</TargetFramework>\n  </PropertyGroup>\n</Project>\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecs-release-");

    public InitTests() => File.WriteAllText(ProjectFile, Project);

    private string ProjectFile => Path.Combine(_folder.FullName, "Orders.csproj");

    private string DefinitionFile => Path.Combine(_folder.FullName, "ecs-task-definition.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Test]
    public async Task The_file_is_what_can_be_registered_with_the_image_left_open()
    {
        await RunAsync(Live("""
            {"taskDefinitionArn":"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7","revision":7,"status":"ACTIVE","registeredAt":1.5,"family":"orders","memberOfNextYear":[1.50,""],
             "containerDefinitions":[
               {"name":"web","image":"123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:abc","command":["sh","-c","echo ${HOME}"],"mountPoints":[],"dockerLabels":{"ecs-release.hash":"1:a"}},
               {"name":"migrations","image":"123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:abc","essential":false},
               {"name":"proxy","image":"envoy:1","essential":false}]}
            """));

        File.ReadAllText(DefinitionFile).Should().Be("""
            {
              "family": "orders",
              "memberOfNextYear": [
                1.50,
                ""
              ],
              "containerDefinitions": [
                {
                  "name": "web",
                  "image": "${image}",
                  "command": [
                    "sh",
                    "-c",
                    "echo $${HOME}"
                  ],
                  "mountPoints": []
                },
                {
                  "name": "migrations",
                  "image": "${image}",
                  "essential": false
                },
                {
                  "name": "proxy",
                  "image": "envoy:1",
                  "essential": false
                }
              ],
              "tags": [
                {
                  "key": "team",
                  "value": "shop"
                }
              ]
            }

            """.ReplaceLineEndings("\n"));
    }

    [Test]
    public async Task The_document_is_a_promise()
    {
        var json = JsonNode.Parse(new Adopted(await RunAsync(Live(Definition("DB_PASSWORD"))) with { Version = "1.0.0", File = "/p/ecs-task-definition.json", Project = "/p/Orders.csproj", Next = "ecs-release diff Orders.csproj" }).ToJson())!;

        json.ToJsonString(ReleaseRecord.Json).Should().Be("""
            {
              "schema": 1,
              "version": "1.0.0",
              "target": "aws",
              "account": "123456789012",
              "region": "eu-west-1",
              "cluster": "production",
              "service": "shop-orders",
              "taskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7",
              "container": "web",
              "file": "/p/ecs-task-definition.json",
              "project": "/p/Orders.csproj",
              "properties": [
                {
                  "name": "EcsCluster",
                  "value": "production"
                },
                {
                  "name": "EcsService",
                  "value": "shop-orders"
                },
                {
                  "name": "EcrRepository",
                  "value": "shop/orders"
                }
              ],
              "warnings": [
                {
                  "code": "ECSR5160",
                  "message": "ecs-task-definition.json(8,9): variable 'DB_PASSWORD' of container 'web' looks like a secret, and a task definition shows its value to everybody who may read it. Store it in Secrets Manager or as a SecureString and name it with EcsSecret, or in the container's secrets."
                }
              ],
              "next": "ecs-release diff Orders.csproj"
            }
            """.ReplaceLineEndings("\n"));
    }

    [Test]
    public async Task People_read_what_was_written_and_what_to_do_now()
    {
        var adoption = await RunAsync(Live(Definition("LOG_LEVEL"))) with { File = "/p/ecs-task-definition.json", Project = "/p/Orders.csproj", Next = "ecs-release diff Orders.csproj" };
        using var writer = new StringWriter();
        var console = Consoles.Create(writer);

        new Adopted(adoption).Print(console, console);

        writer.ToString().ReplaceLineEndings("\n").Should().Be("""
            Adopted 'shop-orders' of cluster 'production' (123456789012/eu-west-1)
              /p/ecs-task-definition.json: orders:7, container 'web' gets the image of a release
              /p/Orders.csproj: EcsCluster=production, EcsService=shop-orders, EcrRepository=shop/orders
            Commit both files. See what a release would change: ecs-release diff Orders.csproj

            """.ReplaceLineEndings("\n"));
        File.ReadAllText(ProjectFile).Should().Be(Project.Replace("  </Prop", "    <EcsCluster>production</EcsCluster>\n    <EcsService>shop-orders</EcsService>\n    <EcrRepository>shop/orders</EcrRepository>\n  </Prop", StringComparison.Ordinal));
    }

    [Test]
    public async Task Where_the_defaults_fit_the_project_is_left_alone()
    {
        var definition = Definition("A").Replace("shop/orders", "orders", StringComparison.Ordinal);

        var adoption = await RunAsync(Live(definition), new ReleaseOptions());

        adoption.Properties.Should().BeEmpty();
        File.ReadAllText(ProjectFile).Should().Be(Project);
    }

    [TestCase("999999999999.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:1", "999999999999.dkr.ecr.eu-west-1.amazonaws.com/shop/orders", TestName = "A repository of another account is named in full")]
    [TestCase("123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/orders@sha256:1", "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/orders", TestName = "A repository of another region is named in full")]
    [TestCase("127.0.0.1:4566/shop/orders:1", "shop/orders", TestName = "A repository that ECR knows by its address")]
    [TestCase("nginx:1", null, TestName = "An image of another registry says nothing about the repository")]
    public async Task The_repository_is_that_of_the_live_image(string image, string? expected)
    {
        var definition = Definition("A").Replace("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:1", image, StringComparison.Ordinal);

        (await RunAsync(Live(definition))).Properties.SingleOrDefault(property => property.Name == "EcrRepository")?.Value.Should().Be(expected);
    }

    [Test]
    public async Task One_of_several_essential_containers_must_be_named_and_is_written_down()
    {
        var script = Live("""{"family":"orders","containerDefinitions":[{"name":"web","image":"x:1"},{"name":"side","image":"y:1"}]}""");

        (await RefusalAsync(script)).Code.Should().Be("ECSR5105");
        File.Exists(DefinitionFile).Should().BeFalse();
        (await RunAsync(script, new ReleaseOptions { Container = "side" })).Properties.Should().Equal(new NameValue("EcsContainer", "side"));
        (await RefusalAsync(script, new ReleaseOptions { Container = "sied" })).Code.Should().Be("ECSR5154");
    }

    [Test]
    public async Task Nothing_is_overwritten_without_force()
    {
        File.WriteAllText(DefinitionFile, "{}");
        var script = Live(Definition("A"));

        var refusal = await RefusalAsync(script);

        refusal.Code.Should().Be("ECSR5162");
        refusal.Message.Should().Contain(DefinitionFile).And.Contain("--force");
        File.ReadAllText(DefinitionFile).Should().Be("{}");
        File.ReadAllText(ProjectFile).Should().Be(Project);
        await RunAsync(script, force: true);
        File.ReadAllText(DefinitionFile).Should().Contain("\"family\"");
        await RunAsync(script, new ReleaseOptions());
    }

    [Test]
    public async Task A_project_that_takes_its_definition_from_elsewhere_is_told_of_the_file()
    {
        var own = new ReleaseOptions { TaskDefinition = "live", Service = "shop-orders", Cluster = "production", Repository = "shop/orders" };

        (await RunAsync(Live(Definition("A")), own, own)).Properties.Should().Equal(new NameValue("EcsTaskDefinition", "auto"));
    }

    [TestCase("""{"DescribeServices":[{"services":[]}],"DescribeClusters":[{"clusters":[{"status":"ACTIVE"}]}]}""", "ECSR4010")]
    [TestCase("""{"DescribeServices":[{"error":{"code":"ClusterNotFoundException","message":"Cluster not found."}}]}""", "ECSR4006")]
    [TestCase("""{"DescribeServices":[{"services":[{"serviceName":"orders","status":"ACTIVE","deployments":[]}]}]}""", "ECSR5164")]
    public async Task A_service_that_cannot_be_taken_over_is_refused(string script, string code) =>
        (await RefusalAsync(script)).Code.Should().Be(code);

    [Test]
    public async Task A_project_that_does_not_exist_is_refused()
    {
        var run = await ToolRun.OfAsync("init", Path.Combine(_folder.FullName, "None.csproj"), "--service", "orders");

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("ECSR1008");
    }

    private static string Definition(string variable) => $$"""
        {"taskDefinitionArn":"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7","family":"orders",
         "containerDefinitions":[{"name":"web","image":"123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:1","environment":[{"name":"{{variable}}","value":"x"}]}]}
        """;

    private static string Live(string definition) => $$"""
        {"DescribeServices":[{"services":[{"serviceName":"shop-orders","status":"ACTIVE","taskDefinition":"orders:7"}]}],
         "DescribeTaskDefinition":[{"taskDefinition":{{definition}},"tags":[{"key":"team","value":"shop"},{"key":"ecs-release:commit","value":"c"}]}],
         "DescribeRepositories":[{"repositories":[{"repositoryUri":"127.0.0.1:4566/shop/orders"}]}]}
        """;

    private Task<Adoption> RunAsync(string script, ReleaseOptions? options = null, ReleaseOptions? own = null, bool force = false) =>
        new Init(
            options ?? new ReleaseOptions { Cluster = "production", Service = "shop-orders" }, own ?? new ReleaseOptions(),
            new ProjectInfo { ProjectFile = ProjectFile, AssemblyName = "Orders" }, new ScriptedTarget(script)).RunAsync(force, CancellationToken.None);

    private async Task<EcsReleaseException> RefusalAsync(string script, ReleaseOptions? options = null) =>
        (await FluentActions.Awaiting(() => RunAsync(script, options)).Should().ThrowAsync<EcsReleaseException>()).Which;
}
