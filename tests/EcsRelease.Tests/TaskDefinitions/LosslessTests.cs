using System.Text.Json.Nodes;
using CsCheck;
using EcsRelease.TaskDefinitions;
using EcsRelease.TaskDefinitions.Files;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.TaskDefinitions;

/// <summary>Nothing is lost of a task definition, and nothing is changed that its author did not change.</summary>
public sealed class LosslessTests
{
    private const long Definitions = 3000;
    private const int OnLocalAws = 60;

    [Test]
    public void What_was_described_and_stripped_has_the_normal_form_of_what_was_registered() =>
        Gen.Int.Sample(seed =>
        {
            var definition = new DefinitionMaker(seed).Make();
            var again = RevisionJson.Registrable(DescribedDefinition.Of(definition, seed));

            return NormalForm.AreSame(definition, again, "c0") && NormalForm.Hash(definition, "c0") == NormalForm.Hash(again, "c0") && Holds(again, definition);
        }, iter: Definitions, print: Print);

    [Test]
    public Task A_release_of_a_live_definition_changes_the_image_and_what_is_declared_and_nothing_else() =>
        Gen.Int.SampleAsync(async seed =>
        {
            var live = DescribedDefinition.Of(new DefinitionMaker(seed).Make(), seed);
            using var bed = new DefinitionBed { Live = live, Options = new() { TaskDefinition = "live", EnvironmentVariables = [new("DECLARED", "1")] } };

            var revision = await bed.ResolveAsync();

            var registered = revision.WithImage("new:image");
            var container = registered["containerDefinitions"]!.AsArray().Single(each => (string?)each!["name"] == "c0")!.AsObject();
            var before = live["containerDefinitions"]!.AsArray().Single(each => (string?)each!["name"] == "c0")!.AsObject();
            var isImageNew = (string?)container["image"] == "new:image";
            container["image"] = before["image"]!.DeepClone();
            var variables = container["environment"]!.AsArray();
            variables.Remove(variables.Single(each => (string?)each!["name"] == "DECLARED"));
            RevisionLabels.Remove(container);
            RestoreEmptyLabels(container, before);
            return isImageNew && revision.Changes.SequenceEqual(["environment DECLARED: (absent) → 1"]) && JsonNode.DeepEquals(registered, RevisionJson.Registrable(live));
        }, iter: Definitions / 3, print: Print);

    [Test]
    public Task A_live_definition_that_is_written_to_a_file_and_read_back_is_the_same() =>
        Gen.Int.SampleAsync(async seed =>
        {
            var live = DescribedDefinition.Of(new DefinitionMaker(seed).Make(), seed);
            using var bed = new DefinitionBed { Live = live, Image = (string)live["containerDefinitions"]!.AsArray().Single(each => (string?)each!["name"] == "c0")!["image"]! };

            var revision = await bed.ResolveAsync(DefinitionText.Of(new JsonObject { ["taskDefinition"] = live.DeepClone() }, "c0"));

            return revision.Changes.Count == 0 && JsonNode.DeepEquals(revision.WithImage(bed.Image), RevisionJson.Registrable(live));
        }, iter: Definitions / 10, print: Print);

    [Test]
    public async Task The_local_aws_takes_back_what_it_described()
    {
        await using var bed = await EngineBed.StartAsync();

        for (var seed = 0; seed < OnLocalAws; seed++)
        {
            var definition = new DefinitionMaker(seed).Make();
            var described = await RegisterAsync(bed, definition);
            var again = await RegisterAsync(bed, RevisionJson.Registrable(described));

            NormalForm.AreSame(definition, described, "c0").Should().BeTrue("seed {0} makes {1}", seed, definition.ToJsonString());
            NormalForm.Hash(again, "c0").Should().Be(NormalForm.Hash(definition, "c0"));
            JsonNode.DeepEquals(RevisionJson.Registrable(again), RevisionJson.Registrable(described)).Should().BeTrue();
            Holds(described, WithoutNulls(definition)).Should().BeTrue("seed {0} makes {1}", seed, definition.ToJsonString());
        }
    }

    [TestCase("""{"entryPoint":[],"command":[],"environment":[{"name":"A","value":""}],"dockerLabels":{"a":""},"healthCheck":{"command":["CMD",""]},"hostname":""}""",
        TestName = "GitHub action 216 and 780: empty strings and empty lists")]
    [TestCase("""{"secrets":[{"name":"A","valueFrom":"arn:x"}],"environment":[{"name":"B","value":"1"},{"name":"C","value":"2"}]}""",
        TestName = "SIL ecs-deploy 180: secrets")]
    [TestCase("""{"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/g"},"secretOptions":[{"name":"a","valueFrom":"b"}]},"systemControls":[{"namespace":"n","value":""}],"memberOfNextYear":{"a":[null]}}""",
        TestName = "ECS.Tools: whatever it did not know")]
    public Task A_member_that_other_tools_lose_in_a_container_is_kept(string members) => KeptAsync([], members);

    [TestCase("""{"pidMode":"task","ipcMode":"none"}""", TestName = "ecspresso: pidMode and ipcMode")]
    [TestCase("""{"inferenceAccelerators":[{"deviceName":"d","deviceType":"t"}],"enableFaultInjection":true}""", TestName = "ecspresso: inferenceAccelerators and enableFaultInjection")]
    [TestCase("""{"executionRoleArn":"arn:aws:iam::1:role/exec","taskRoleArn":"arn:aws:iam::1:role/task"}""", TestName = "SIL ecs-deploy 180: executionRoleArn")]
    [TestCase("""{"runtimePlatform":{"cpuArchitecture":"ARM64"},"ephemeralStorage":{"sizeInGiB":21},"proxyConfiguration":{"containerName":"envoy","properties":[{"name":"a","value":""}]}}""",
        TestName = "ECS.Tools: runtimePlatform, ephemeralStorage and proxyConfiguration")]
    public Task A_member_that_other_tools_lose_in_a_task_is_kept(string members) => KeptAsync((JsonObject)JsonNode.Parse(members)!, "{}");

    [Test]
    public async Task Other_containers_keep_their_images()
    {
        using var bed = new DefinitionBed { Live = Definition([], "{}"), Options = new() { TaskDefinition = "live" } };

        (await bed.ResolveAsync()).WithImage("new:image")["containerDefinitions"]!.AsArray().Select(container => (string?)container!["image"]).Should().Equal("new:image", "envoy:1");
    }

    private static async Task KeptAsync(JsonObject task, string members)
    {
        var definition = Definition(task, members);
        using var bed = new DefinitionBed { Live = DescribedDefinition.Of(definition, 0), Options = new() { TaskDefinition = "live", Container = "web" } };

        var revision = await bed.ResolveAsync();

        revision.Changes.Should().BeEmpty();
        Holds(revision.WithImage("x:1"), definition).Should().BeTrue(revision.Definition.ToJsonString());
    }

    private static JsonObject Definition(JsonObject task, string members)
    {
        var container = (JsonObject)JsonNode.Parse(members)!;
        container["name"] = "web";
        container["image"] = "x:1";
        task["family"] = "orders";
        task["containerDefinitions"] = new JsonArray(container, new JsonObject { ["name"] = "envoy", ["image"] = "envoy:1", ["essential"] = false });
        return task;
    }

    private static async Task<JsonObject> RegisterAsync(EngineBed bed, JsonObject definition)
    {
        var registered = await bed.Ecs.RegisterTaskDefinitionAsync((JsonObject)definition.DeepClone(), CancellationToken.None);
        return (JsonObject)(await bed.RevisionAsync((string)registered["taskDefinition"]!["taskDefinitionArn"]!))["taskDefinition"]!;
    }

    /// <summary>Everything that was written is there, by name where a list is a map; the service adds, and writes units as numbers.</summary>
    private static bool Holds(JsonNode? found, JsonNode? written) => (found, written) switch
    {
        (JsonObject there, JsonObject said) => said.All(pair => there.ContainsKey(pair.Key) && (pair.Key is "cpu" or "memory" || Holds(there[pair.Key], pair.Value))),
        (JsonArray there, JsonArray said) => there.Count == said.Count && said.All(item => there.Any(other => Holds(other, item))),
        _ => JsonNode.DeepEquals(found, written),
    };

    // The service writes no nulls.
    private static JsonNode WithoutNulls(JsonNode node)
    {
        if (node is JsonObject parent)
            foreach (var (name, value) in parent.ToList())
                if (value is null)
                    parent.Remove(name);
                else
                    WithoutNulls(value);
        else if (node is JsonArray list)
            foreach (var item in list.OfType<JsonNode>())
                WithoutNulls(item);
        return node;
    }

    // Labels that were empty before ours came are absent without them: to ECS it is the same.
    private static void RestoreEmptyLabels(JsonObject container, JsonObject before)
    {
        if (before["dockerLabels"] is JsonObject { Count: 0 })
            container["dockerLabels"] ??= new JsonObject();
    }

    private static string Print(int seed) => $"seed {seed}: {new DefinitionMaker(seed).Make().ToJsonString()}";
}
