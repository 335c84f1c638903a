using System.Text.Json.Nodes;
using EcsRelease.Tests.Deployments;

namespace EcsRelease.Tests.TaskDefinitions;

/// <summary>`${variables}` in a task definition file.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VariableTests : IDisposable
{
    private const string Sha = "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b";

    private readonly DefinitionBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Test]
    public async Task Variables_stand_for_texts_also_within_longer_ones_and_in_members_that_nobody_knows()
    {
        _bed.Environment["STAGE"] = "prod";
        _bed.Environment["EMPTY"] = "";

        var revision = await _bed.ResolveAsync("""
            {"family":"orders-${env:STAGE}","newMember":["${env:STAGE}"],"containerDefinitions":[{"name":"web",
              "environment":[{"name":"VERSION","value":"${commit}"},{"name":"URL","value":"https://${env:STAGE}.example/${commit}?e=${env:EMPTY}"}]}]}
            """);

        revision.Family.Should().Be("orders-prod");
        revision.Definition["newMember"]!.ToJsonString().Should().Be("""["prod"]""");
        Values(revision.Definition).Should().Equal(Sha, $"https://prod.example/{Sha}?e=");
    }

    [TestCase("echo $${HOME}", "echo ${HOME}")]
    [TestCase("$${env:STAGE} ${env:STAGE}", "${env:STAGE} prod")]
    [TestCase("$ $$ $HOME $(x) } {", "$ $$ $HOME $(x) } {")]
    [TestCase("$$${x}", "$${x}")]
    public async Task A_doubled_dollar_before_a_brace_is_the_text_itself(string written, string meant)
    {
        _bed.Environment["STAGE"] = "prod";

        Values((await _bed.ResolveAsync(With(written))).Definition).Should().Equal(meant);
    }

    [Test]
    public async Task Where_a_number_or_a_switch_belongs_a_variable_becomes_one()
    {
        _bed.Environment["PORT"] = "8080";
        _bed.Environment["ROOT"] = "True";

        var revision = await _bed.ResolveAsync("""
            {"cpu":"${env:PORT}","containerDefinitions":[{"name":"web","readonlyRootFilesystem":"${env:ROOT}","portMappings":[{"containerPort":"${env:PORT}"}],"environment":[{"name":"P","value":"${env:PORT}"}]}]}
            """);

        revision.Definition["cpu"]!.ToJsonString().Should().Be("\"8080\"", "the task's cpu is a string");
        revision.Definition["containerDefinitions"]![0]!.ToJsonString().Should().Be("""
            {"name":"web","readonlyRootFilesystem":true,"portMappings":[{"containerPort":8080}],"environment":[{"name":"P","value":"8080"}]}
            """.Trim());
    }

    [Test]
    public async Task A_value_that_is_no_number_is_refused_without_showing_it()
    {
        _bed.Environment["PORT"] = "hunter2";

        var refusal = await _bed.RefusalAsync("""{"containerDefinitions":[{"name":"web","cpu":"${env:PORT}"}]}""");

        refusal.Code.Should().Be("ECSR5152");
        refusal.Message.Should().Contain("the value of '${env:PORT}'").And.NotContain("hunter2");
    }

    [TestCase("${env:NOT_SET}", "ECSR5156", "'${env:NOT_SET}' cannot be resolved: the environment has no variable 'NOT_SET'")]
    [TestCase("${HOME}", "ECSR5156", "'${HOME}' cannot be resolved: there are ${env:NAME}, ${commit}, ${image} and ${ssm:/PATH}; for the text itself write $${")]
    [TestCase("a ${env:B", "ECSR5156", "'${env:B' cannot be resolved: it has no closing brace")]
    [TestCase("${env:A}", "ECSR5157", "${env:A} → ${env:B} → ${env:A}")]
    [TestCase("${env:C}", "ECSR5156", "(it stands in the value of ${env:C})")]
    [TestCase("${ssm:/loop}", "ECSR5157", "${ssm:/loop} → ${ssm:/loop}")]
    [TestCase("${cfn:Stack.Output}", "ECSR5158", "not offered by this version")]
    [TestCase("${tfstate:aws_sqs_queue.q.url}", "ECSR5158", "${ssm:/PATH}")]
    [TestCase("${ssm:/none}", "ECSR5156", "there is no parameter '/none' in this account and region")]
    [TestCase("${ssm:/secret}", "ECSR5159", "\"valueFrom\": \"arn:aws:ssm:eu-west-1:123456789012:parameter/secret\"")]
    public async Task What_cannot_be_filled_in_is_refused_with_file_line_and_variable(string value, string code, string why)
    {
        _bed.Environment["A"] = "a ${env:B}";
        _bed.Environment["B"] = "b ${env:A}";
        _bed.Environment["C"] = "${env:NOT_SET}";
        _bed.Ssm = Parameters();

        var refusal = await _bed.RefusalAsync(With(value));

        refusal.Code.Should().Be(code);
        refusal.Message.Should().StartWith("td.json(3,60): ").And.Contain(why);
    }

    [Test]
    public async Task Parameters_are_read_ten_a_call_each_once_and_never_decrypted()
    {
        _bed.Ssm = Parameters();
        var values = Enumerable.Range(0, 11).Select(n => $"${{ssm:/p{n}}}").Append("${ssm:/list} ${ssm:/p0} ${ssm:/p1:2} ${ssm:arn:aws:ssm:eu-west-1:123456789012:parameter/p2}");

        var revision = await _bed.ResolveAsync(With([.. values]));

        Values(revision.Definition).Last().Should().Be("a,b v0 second v2");
        _bed.Ssm.Calls.Select(call => call.Request["Names"]!.AsArray().Count).Should().Equal(10, 4);
        _bed.Ssm.Calls.Should().OnlyContain(call => (bool)call.Request["WithDecryption"]! == false);
    }

    [Test]
    public async Task A_variable_of_the_environment_may_name_a_parameter()
    {
        _bed.Environment["A"] = "${env:B}/x";
        _bed.Environment["B"] = "${ssm:/p1}";
        _bed.Ssm = Parameters();

        Values((await _bed.ResolveAsync(With("${env:A}"))).Definition).Should().Equal("v1/x");
    }

    [Test]
    public async Task A_parameter_is_taken_as_it_is_since_others_may_write_it()
    {
        _bed.Environment["AWS_SECRET_ACCESS_KEY"] = "hunter2";
        _bed.Ssm = new(Answers("""{"Name":"/p","Type":"String","Value":"${env:AWS_SECRET_ACCESS_KEY}"}"""));

        Values((await _bed.ResolveAsync(With("${ssm:/p}"))).Definition).Should().Equal("${env:AWS_SECRET_ACCESS_KEY}");
    }

    [Test]
    public async Task Parameters_that_cannot_be_read_are_said_with_the_place_and_what_to_allow()
    {
        _bed.Ssm = new((JsonObject)JsonNode.Parse("""{"GetParameters":[{"error":{"code":"AccessDeniedException","message":"User: u is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:eu-west-1:1:parameter/p"}}]}""")!);

        var refusal = await _bed.RefusalAsync(With("${ssm:/p}"));

        refusal.Code.Should().Be("ECSR5156");
        refusal.Message.Should().StartWith("td.json(3,60): '${ssm:/p}'").And.Contain("ECSR4003").And.Contain("\"Action\":\"ssm:GetParameters\"");
    }

    [Test]
    public async Task A_parameters_value_is_part_of_the_hash()
    {
        async Task<string> HashAsync(string value)
        {
            _bed.Ssm = new(Answers($$"""{"Name":"/p","Type":"String","Value":"{{value}}"}"""));
            return (await _bed.ResolveAsync(With("${ssm:/p}"))).Hash;
        }

        (await HashAsync("1")).Should().NotBe(await HashAsync("2"));
    }

    [Test]
    public async Task A_sidecar_may_share_the_image_of_the_release()
    {
        const string Text = """{"containerDefinitions":[{"name":"web","image":"${image}"},{"name":"migrations","image":"${image}","essential":false}]}""";
        _bed.Image = "host/orders:1";

        var revision = await _bed.ResolveAsync(Text);

        var registered = revision.WithImage("host/orders:1");
        registered["containerDefinitions"]!.AsArray().Select(container => (string?)container!["image"]).Should().Equal("host/orders:1", "host/orders:1");
        _bed.Live = registered;
        (await _bed.ResolveAsync(Text)).Changes.Should().BeEmpty();
        _bed.Image = null;
        (await _bed.ResolveAsync(Text)).Changes.Should().Equal("container migrations.image: host/orders:1 → ${image}");
    }

    [Test]
    public async Task A_secret_of_the_environment_in_a_plain_variable_is_warned_of_and_reaches_no_log()
    {
        _bed.Environment["PASSWORD"] = "hunter2";
        _bed.Live = (JsonObject)JsonNode.Parse("""{"family":"f","containerDefinitions":[{"name":"web"}]}""")!;

        var revision = await _bed.ResolveAsync("{\"containerDefinitions\":[{\"name\":\"web\",\"environment\":[\n{\"name\":\"DB_PASSWORD\",\"value\":\"${env:PASSWORD}\"}]}]}");

        revision.Warnings.Single().Code.Should().Be("ECSR5160");
        revision.Warnings.Single().Message.Should().StartWith("td.json(2,1): variable 'DB_PASSWORD' of container 'web'").And.NotContain("hunter2");
        revision.Changes.Should().Equal("environment DB_PASSWORD: (absent) → (hidden)");
        revision.Definition.ToJsonString().Should().Contain("hunter2");
    }

    [Test]
    public async Task The_example_of_the_documentation_is_a_definition()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "src", "EcsRelease.Core", "docs", "task-definitions.md")).ReplaceLineEndings("\n");
        _bed.Environment["STAGE"] = "prod";
        _bed.Ssm = new(Answers("""{"Name":"/orders/queue-url","Type":"String","Value":"https://sqs"}"""));
        _bed.Image = "host/orders:1";

        var revision = await _bed.ResolveAsync(page.Split("```json\n")[1].Split("```")[0]);

        (revision.Family, revision.Container).Should().Be(("orders-prod", "web"));
        Values(revision.Definition).Should().Equal("https://sqs");
        ((string?)revision.Definition["containerDefinitions"]![1]!["image"]).Should().Be("host/orders:1");
    }

    private static ScriptedService Parameters() => new(Answers([
        .. Enumerable.Range(0, 11).Select(n => $$"""{"Name":"/p{{n}}","Type":"String","Value":"v{{n}}","ARN":"arn:aws:ssm:eu-west-1:123456789012:parameter/p{{n}}"}"""),
        """{"Name":"/p1","Selector":":2","Type":"String","Value":"second"}""",
        """{"Name":"/list","Type":"StringList","Value":"a,b"}""",
        """{"Name":"/loop","Type":"String","Value":"x${ssm:/loop}"}""",
        """{"Name":"/secret","Type":"SecureString","Value":"AQICAH…","ARN":"arn:aws:ssm:eu-west-1:123456789012:parameter/secret"}"""]));

    private static JsonObject Answers(params string[] parameters) =>
        (JsonObject)JsonNode.Parse($$"""{"GetParameters":[{"Parameters":[{{string.Join(',', parameters)}}],"InvalidParameters":[]}]}""")!;

    private static string With(params string[] values) =>
        "{\n  \"containerDefinitions\":\n    [{\"name\":\"web\",\"environment\":[" + string.Join(",", values.Select((value, n) => $$"""{"name":"V{{n}}",    "value":{{JsonValue.Create(value).ToJsonString()}}}""")) + "]}]}";

    private static IEnumerable<string> Values(JsonObject definition) =>
        definition["containerDefinitions"]![0]!["environment"]!.AsArray().Select(variable => (string)variable!["value"]!);
}
