using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Tests.Ecs;

/// <summary>RegisterTaskDefinition and its neighbours. Texts: reference texts of ECS as users and tools have recorded them.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TaskDefinitionTests : IDisposable
{
    private const string Container = """{"name":"app","image":"good","memory":128}""";
    private const string Fargate = """ "family":"f","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512" """;

    private readonly EcsRig _ecs = new();

    public void Dispose() => _ecs.Dispose();

    [TestCase("""{"family":"f","containerDefinitions":[]}""", "Container list cannot be empty.")]
    [TestCase("""{"family":"f f","containerDefinitions":[{"name":"app","image":"good","memory":128}]}""", "Family contains invalid characters.")]
    [TestCase("""{"family":"f","containerDefinitions":[{"name":"app","memory":128}]}""", "Container.image should not be null or empty.")]
    [TestCase("""{"family":"f","containerDefinitions":[{"name":"app","image":"good"}]}""", "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.")]
    [TestCase("""{"family":"f","containerDefinitions":[{"name":"app","image":"good","memory":128,"essential":false}]}""", "Task definition doesn't have any essential container")]
    [TestCase("""{"family":"f","containerDefinitions":[{"name":"app","image":"good","memory":128,"secrets":[{"name":"S","valueFrom":"x"}]}]}""", "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.")]
    [TestCase("""{"family":"f","containerDefinitions":[{"name":"app","image":"good","memory":128}],"tags":[]}""", "Tags can not be empty.")]
    [TestCase("""{"family":"f","containerDefinitions":[{"name":"app","image":"good","memory":128,"dependsOn":[{"containerName":"X","condition":"START"}]}]}""", "Cannot depend on container + 'X' because it does not exist")]
    [TestCase("""{"family":"f","containerDefinitions":[{"name":"app","image":"good","memory":128,"dependsOn":[{"containerName":"app","condition":"START"}]}]}""", "Container dependencies must not form a cycle: 'app' depends on itself.")]
    [TestCase("""{"family":"f","containerDefinitions":[{"name":"app","image":"good","memory":128,"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"g"}}}]}""", "Log driver awslogs requires options: awslogs-region, awslogs-group")]
    [TestCase("""{"family":"f","networkMode":"awsvpc","containerDefinitions":[{"name":"app","image":"good","memory":128,"portMappings":[{"containerPort":80,"hostPort":81}]}]}""", "When networkMode=awsvpc, the host ports and container ports in port mappings must match.")]
    [TestCase("""{"family":"f","cpu":"lots","containerDefinitions":[{"name":"app","image":"good","memory":128}]}""", "Invalid 'cpu' setting for task.")]
    [TestCase("""{"family":"f","requiresCompatibilities":["FARGATE"],"containerDefinitions":[{"name":"app","image":"good","memory":128}]}""", "Fargate only supports network mode 'awsvpc'.")]
    [TestCase("""{"family":"f","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"containerDefinitions":[{"name":"app","image":"good","memory":128}]}""", "Fargate requires that 'cpu' be defined at the task level.")]
    public void A_bad_definition_is_refused_in_the_words_of_ECS(string input, string message) => Refused("RegisterTaskDefinition", input, "ClientException").Should().Be(message);

    [TestCase(""" "containerDefinitions":[{"name":"app","image":"good","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"g","awslogs-region":"r"}}}]""", "Fargate requires task definition to have execution role ARN to support log driver awslogs.")]
    [TestCase(""" "containerDefinitions":[{"name":"app","image":"1.dkr.ecr.us-east-1.amazonaws.com/a:b"}]""", "Fargate requires task definition to have execution role ARN to support ECR images.")]
    [TestCase(""" "pidMode":"host","containerDefinitions":[{"name":"app","image":"good"}]""", "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.")]
    public void Fargate_has_rules_of_its_own(string more, string message) => Refused("RegisterTaskDefinition", $"{{{Fargate},{more}}}", "ClientException").Should().Be(message);

    [TestCase("256", "512", true)]
    [TestCase("256", "3072", false)]
    [TestCase("512", "4096", true)]
    [TestCase("1024", "1024", false)]
    [TestCase("4096", "30720", true)]
    [TestCase("8192", "20480", true)]
    [TestCase("8192", "17408", false)]
    [TestCase("16384", "122880", true)]
    [TestCase("32768", "122880", false)]
    public void Fargate_takes_only_its_sizes(string cpu, string memory, bool accepted)
    {
        var input = $$"""{"family":"f","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"{{cpu}}","memory":"{{memory}}","containerDefinitions":[{"name":"app","image":"good"}]}""";
        if (accepted)
            _ecs.Call("RegisterTaskDefinition", input)["taskDefinition"]!["compatibilities"]!.AsArray().Select(one => one!.ToString()).Should().Contain("FARGATE");
        else
            Refused("RegisterTaskDefinition", input, "ClientException").Should().StartWith($"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory.");
    }

    [Test]
    public void What_is_registered_is_described_with_unknown_members_and_defaults()
    {
        var input = """
            {"family":"f","cpu":".5 vCPU","memory":"2 GB","newIn2027":{"a":[]},"tags":[{"key":"k","value":"v"}],
             "containerDefinitions":[{"name":"app","image":"good","unheard":"","portMappings":[{"containerPort":80}],"healthCheck":{"command":["CMD-SHELL","x"]}}]}
            """;
        _ecs.Call("RegisterTaskDefinition", input);
        var answer = _ecs.Call("DescribeTaskDefinition", """{"taskDefinition":"f","include":["TAGS"]}""");

        var definition = answer["taskDefinition"]!;
        definition["newIn2027"]!.ToJsonString().Should().Be("""{"a":[]}""");
        (definition["cpu"]!.ToString(), definition["memory"]!.ToString(), definition["revision"]!.GetValue<int>()).Should().Be(("512", "2048", 1));
        var container = definition["containerDefinitions"]![0]!;
        container["unheard"]!.ToString().Should().BeEmpty();
        container["portMappings"]!.ToJsonString().Should().Be("""[{"containerPort":80,"protocol":"tcp","hostPort":0}]""");
        container["environment"]!.AsArray().Should().BeEmpty();
        container["healthCheck"]!["retries"]!.GetValue<int>().Should().Be(3);
        answer["tags"]!.ToJsonString().Should().Be("""[{"key":"k","value":"v"}]""");
    }

    [Test]
    public void Revisions_are_counted_listed_and_never_reused()
    {
        for (var i = 0; i < 11; i++)
            Register();
        Names(_ecs.Call("ListTaskDefinitions", """{"familyPrefix":"f","sort":"DESC","maxResults":2}""")).Should().Equal("f:11", "f:10");
        var second = _ecs.Call("ListTaskDefinitions", """{"familyPrefix":"f","sort":"DESC","maxResults":2}""")["nextToken"]!.ToString();
        Names(_ecs.Call("ListTaskDefinitions", $$"""{"familyPrefix":"f","sort":"DESC","maxResults":2,"nextToken":"{{second}}"}""")).Should().Equal("f:9", "f:8");

        _ecs.Call("DeregisterTaskDefinition", """{"taskDefinition":"f:11"}""")["taskDefinition"]!["status"]!.ToString().Should().Be("INACTIVE");
        _ecs.Call("DescribeTaskDefinition", """{"taskDefinition":"f"}""")["taskDefinition"]!["revision"]!.GetValue<int>().Should().Be(10);
        Register()["taskDefinition"]!["revision"]!.ToString().Should().Be("12");
    }

    [Test]
    public void A_page_goes_on_although_its_last_item_has_left_the_list()
    {
        for (var i = 0; i < 4; i++)
            Register();
        var token = _ecs.Call("ListTaskDefinitions", """{"maxResults":2}""")["nextToken"]!.ToString();
        _ecs.Call("DeregisterTaskDefinition", """{"taskDefinition":"f:2"}""");

        Names(_ecs.Call("ListTaskDefinitions", $$"""{"nextToken":"{{token}}"}""")).Should().Equal("f:3", "f:4");
        Refused("ListTaskDefinitions", """{"nextToken":"bad"}""", "InvalidParameterException").Should().Contain("Invalid token");
    }

    [Test]
    public void Only_an_inactive_revision_can_be_deleted()
    {
        Register();
        var deletion = """{"taskDefinitions":["f:1"]}""";
        _ecs.Call("DeleteTaskDefinitions", deletion)["failures"]![0]!["reason"]!.ToString()
            .Should().Be("The specified task definition is still in ACTIVE status. Please deregister the target and try again.");
        _ecs.Call("DeregisterTaskDefinition", """{"taskDefinition":"f:1"}""");
        _ecs.Call("DeleteTaskDefinitions", deletion)["taskDefinitions"]![0]!["status"]!.ToString().Should().Be("DELETE_IN_PROGRESS");
    }

    [TestCase("DescribeTaskDefinition", """{"taskDefinition":"nobody"}""", "ClientException", "Unable to describe task definition.")]
    [TestCase("DeregisterTaskDefinition", """{"taskDefinition":"nobody"}""", "ClientException", "Revision is missing.")]
    [TestCase("CreateService", """{"serviceName":"s","taskDefinition":"nobody","desiredCount":1}""", "ClientException", "TaskDefinition not found.")]
    [TestCase("CreateService", """{"serviceName":"s","taskDefinition":"nobody","desiredCount":1,"cluster":"other"}""", "ClusterNotFoundException", "Cluster not found.")]
    [TestCase("DescribeServices", """{"services":[]}""", "InvalidParameterException", "Services cannot be empty")]
    [TestCase("DescribeTasks", """{"tasks":[]}""", "InvalidParameterException", "Tasks cannot be empty.")]
    [TestCase("StopTask", """{"task":"nobody"}""", "InvalidParameterException", "The referenced task was not found.")]
    [TestCase("RegisterTaskDefinition", """{"family":1}""", "SerializationException", "Member 'family' must be a String, found 1.")]
    [TestCase("CreateExpressGatewayService", "{}", "UnknownOperationException", "The local ECS does not offer the operation 'CreateExpressGatewayService'.")]
    public void A_bad_call_is_refused_in_the_words_of_ECS(string operation, string input, string type, string message) => Refused(operation, input, type).Should().Be(message);

    [TestCase("""{"deploymentConfiguration":{"strategy":"BLUE_GREEN"}}""", "UnsupportedFeatureException")]
    [TestCase("""{"deploymentController":{"type":"CODE_DEPLOY"}}""", "UnsupportedFeatureException")]
    [TestCase("""{"clientToken":"1234567890123456789012345678901234567"}""", "InvalidParameterException")]
    [TestCase("""{"desiredCount":null}""", "InvalidParameterException")]
    [TestCase("""{"loadBalancers":[{"containerName":"web","containerPort":80}]}""", "InvalidParameterException")]
    [TestCase("""{"enableExecuteCommand":true}""", "InvalidParameterException")]
    public void A_service_that_cannot_be_is_refused(string more, string type)
    {
        Register();
        var input = JsonNode.Parse("""{"serviceName":"s","taskDefinition":"f","desiredCount":1}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
            input[name] = value?.DeepClone();
        Refused("CreateService", input.ToJsonString(), type).Should().NotBeEmpty();
        _ecs.Call("DescribeServices", """{"services":["s"]}""")["failures"]![0]!["reason"]!.ToString().Should().Be("MISSING");
    }

    [Test]
    public void A_service_is_created_once_per_token()
    {
        Register();
        const string create = """{"serviceName":"s","taskDefinition":"f","desiredCount":1,"clientToken":"t"}""";
        var arn = _ecs.Call("CreateService", create)["service"]!["serviceArn"]!.ToString();
        _ecs.Call("CreateService", create)["service"]!["serviceArn"]!.ToString().Should().Be(arn);
        Refused("CreateService", create.Replace("\"t\"", "\"u\"", StringComparison.Ordinal), "InvalidParameterException").Should().Be("Creation of service was not idempotent.");
    }

    private JsonObject Register() => _ecs.Call("RegisterTaskDefinition", $$"""{"family":"f","containerDefinitions":[{{Container}}]}""");

    private static IEnumerable<string> Names(JsonObject answer) => answer["taskDefinitionArns"]!.AsArray().Select(arn => arn!.ToString().Split('/')[1]);

    private string Refused(string operation, string input, string type)
    {
        var refusal = FluentActions.Invoking(() => _ecs.Call(operation, input)).Should().Throw<AwsException>().Which;
        refusal.Type.Should().Be(type);
        return refusal.Message;
    }
}
