using System.Text.Json.Nodes;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Tests.TaskDefinitions;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class TaskDefinitionSourceTests
{
    private string _directory = "";

    [SetUp]
    public void Make_a_project_directory() => _directory = Directory.CreateTempSubdirectory("ecs-release-").FullName;

    [TearDown]
    public void Remove_it() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task Properties_alone_make_a_complete_fargate_definition()
    {
        var revision = await ResolveAsync(new ReleaseOptions
        {
            EnvironmentVariables = [new("LOG_LEVEL", "info")],
            Secrets = [new("DB_PASSWORD", "arn:secret")],
        }, exposed: ["8080/tcp"]);

        revision.From.Should().Be("properties");
        Is(revision.Definition, $$$"""
            {"family":"orders","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
             "runtimePlatform":{"cpuArchitecture":"X86_64","operatingSystemFamily":"LINUX"},"executionRoleArn":"role-of-the-target",
             "containerDefinitions":[{"name":"orders","essential":true,"portMappings":[{"containerPort":8080,"protocol":"tcp"}],
               "environment":[{"name":"LOG_LEVEL","value":"info"}],
               "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/orders","awslogs-region":"eu-west-1","awslogs-stream-prefix":"orders"}},
               "secrets":[{"name":"DB_PASSWORD","valueFrom":"arn:secret"}],
               "dockerLabels":{"ecs-release.from":"properties","ecs-release.hash":"1:{{{revision.Hash}}}","ecs-release.declared":"env:LOG_LEVEL secret:DB_PASSWORD"}}]}
            """);
        revision.WithImage("x/orders:1")["containerDefinitions"]![0]!["image"]!.GetValue<string>().Should().Be("x/orders:1");
    }

    [Test]
    public async Task A_declared_port_takes_the_place_of_the_images()
    {
        var revision = await ResolveAsync(new ReleaseOptions { Ports = [new("5000", "udp")] }, exposed: ["8080/tcp"]);

        Is(revision.Definition["containerDefinitions"]![0]!["portMappings"], """[{"containerPort":5000,"protocol":"udp"}]""");
    }

    [Test]
    public async Task Before_the_image_is_built_the_plan_takes_the_live_ports_to_stay()
    {
        var first = await ResolveAsync(new ReleaseOptions(), exposed: ["8080/tcp"]);

        (await ResolveAsync(new ReleaseOptions(), Live(first.Definition.ToJsonString()))).Changes.Should().BeEmpty();
        (await ResolveAsync(new ReleaseOptions(), Live(first.Definition.ToJsonString()), exposed: [])).Changes.Should().ContainSingle(change => change.StartsWith("portMappings"));
    }

    [Test]
    public async Task The_live_definition_loses_nothing_but_what_describing_added()
    {
        var live = Live("""
            {"taskDefinitionArn":"arn:aws:ecs:eu-west-1:1:task-definition/orders:6","revision":6,"status":"ACTIVE","requiresAttributes":[],"compatibilities":["EC2"],
             "registeredAt":1.5,"registeredBy":"me","deregisteredAt":2.5,"deleteRequestedAt":3.5,
             "family":"orders","pidMode":"task","memberOfNextYear":{"deep":[1.50,null,""]},"placementConstraints":[],
             "containerDefinitions":[{"name":"web","image":"x:1","command":[],"environment":[{"name":"EMPTY","value":""}],"dockerLabels":{"a":""}}]}
            """, """[{"key":"team","value":"shop"},{"key":"aws:cloudformation:stack-name","value":"s"},{"key":"ecs-release:commit","value":"c"}]""");

        var revision = await ResolveAsync(new ReleaseOptions(), live);

        revision.From.Should().Be("live");
        revision.Definition.ToJsonString().Should().Be("""{"family":"orders","pidMode":"task","memberOfNextYear":{"deep":[1.50,null,""]},"placementConstraints":[],"containerDefinitions":[{"name":"web","image":"x:1","command":[],"environment":[{"name":"EMPTY","value":""}],"dockerLabels":{"a":""}}]}""");
        revision.OwnTags.Should().Equal(new NameValue("team", "shop"));
        revision.Changes.Should().BeEmpty();
    }

    [Test]
    public async Task Options_override_the_live_container_that_is_named_and_nothing_else()
    {
        var live = Live("""
            {"family":"orders","cpu":"256","memory":"512","containerDefinitions":[
              {"name":"web","image":"x:1","environment":[{"name":"A","value":"1"},{"name":"B","value":"1"}],"secrets":[{"name":"C","valueFrom":"arn:c"}]},
              {"name":"side","essential":false,"image":"y:1","environment":[{"name":"A","value":"1"}]}]}
            """);

        var revision = await ResolveAsync(new ReleaseOptions { Cpu = "512", EnvironmentVariables = [new("A", "2"), new("C", "3")] }, live);

        Is(revision.Definition, """
            {"family":"orders","cpu":"512","memory":"512","containerDefinitions":[
              {"name":"web","image":"x:1","environment":[{"name":"A","value":"2"},{"name":"B","value":"1"},{"name":"C","value":"3"}],"secrets":[],"dockerLabels":{"ecs-release.declared":"env:A env:C"}},
              {"name":"side","essential":false,"image":"y:1","environment":[{"name":"A","value":"1"}]}]}
            """);
        revision.Changes.Should().Contain("cpu: 256 → 512").And.Contain("environment A: (hidden) → 2");
    }

    [TestCase(1)]
    [TestCase(40, Description = "names of more than 256 characters are kept as hashes")]
    public async Task A_variable_that_is_declared_no_more_disappears_from_the_live_definition(int others)
    {
        var kept = Enumerable.Range(0, others).Select(n => new NameValue($"KEPT_VARIABLE_{n}", "1")).ToList();
        var hand = Live("""{"family":"orders","containerDefinitions":[{"name":"web","image":"x:1","environment":[{"name":"BY_HAND","value":"1"}]}]}""");
        var first = await ResolveAsync(new ReleaseOptions { EnvironmentVariables = [.. kept, new("REMOVED", "1")], Ports = [new("9000", "tcp")] }, hand);

        var second = await ResolveAsync(new ReleaseOptions { EnvironmentVariables = kept }, Live(first.Definition.ToJsonString()));

        Names(second).Should().BeEquivalentTo([.. kept.Select(variable => variable.Name), "BY_HAND"]);
        second.Definition["containerDefinitions"]![0]!["portMappings"]!.AsArray().Should().BeEmpty();
        second.Changes.Should().Contain("environment REMOVED: (hidden) → (absent)");
    }

    [Test]
    public async Task A_variable_that_is_declared_no_more_disappears_in_properties_mode()
    {
        var first = await ResolveAsync(new ReleaseOptions { EnvironmentVariables = [new("A", "1"), new("B", "1")] });

        var second = await ResolveAsync(new ReleaseOptions { EnvironmentVariables = [new("A", "1")] }, Live(first.Definition.ToJsonString()));

        second.From.Should().Be("properties");
        Names(second).Should().Equal("A");
        second.Changes.Should().Equal("environment B: (hidden) → (absent)");
    }

    [Test]
    public async Task Auto_takes_the_file_beside_the_project_with_its_comments_and_trailing_commas()
    {
        Write("ecs-task-definition.json", """
            {
              // what the service needs
              "family": "from-file",
              "containerDefinitions": [ { "name": "web", "memberOfNextYear": 1, }, ],
              "tags": [ { "key": "team", "value": "shop" } ],
            }
            """);

        var revision = await ResolveAsync(new ReleaseOptions());

        revision.From.Should().Be("file:ecs-task-definition.json");
        revision.Definition.ToJsonString().Should().Be("""{"family":"from-file","containerDefinitions":[{"name":"web","memberOfNextYear":1}]}""");
        revision.OwnTags.Should().Equal(new NameValue("team", "shop"));
    }

    [Test]
    public async Task Two_essential_containers_are_unclear_until_one_is_named()
    {
        var live = Live("""{"family":"orders","containerDefinitions":[{"name":"web"},{"name":"side"}]}""");

        (await Refusal(new ReleaseOptions(), live)).Message.Should().Contain("web, side").And.Contain("EcsContainer");
        (await ResolveAsync(new ReleaseOptions { Container = "side" }, live)).Container.Should().Be("side");
        (await Refusal(new ReleaseOptions { Container = "sied" }, live)).Code.Should().Be("ECSR5154");
    }

    [Test]
    public async Task Properties_never_overwrite_a_revision_made_by_others()
    {
        var live = Live("""{"family":"orders","revision":6,"cpu":"1024","containerDefinitions":[{"name":"orders","environment":[{"name":"BY_HAND","value":"1"}]}]}""");
        var options = new ReleaseOptions { TaskDefinition = "properties" };

        var refusal = await Refusal(options, live);

        refusal.Code.Should().Be("ECSR5103");
        refusal.Message.Should().Contain("orders:6").And.Contain("cpu: 1024 → 256").And.Contain("BY_HAND").And.Contain("EcsOverwriteDrift=true");
        (await ResolveAsync(options with { OverwriteDrift = true }, live)).From.Should().Be("properties");
    }

    [Test]
    public async Task Properties_never_overwrite_a_copy_of_ours_that_was_edited_by_hand()
    {
        var ours = await ResolveAsync(new ReleaseOptions());
        var edited = (JsonObject)ours.Definition.DeepClone();
        edited["cpu"] = "4096";

        // What `describe | jq .taskDefinition | register` makes: the labels, and no tags.
        (await Refusal(new ReleaseOptions(), Live(edited.ToJsonString()))).Code.Should().Be("ECSR5103");
        (await ResolveAsync(new ReleaseOptions { OverwriteDrift = true }, Live(edited.ToJsonString()))).Changes.Should().Equal("cpu: 4096 → 256");
        (await ResolveAsync(new ReleaseOptions { Cpu = "512" }, Live(ours.Definition.ToJsonString()))).Changes.Should().Equal("cpu: 256 → 512");
    }

    [Test]
    public async Task A_copy_whose_hash_was_taken_away_counts_as_edited()
    {
        var edited = (await ResolveAsync(new ReleaseOptions { Cpu = "512" })).Definition;
        edited["containerDefinitions"]![0]!["dockerLabels"]!.AsObject().Remove("ecs-release.hash");

        (await Refusal(new ReleaseOptions(), Live(edited.ToJsonString()))).Code.Should().Be("ECSR5103");
    }

    [Test]
    public async Task A_hash_of_other_rules_tells_nothing_and_refuses_nothing()
    {
        var newer = (await ResolveAsync(new ReleaseOptions())).Definition;
        newer["containerDefinitions"]![0]!["dockerLabels"]!["ecs-release.hash"] = "2:of-a-newer-version";

        (await ResolveAsync(new ReleaseOptions { Cpu = "512" }, Live(newer.ToJsonString()))).Changes.Should().Equal("cpu: 256 → 512");
    }

    [Test]
    public async Task The_live_definition_needs_a_service() =>
        (await Refusal(new ReleaseOptions { TaskDefinition = "live" })).Message.Should().Contain("does not exist yet");

    [TestCase("0")]
    [TestCase("http")]
    public async Task A_port_that_is_no_port_is_refused(string port) =>
        (await Refusal(new ReleaseOptions { Ports = [new(port, "tcp")] })).Code.Should().Be("ECSR1002");

    [Test]
    public async Task Roles_platform_and_log_group_can_be_overridden_in_a_live_definition()
    {
        var live = Live("""{"family":"orders","containerDefinitions":[{"name":"web","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"old","mode":"non-blocking"}}}]}""");

        var revision = await ResolveAsync(new ReleaseOptions { TaskRole = "task", ExecutionRole = "exec", Architecture = "ARM64", LogGroup = "new", TaskFamily = "renamed" }, live);

        Is(revision.Definition, """
            {"family":"renamed","taskRoleArn":"task","executionRoleArn":"exec","runtimePlatform":{"cpuArchitecture":"ARM64"},
             "containerDefinitions":[{"name":"web","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"new","mode":"non-blocking","awslogs-region":"eu-west-1","awslogs-stream-prefix":"orders"}}}]}
            """);
    }

    private static IEnumerable<string> Names(DesiredRevision revision) =>
        revision.Definition["containerDefinitions"]![0]!["environment"]!.AsArray().Select(variable => (string)variable!["name"]!);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_directory, file), text);

    private async Task<EcsReleaseException> Refusal(ReleaseOptions options, JsonObject? live = null) =>
        (await FluentActions.Awaiting(() => ResolveAsync(options, live)).Should().ThrowAsync<EcsReleaseException>()).Which;

    private Task<DesiredRevision> ResolveAsync(ReleaseOptions options, JsonObject? live = null, string[]? exposed = null) =>
        TaskDefinitionSource.ResolveAsync(new DefinitionInputs
        {
            Options = options,
            Service = "orders",
            ProjectDirectory = _directory,
            Region = "eu-west-1",
            Architecture = "X86_64",
            ExecutionRole = "role-of-the-target",
            LiveRevision = live,
            ExposedPorts = exposed,
        }, CancellationToken.None);

    private static JsonObject Live(string definition, string tags = "[]") =>
        new() { ["taskDefinition"] = JsonNode.Parse(definition), ["tags"] = JsonNode.Parse(tags) };

    private static void Is(JsonNode? found, string expected) =>
        JsonNode.DeepEquals(found, JsonNode.Parse(expected)).Should().BeTrue($"it is {found?.ToJsonString()}");
}
