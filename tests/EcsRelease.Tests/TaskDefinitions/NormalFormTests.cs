using System.Text.Json.Nodes;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Tests.TaskDefinitions;

/// <summary>Two spellings of one definition have one hash; two definitions have two.</summary>
public class NormalFormTests
{
    [TestCase("""{"containerDefinitions":[{"name":"web"}]}""",
        """{"networkMode":"bridge","volumes":[],"placementConstraints":[],"containerDefinitions":[{"name":"web","cpu":0,"essential":true,"environment":[],"mountPoints":[],"volumesFrom":[],"portMappings":[],"systemControls":[],"versionConsistency":"enabled"}]}""",
        TestName = "What ECS adds to a container is what it means by default")]
    [TestCase("""{"containerDefinitions":[{"name":"web"}]}""",
        """{"enableFaultInjection":false,"containerDefinitions":[{"name":"web","privileged":false,"readonlyRootFilesystem":false,"interactive":false,"pseudoTerminal":false,"disableNetworking":false}]}""",
        TestName = "A flag that is false is a flag that is absent")]
    [TestCase("""{"networkMode":"awsvpc","containerDefinitions":[{"name":"web","portMappings":[{"containerPort":80}]}]}""",
        """{"networkMode":"awsvpc","containerDefinitions":[{"name":"web","portMappings":[{"containerPort":80,"hostPort":80,"protocol":"tcp"}]}]}""",
        TestName = "In awsvpc mode the host port is the container port")]
    [TestCase("""{"networkMode":"bridge","containerDefinitions":[{"name":"web","portMappings":[{"containerPort":80}]}]}""",
        """{"containerDefinitions":[{"name":"web","portMappings":[{"containerPort":80,"hostPort":0,"protocol":"tcp"}]}]}""",
        TestName = "In bridge mode the host port is dynamic")]
    [TestCase("""{"containerDefinitions":[{"name":"web","healthCheck":{"command":["CMD","x"]}}]}""",
        """{"containerDefinitions":[{"name":"web","healthCheck":{"command":["CMD","x"],"interval":30,"timeout":5,"retries":3}}]}""",
        TestName = "A health check has its default times")]
    [TestCase("""{"cpu":"1 vCPU","memory":"2 GB","containerDefinitions":[{"name":"web"}]}""", """{"cpu":"1024","memory":2048,"containerDefinitions":[{"name":"web"}]}""",
        TestName = "vCPU and GB are units and MiB")]
    [TestCase("""{"cpu":".5 vcpu","containerDefinitions":[{"name":"web"}]}""", """{"cpu":"512","containerDefinitions":[{"name":"web"}]}""", TestName = "Half a vCPU is 512 units")]
    [TestCase("""{"requiresCompatibilities":["FARGATE","EC2"],"containerDefinitions":[{"name":"web"}]}""",
        """{"requiresCompatibilities":["EC2","FARGATE"],"runtimePlatform":{"cpuArchitecture":"X86_64","operatingSystemFamily":"LINUX"},"containerDefinitions":[{"name":"web"}]}""",
        TestName = "On Fargate the platform is X86_64 Linux by default")]
    [TestCase("""{"volumes":[{"name":"v"},{"name":"e","efsVolumeConfiguration":{"fileSystemId":"fs"}}],"containerDefinitions":[{"name":"web"}]}""",
        """{"volumes":[{"name":"e","efsVolumeConfiguration":{"fileSystemId":"fs","rootDirectory":"/"}},{"name":"v","host":{}}],"containerDefinitions":[{"name":"web"}]}""",
        TestName = "Volumes have their defaults, in any order")]
    [TestCase("""{"containerDefinitions":[{"name":"web","environment":[{"name":"A","value":"1"},{"name":"B","value":"2"}]},{"name":"side","image":"x"}]}""",
        """{"containerDefinitions":[{"name":"side","image":"x"},{"name":"web","environment":[{"value":"2","name":"B"},{"name":"A","value":"1"}]}]}""",
        TestName = "Containers and variables are maps, order says nothing")]
    [TestCase("""{"executionRoleArn":"exec","containerDefinitions":[{"name":"web"}]}""", """{"executionRoleArn":"arn:aws:iam::123456789012:role/service-role/exec","containerDefinitions":[{"name":"web"}]}""",
        TestName = "A role's name and its ARN are one role")]
    [TestCase("""{"containerDefinitions":[{"name":"web","image":"x:1"},{"name":"side","image":"host:5000/y:2@sha256:ab"}]}""",
        """{"containerDefinitions":[{"name":"web","image":"x:2"},{"name":"side","image":"host:5000/y@sha256:ab"}]}""",
        TestName = "The released image is left out and a digest beats its tag")]
    [TestCase("""{"containerDefinitions":[{"name":"web"}]}""",
        """{"taskDefinitionArn":"a","revision":3,"status":"ACTIVE","requiresAttributes":[{"name":"x"}],"compatibilities":["EC2"],"registeredAt":1.5,"registeredBy":"me","containerDefinitions":[{"name":"web","dockerLabels":{"ecs-release.from":"properties","ecs-release.hash":"1:a","ecs-release.declared":"env:A"}}]}""",
        TestName = "What describing adds and our labels are left out")]
    public void Two_spellings_are_one(string first, string second) =>
        NormalForm.Of(Json(first), "web").ToJsonString().Should().Be(NormalForm.Of(Json(second), "web").ToJsonString());

    [TestCase("""{"containerDefinitions":[{"name":"web","environment":[{"name":"A","value":""}]}]}""", """{"containerDefinitions":[{"name":"web"}]}""", TestName = "An empty variable is not an absent one")]
    [TestCase("""{"containerDefinitions":[{"name":"web","command":["a","b"]}]}""", """{"containerDefinitions":[{"name":"web","command":["b","a"]}]}""", TestName = "A command has an order")]
    [TestCase("""{"containerDefinitions":[{"name":"web","memberOfNextYear":1}]}""", """{"containerDefinitions":[{"name":"web"}]}""", TestName = "A member that nobody knows yet counts")]
    [TestCase("""{"containerDefinitions":[{"name":"web"},{"name":"side","image":"y:1"}]}""", """{"containerDefinitions":[{"name":"web"},{"name":"side","image":"y:2"}]}""", TestName = "The image of another container counts")]
    [TestCase("""{"containerDefinitions":[{"name":"web","dockerLabels":{"privileged":"false"}}]}""", """{"containerDefinitions":[{"name":"web"}]}""", TestName = "A label of the user counts whatever its name")]
    public void Two_definitions_are_two(string first, string second) =>
        NormalForm.Hash(Json(first), "web").Should().NotBe(NormalForm.Hash(Json(second), "web"));

    [Test]
    public void A_difference_reads_like_a_sentence()
    {
        var before = Json("""{"cpu":"256","containerDefinitions":[{"name":"web","environment":[{"name":"LOG_LEVEL","value":"info"},{"name":"OLD","value":"1"},{"name":"DB_PASSWORD","value":"a"}]},{"name":"side","image":"y:1"}]}""");
        var after = Json("""{"cpu":"512","containerDefinitions":[{"name":"web","environment":[{"name":"LOG_LEVEL","value":"debug"},{"name":"DB_PASSWORD","value":"b"}],"secrets":[{"name":"KEY","valueFrom":"arn:x"}]},{"name":"side","image":"y:2"}]}""");

        Lines(before, after).Should().Equal(
            "cpu: 256 → 512",
            "environment DB_PASSWORD: (hidden) → (hidden)",
            "environment LOG_LEVEL: (hidden) → debug",
            "environment OLD: (hidden) → (absent)",
            "secrets KEY: (absent) → arn:x",
            "container side.image: y:1 → y:2");
    }

    [TestCase("""{"environment":[{"name":"PLAIN","value":"LIVE"}]}""", """{"environment":[{"name":"PLAIN","value":"NEW"}]}""", "environment PLAIN: (hidden) → NEW")]
    [TestCase("""{"command":["--db","LIVE"]}""", """{"command":["--db","NEW"]}""", """command: (hidden) → ["--db","NEW"]""")]
    [TestCase("""{"command":["--token","LIVE"]}""", """{"command":["--token","LIVE2"]}""", "command: (hidden) → (hidden)")]
    [TestCase("""{"dockerLabels":{"traefik.users":"LIVE"}}""", """{"dockerLabels":{"traefik.users":"NEW"}}""", "dockerLabels.traefik.users: (hidden) → NEW")]
    [TestCase("""{"logConfiguration":{"options":{"splunk-token":"LIVE"}}}""", """{"logConfiguration":{"options":{"splunk-token":"NEW"}}}""", "logConfiguration.options.splunk-token: (hidden) → (hidden)")]
    [TestCase("""{"logConfiguration":{"options":{"apikey":"LIVE"}}}""", """{}""", "logConfiguration.options.apikey: (hidden) → (absent)")]
    [TestCase("""{"logConfiguration":{"options":{"awslogs-group":"/a"}}}""", """{"logConfiguration":{"options":{"awslogs-group":"/b"}}}""", "logConfiguration.options.awslogs-group: /a → /b")]
    [TestCase("""{"logConfiguration":{"secretOptions":[{"name":"splunk-token","valueFrom":"arn:a"}]}}""", """{"logConfiguration":{"secretOptions":[{"name":"splunk-token","valueFrom":"arn:b"}]}}""", "logConfiguration.secretOptions splunk-token: arn:a → arn:b")]
    [TestCase("""{"environment":[]}""", """{"environment":[{"name":"BROKER","value":"amqp://u:NEW@host"}]}""", "environment BROKER: (absent) → (hidden)")]
    [TestCase("""{}""", """{"environment":[{"name":"DB","value":"Host=db;Password=NEW"}]}""", "environment DB: (absent) → (hidden)")]
    [TestCase("""{}""", """{"environment":[{"name":"NOTE","value":"a\nb\u001b[31m"}]}""", @"environment NOTE: (absent) → a\x0ab\x1b[31m", TestName = "Control characters of a value are shown, not obeyed")]
    public void What_may_be_a_secret_does_not_reach_a_log(string live, string next, string line)
    {
        static JsonObject Of(string members)
        {
            var container = Json(members);
            container["name"] = "web";
            return new JsonObject { ["containerDefinitions"] = new JsonArray(container) };
        }

        Lines(Of(live), Of(next)).Should().Equal(line);
    }

    [Test]
    public void A_new_value_is_hidden_when_the_name_of_its_variable_looks_like_a_secret(
        [Values("DATABASE_URL", "REDIS_URI", "SENTRY_DSN", "SIGNING_KEY", "SMTP_PASS", "BASIC_AUTH", "ConnectionStrings__Db")] string name)
    {
        var after = Json($$"""{"containerDefinitions":[{"name":"web","environment":[{"name":"{{name}}","value":"v"}]}]}""");

        Lines(Json("""{"containerDefinitions":[{"name":"web"}]}"""), after).Should().Equal($"environment {name}: (absent) → (hidden)");
    }

    [TestCase("""{"portMappings":[{"containerPort":80,"hostPort":80},{"containerPort":80,"hostPort":81}]}""", """{"portMappings":[{"containerPort":80,"hostPort":82},{"containerPort":80,"hostPort":81}]}""", "portMappings 80/tcp", TestName = "Two host ports of one container port")]
    [TestCase("""{"portMappings":[{"containerPortRange":"80-81"},{"containerPortRange":"90-91"}]}""", """{"portMappings":[{"containerPortRange":"80-82"},{"containerPortRange":"90-91"}]}""", "portMappings 80-81/tcp", TestName = "A range of ports")]
    [TestCase("""{"extraHosts":[{"hostname":"a","ipAddress":"10.0.0.1"},{"hostname":"a","ipAddress":"10.0.0.9"}]}""", """{"extraHosts":[{"hostname":"a","ipAddress":"10.0.0.2"},{"hostname":"a","ipAddress":"10.0.0.9"}]}""", "extraHosts a", TestName = "Two addresses of one host")]
    [TestCase("""{"secrets":[{"name":"A","valueFrom":"x","memberOfNextYear":1}]}""", """{"secrets":[{"name":"A","valueFrom":"x","memberOfNextYear":2}]}""", "secrets A.memberOfNextYear", TestName = "A member that nobody knows in an element")]
    [TestCase("""{"environment":[{"name":"A"}]}""", """{"environment":[{"name":"A","value":""}]}""", "environment A", TestName = "A variable without a value and one with an empty one")]
    [TestCase("""{"mountPoints":[{"containerPath":"/a"}]}""", """{"mountPoints":[]}""", "mountPoints /a", TestName = "An element that is nothing but its name")]
    public void A_difference_of_the_normal_forms_is_always_shown(string live, string next, string member)
    {
        static JsonObject Of(string members)
        {
            var container = Json(members);
            container["name"] = "web";
            return new JsonObject { ["containerDefinitions"] = new JsonArray(container) };
        }

        NormalForm.AreSame(Of(live), Of(next), "web").Should().BeFalse();
        Difference.Between(Of(live), Of(next), "web").Select(difference => difference.Member).Should().Contain(member);
    }

    [TestCase("exec", "arn:aws:iam::1:role/path/exec", true)]
    [TestCase("arn:aws:iam::1:role/exec", "arn:aws:iam::1:role/exec", true)]
    [TestCase("arn:aws:iam::1:role/exec", "arn:aws:iam::2:role/exec", false)]
    [TestCase("arn:aws:iam::1:role/exec", "arn:aws-cn:iam::1:role/exec", false)]
    public void A_role_is_compared_by_name_only_where_one_side_is_no_arn(string first, string second, bool same)
    {
        static JsonObject Of(string role) => Json($$"""{"taskRoleArn":"{{role}}","containerDefinitions":[{"name":"web"}]}""");

        NormalForm.AreSame(Of(first), Of(second), "web").Should().Be(same);
        Lines(Of(first), Of(second)).Should().HaveCount(same ? 0 : 1);
    }

    private static IEnumerable<string> Lines(JsonObject before, JsonObject after) =>
        Difference.Between(before, after, "web").Select(difference => difference.ToString());

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}
