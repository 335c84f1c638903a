using EcsRelease.Tests.Git;
using EcsRelease.Tool.Commands;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tests.Tool;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DiffTests : IDisposable
{
    private const string LiveCommit = "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b";

    private readonly TemporaryRepository _repository = TemporaryRepository.Create();
    private readonly string _head;

    public DiffTests()
    {
        _repository.Write("ecs-task-definition.json", """
            {"family":"orders","cpu":"512","containerDefinitions":[
              {"name":"web","image":"${image}","environment":[{"name":"LOG_LEVEL","value":"debug"},{"name":"DB_PASSWORD","value":"hunter2"}]},
              {"name":"side","image":"y:2","essential":false}]}
            """);
        _head = _repository.Commit("first");
    }

    public void Dispose() => _repository.Dispose();

    [Test]
    public async Task The_document_is_a_promise()
    {
        var json = new Compared(await WithLiveAsync(Live(LiveCommit)) with { Version = "1.0.0" }).ToJson();

        json.Should().Be($$"""
            {
              "schema": 1,
              "version": "1.0.0",
              "outcome": "differs",
              "target": "aws",
              "account": "123456789012",
              "region": "eu-west-1",
              "cluster": "production",
              "service": "orders",
              "before": {
                "taskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7",
                "commit": "{{LiveCommit}}",
                "from": null
              },
              "after": {
                "taskDefinition": null,
                "commit": "{{_head}}",
                "from": "file:ecs-task-definition.json"
              },
              "differences": [
                {
                  "container": null,
                  "member": "cpu",
                  "before": "256",
                  "after": "512"
                },
                {
                  "container": "web",
                  "member": "image",
                  "before": "host/orders:{{LiveCommit}}",
                  "after": "the image of commit {{_head}}"
                },
                {
                  "container": "web",
                  "member": "environment DB_PASSWORD",
                  "before": null,
                  "after": "(hidden)"
                },
                {
                  "container": "web",
                  "member": "environment LOG_LEVEL",
                  "before": "(hidden)",
                  "after": "debug"
                },
                {
                  "container": "web",
                  "member": "environment OLD",
                  "before": "(hidden)",
                  "after": null
                },
                {
                  "container": "side",
                  "member": "image",
                  "before": "y:1",
                  "after": "y:2"
                }
              ],
              "warnings": [
                {
                  "code": "ECSR5160",
                  "message": "ecs-task-definition.json(2,88): variable 'DB_PASSWORD' of container 'web' looks like a secret, and a task definition shows its value to everybody who may read it. Store it in Secrets Manager or as a SecureString and name it with EcsSecret, or in the container's secrets."
                }
              ]
            }
            """.ReplaceLineEndings("\n"));
    }

    [Test]
    public async Task People_read_it_by_container_and_member()
    {
        Print(await WithLiveAsync(Live(LiveCommit))).Should().StartWith($"""
            orders:7 (3f2a91c0d4b5) → a release of {_head[..12]} (from file:ecs-task-definition.json)
              task
                ~ cpu: 256 → 512
              container web
                ~ image: host/orders:{LiveCommit} → the image of commit {_head}
                + environment DB_PASSWORD: (hidden)
                ~ environment LOG_LEVEL: (hidden) → debug
                - environment OLD: (hidden)
              container side
                ~ image: y:1 → y:2

            """.ReplaceLineEndings("\n"));
    }

    [Test]
    public async Task On_a_terminal_what_goes_is_red_and_what_comes_is_green()
    {
        using var writer = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Out = new AnsiConsoleOutput(writer) });

        new Compared(await WithLiveAsync(Live(LiveCommit))).Print(terminal, terminal);

        writer.ToString().Should().ContainAll("\e[91m    - environment OLD: (hidden)", "\e[32m    + environment DB_PASSWORD: (hidden)", "~ cpu: \e[91m256\e[0m → \e[32m512");
    }

    [Test]
    public async Task What_is_live_as_it_is_declared_exits_with_0_and_a_difference_with_11()
    {
        _repository.Write("ecs-task-definition.json", """{"cpu":"0.25 vCPU","containerDefinitions":[{"name":"web","environment":[{"name":"LOG_LEVEL","value":"info"},{"name":"OLD","value":"1"}]},{"name":"side","image":"y:1","essential":false}]}""");
        var head = _repository.Commit("as it is live");

        var same = await WithLiveAsync(Live(head));
        var other = await WithLiveAsync(Live(LiveCommit));

        new Compared(same).ExitCode.Should().Be(0);
        Print(same).Should().Be($"No difference: orders:7 ({head[..12]}), a release of {head[..12]} (from file:ecs-task-definition.json)\n");
        new Compared(other).ExitCode.Should().Be(11);
        other.Differences.Should().ContainSingle().Which.Member.Should().Be("image");
    }

    [Test]
    public async Task A_dirty_tree_is_no_obstacle_and_is_said()
    {
        _repository.Write("New.cs", "//");

        (await WithLiveAsync(Live(_head))).Differences.Should().Contain(difference => difference.Member == "image" && difference.After!.EndsWith("with the changes of the working tree", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_live_revision_of_others_is_compared_not_refused() =>
        (await WithLiveAsync(Live(LiveCommit), new ReleaseOptions { Cluster = "production", Service = "orders", TaskDefinition = "properties" })).Differences.Should().NotBeEmpty();

    [Test]
    public async Task Two_revisions_are_compared_with_their_images()
    {
        var target = new ScriptedTarget("""
            {"DescribeTaskDefinition":[
              {"taskDefinition":{"taskDefinitionArn":"arn:x:task-definition/orders:6","family":"orders","containerDefinitions":[{"name":"web","image":"host/orders:1","dockerLabels":{"ecs-release.hash":"1:a"}}]}},
              {"taskDefinition":{"taskDefinitionArn":"arn:x:task-definition/orders:7","family":"orders","cpu":"256","containerDefinitions":[{"name":"web","image":"host/orders:2"}]}}]}
            """);

        var diff = await new Diff(new ReleaseOptions(), target).OfRevisionsAsync("orders:6", "orders:7", CancellationToken.None);

        Print(diff).Should().Be("""
            orders:6 → orders:7
              task
                + cpu: 256
              container web
                ~ image: host/orders:1 → host/orders:2

            """.ReplaceLineEndings("\n"));
        target.Operations.Should().Equal("DescribeTaskDefinition", "DescribeTaskDefinition");
        target.OpenAccesses.Should().Be(0);
    }

    [Test]
    public async Task A_container_that_neither_revision_has_is_refused_not_compared()
    {
        var revision = """{"taskDefinition":{"taskDefinitionArn":"arn:x:task-definition/orders:7","family":"orders","containerDefinitions":[{"name":"web","image":"x:1"}]}}""";
        var target = new ScriptedTarget($$"""{"DescribeTaskDefinition":[{{revision}},{{revision}}]}""");

        var refusal = (await FluentActions.Awaiting(() => new Diff(new ReleaseOptions { Container = "api" }, target).OfRevisionsAsync("orders:7", "orders:7", CancellationToken.None))
            .Should().ThrowAsync<EcsReleaseException>()).Which;

        refusal.Code.Should().Be("ECSR5154");
        refusal.Message.Should().Contain("there is no container 'api'; there are web");
    }

    [Test]
    public async Task A_revision_that_does_not_exist_has_a_code()
    {
        var target = new ScriptedTarget("""{"DescribeTaskDefinition":[{"error":{"code":"ClientException","message":"Unable to describe task definition."}}]}""");

        var refusal = (await FluentActions.Awaiting(() => new Diff(new ReleaseOptions(), target).OfRevisionsAsync("orders:6", "orders:7", CancellationToken.None))
            .Should().ThrowAsync<EcsReleaseException>()).Which;

        refusal.Code.Should().Be("ECSR5161");
        refusal.Message.Should().Be("Task definition 'orders:6' cannot be read: Unable to describe task definition. List those that there are: aws ecs list-task-definitions --family-prefix orders");
    }

    [TestCase("""{"DescribeServices":[{"services":[]}],"DescribeClusters":[{"clusters":[{"status":"ACTIVE"}]}]}""", "ECSR4010")]
    [TestCase("""{"DescribeServices":[{"services":[{"serviceName":"orders","status":"ACTIVE","deployments":[]}]}]}""", "ECSR5164")]
    public async Task Without_a_live_definition_there_is_nothing_to_compare_with(string script, string code) =>
        (await FluentActions.Awaiting(() => WithLiveAsync(script)).Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be(code);

    private static string Live(string commit) => $$$"""
        {"DescribeServices":[{"services":[{"serviceName":"orders","status":"ACTIVE","taskDefinition":"orders:7"}]}],
         "DescribeTaskDefinition":[{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7","family":"orders","cpu":"256","containerDefinitions":[
           {"name":"web","image":"host/orders:{{{commit}}}","environment":[{"name":"LOG_LEVEL","value":"info"},{"name":"OLD","value":"1"}]},{"name":"side","image":"y:1","essential":false}]}}]}
        """;

    private Task<DefinitionDiff> WithLiveAsync(string script, ReleaseOptions? options = null) =>
        new Diff(options ?? new ReleaseOptions { Cluster = "production", Service = "orders" }, new ScriptedTarget(script))
            .WithLiveAsync(new ProjectInfo { ProjectFile = Path.Combine(_repository.Root, "Orders.csproj"), AssemblyName = "Orders" }, CancellationToken.None);

    private static string Print(DefinitionDiff diff)
    {
        using var results = new StringWriter();
        using var failures = new StringWriter();
        new Compared(diff).Print(Consoles.Create(results), Consoles.Create(failures));
        return results.ToString().ReplaceLineEndings("\n");
    }
}
