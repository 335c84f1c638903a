using System.Text;

namespace EcsRelease.Tests.TaskDefinitions;

/// <summary>What is wrong with a task definition file is said with one code, at its line and column.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DefinitionFileTests : IDisposable
{
    private readonly DefinitionBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [TestCase("{\n  \"family\": orders\n}", "ECSR5150", 2, 13, "'o' is an invalid start of a value", TestName = "Malformed JSON")]
    [TestCase("{\n  \"family\": \"ä\", oops\n}", "ECSR5150", 2, 18, "'o' is an invalid start", TestName = "A column counts characters, not bytes")]
    [TestCase("", "ECSR5150", 1, 1, "does not contain any JSON", TestName = "An empty file")]
    [TestCase("{\n\"family\":\"\\ud800\"}", "ECSR5150", 2, 10, "surrogate", TestName = "Half a sign in a value")]
    [TestCase("{\n\"\\ud800\":1}", "ECSR5150", 2, 1, "surrogate", TestName = "Half a sign in a name")]
    [TestCase("{\"family\":\"a\",\n\"family\":\"b\"}", "ECSR5150", 2, 1, "'family' is there twice", TestName = "A member twice")]
    [TestCase("family: orders\ncontainerDefinitions:\n- name: web\n", "ECSR5151", 1, 1, "yq -p yaml -o json -i", TestName = "YAML instead of JSON")]
    [TestCase("# made by hand\n---\nfamily: orders\n", "ECSR5151", 2, 1, "this is YAML", TestName = "YAML with a document's mark")]
    [TestCase("[]", "ECSR5152", 1, 1, "must be an object", TestName = "No object")]
    [TestCase("{\n\"containerDefinitions\":{}}", "ECSR5152", 2, 24, "'containerDefinitions' must be a list of objects, found an object", TestName = "An object for a list")]
    [TestCase("{\"containerDefinitions\":[{\"name\":\"web\",\n \"portMappings\":[{\"containerPort\":\"80\"}]}]}", "ECSR5152", 2, 35, "'containerDefinitions[0].portMappings[0].containerPort' must be a whole number, found a string", TestName = "A string for a number")]
    [TestCase("{\"containerDefinitions\":[{\"name\":\"web\",\"essential\":\"true\"}]}", "ECSR5152", 1, 52, "must be true or false", TestName = "A string for a switch")]
    [TestCase("{\"containerDefinitions\":[{\"name\":\"web\",\"cpu\":1.5}]}", "ECSR5152", 1, 46, "must be a whole number", TestName = "A fraction for a whole number")]
    [TestCase("{\"containerDefinitions\":[{\"name\":\"web\",\"command\":\"run\"}]}", "ECSR5152", 1, 50, "must be a list of strings, found a string", TestName = "A string for a list")]
    [TestCase("{\"containerDefinitions\":[{\"name\":\"web\",\"environment\":[{\"name\":\"A\",\"value\":1}]}]}", "ECSR5152", 1, 75, "must be a string, found a number", TestName = "A number for a variable")]
    [TestCase("{\"containerDefinitions\":[{\"name\":\"web\",\"dockerLabels\":{\"a\":true}}]}", "ECSR5152", 1, 60, "'containerDefinitions[0].dockerLabels.a' must be a string", TestName = "A switch for a label")]
    [TestCase("{}", "ECSR5153", 1, 1, "'containerDefinitions' is missing", TestName = "No containers")]
    [TestCase("{\"containerDefinitions\":[]}", "ECSR5153", 1, 25, "one container at least", TestName = "An empty list of containers")]
    [TestCase("{\n \"ContainerDefinitions\":[]}", "ECSR5153", 1, 1, "There is 'ContainerDefinitions'", TestName = "CloudFormation's form")]
    [TestCase("{\"containerDefinitions\":[{\"name\":\"web\"},\n  {\"essential\":false}]}", "ECSR5153", 2, 3, "'containerDefinitions[1].name' is missing", TestName = "A container without a name")]
    [TestCase("{\"containerDefinitions\":[{\"name\":\"web\"},\n {\"name\":\"side\",\"essential\":false}]}", "ECSR5153", 2, 2, "'containerDefinitions[1].image' is missing", TestName = "A sidecar without an image")]
    [TestCase("{\"containerDefinitions\":[{\"name\":\"web\",\"secrets\":[{\"name\":\"A\"}]}]}", "ECSR5153", 1, 51, "secrets[0].valueFrom' is missing", TestName = "A secret without a place")]
    [TestCase("{\"containerDefinitions\":[{\"name\":\"web\"},{\"image\":\"y\",\n\"name\":\"web\"}]}", "ECSR5155", 2, 8, "second container has the name 'web'", TestName = "Two containers of one name")]
    [TestCase("{\n \"containerDefinitions\":\n  [{\"name\":\"web\"},{\"name\":\"side\",\"image\":\"y\"}]}", "ECSR5105", 3, 3, "web, side. Name it: EcsContainer", TestName = "Two essential containers and no name")]
    public async Task A_mistake_has_a_code_a_line_and_a_column(string text, string code, int line, int column, string why)
    {
        var refusal = await _bed.RefusalAsync(text);

        refusal.Code.Should().Be(code);
        refusal.Message.Should().StartWith($"td.json({line},{column}): ").And.Contain(why);
        refusal.Place.Should().Be(new FilePlace(_bed.FullPath, "td.json", line, column));
        refusal.Outcome.Should().Be(ReleaseOutcome.Refused);
        var inMSBuild = PlacedError.Of(refusal, "Orders.csproj");
        (inMSBuild.File, inMSBuild.Line, inMSBuild.Column).Should().Be((_bed.FullPath, line, column));
        inMSBuild.Message.Should().NotContain("td.json(", "MSBuild puts the place before it");
    }

    [Test]
    public async Task A_container_that_does_not_exist_is_refused_at_the_containers()
    {
        _bed.Options = _bed.Options with { Container = "api" };

        var refusal = await _bed.RefusalAsync("{\n\"containerDefinitions\": [{\"name\":\"web\"}]}");

        refusal.Code.Should().Be("ECSR5154");
        refusal.Message.Should().StartWith("td.json(2,25): there is no container 'api'; there are web.");
    }

    [Test]
    public async Task A_file_that_is_not_there_is_refused()
    {
        var refusal = (await FluentActions.Awaiting(() => _bed.ResolveAsync()).Should().ThrowAsync<EcsReleaseException>()).Which;

        refusal.Code.Should().Be("ECSR5104");
        refusal.Message.Should().Contain("td.json");
    }

    [Test]
    public async Task Members_that_nobody_knows_and_empty_ones_are_kept_as_they_are_written()
    {
        var revision = await _bed.ResolveAsync("""
            // comments and trailing commas are no mistake
            {"family":"f","memberOfNextYear":{"deep":[1.50,null,"",{}]},"cpu":256,"placementConstraints":[],
             "containerDefinitions":[{"name":"web","newMember":1e3,"command":[],"links":null,"dockerLabels":{"a":"","b":null},},]}
            """);

        revision.Definition.ToJsonString().Should().Be("""
            {"family":"f","memberOfNextYear":{"deep":[1.50,null,"",{}]},"cpu":256,"placementConstraints":[],"containerDefinitions":[{"name":"web","newMember":1e3,"command":[],"links":null,"dockerLabels":{"a":"","b":null}}]}
            """.Trim());
    }

    [Test]
    public async Task A_saved_answer_of_describe_task_definition_is_taken_with_its_tags()
    {
        var revision = await _bed.ResolveAsync("""
            {"taskDefinition":{"taskDefinitionArn":"arn:x:6","revision":6,"status":"ACTIVE","family":"f","containerDefinitions":[{"name":"web","image":"x:1"}]},
             "tags":[{"key":"team","value":"shop"},{"key":"aws:x","value":"y"}]}
            """);

        revision.Definition.ToJsonString().Should().Be("""{"family":"f","containerDefinitions":[{"name":"web","image":"x:1"}]}""");
        revision.OwnTags.Should().Equal(new NameValue("team", "shop"));
        (await _bed.RefusalAsync("{\"taskDefinition\":{\n\"containerDefinitions\":[{\"name\":1}]}}")).Place!.Line.Should().Be(2);
    }

    [Test]
    public async Task What_powershell_writes_is_read_too()
    {
        File.WriteAllText(_bed.FullPath, """{"family":"f","containerDefinitions":[{"name":"web"}]}""", Encoding.Unicode);

        (await _bed.ResolveAsync()).Family.Should().Be("f");
    }

    [Test]
    public async Task A_file_in_another_encoding_is_refused_before_a_sign_is_lost()
    {
        File.WriteAllText(_bed.FullPath, """{"family":"f","containerDefinitions":[{"name":"web","command":["é"]}]}""", Encoding.Latin1);

        var refusal = (await FluentActions.Awaiting(() => _bed.ResolveAsync()).Should().ThrowAsync<EcsReleaseException>()).Which;

        refusal.Code.Should().Be("ECSR5104");
        refusal.Message.Should().Contain("save it as UTF-8");
    }

    [Test]
    public async Task Options_override_a_file_in_the_released_container_and_nothing_else()
    {
        _bed.Options = _bed.Options with
        {
            Container = "web", Cpu = "512", Memory = "1024", TaskRole = "task", ExecutionRole = "exec", Architecture = "ARM64", LogGroup = "/new", TaskFamily = "g",
            EnvironmentVariables = [new("A", "2")], Secrets = [new("B", "arn:b")], Ports = [new("8080", ""), new("80", "")],
        };

        var revision = await _bed.ResolveAsync("""
            {"family":"f","cpu":"256","pidMode":"task","containerDefinitions":[
             {"name":"web","cpu":1,"environment":[{"name":"A","value":"1"},{"name":"B","value":"1"}],"portMappings":[{"containerPort":80,"name":"http"}]},
             {"name":"side","image":"y","environment":[{"name":"A","value":"1"}]}]}
            """);

        revision.Definition["containerDefinitions"]![0]!.AsObject().Remove("dockerLabels");
        revision.Definition.ToJsonString().Should().Be("""
            {"family":"g","cpu":"512","pidMode":"task","containerDefinitions":[{"name":"web","cpu":1,"environment":[{"name":"A","value":"2"}],"portMappings":[{"containerPort":80,"name":"http"},{"containerPort":8080,"protocol":"tcp"}],"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/new","awslogs-region":"eu-west-1","awslogs-stream-prefix":"orders"}},"secrets":[{"name":"B","valueFrom":"arn:b"}]},{"name":"side","image":"y","environment":[{"name":"A","value":"1"}]}],"memory":"1024","taskRoleArn":"task","executionRoleArn":"exec","runtimePlatform":{"cpuArchitecture":"ARM64"}}
            """.Trim());
    }
}
