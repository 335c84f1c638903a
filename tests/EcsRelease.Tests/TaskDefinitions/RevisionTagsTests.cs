using System.Text.Json.Nodes;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Tests.TaskDefinitions;

public class RevisionTagsTests
{
    private const string Sha = "0123456789abcdef0123456789abcdef01234567";

    [Test]
    public void What_ecs_forbids_in_tags_becomes_an_underscore_and_long_values_are_cut()
    {
        var tags = new RevisionTags(Sha, null, "feature/#1*", null, new string('a', 300), null, null).ToJson([]);

        Value(tags, "branch").Should().Be("feature/_1_");
        Value(tags, "actor").Should().HaveLength(256);
        tags.Should().HaveCount(3, "what is unknown has no tag");
    }

    [TestCase($"host:5000/orders:{Sha}", Sha)]
    [TestCase($"host/orders:{Sha}-b", Sha)]
    [TestCase($"host/orders:{Sha}-dirty-0123456789ab", Sha)]
    [TestCase($"host/orders:{Sha}@sha256:1", Sha)]
    [TestCase("host/orders:latest", null)]
    [TestCase("host/orders:20240101", null)]
    [TestCase("host:5000/orders", null)]
    [TestCase("host/orders@sha256:0123456789abcdef0123456789abcdef01234567", null)]
    public void Without_tags_the_commit_is_read_from_the_images_tag(string image, string? expected) =>
        RevisionTags.CommitOf(Described(image, "[]")).Should().Be(expected);

    [Test]
    public void The_commit_tag_beats_the_image() =>
        RevisionTags.CommitOf(Described($"host/orders:{Sha}", """[{"key":"ecs-release:commit","value":"c"}]""")).Should().Be("c");

    private static string? Value(JsonArray tags, string name) =>
        (string?)tags.Single(tag => (string)tag!["key"]! == $"ecs-release:{name}")!["value"];

    private static JsonObject Described(string image, string tags) => (JsonObject)JsonNode.Parse($$"""
        {"taskDefinition":{"containerDefinitions":[{"name":"side","essential":false,"image":"x:1"},{"name":"web","image":"{{image}}"}]},"tags":{{tags}}}
        """)!;
}
