using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Pruning;

/// <summary>A task definition revision, as far as prune decides by it.</summary>
/// <param name="Name">`FAMILY:REVISION`.</param>
/// <param name="Status">ACTIVE or INACTIVE (deregistered).</param>
/// <param name="Digest">Of the released image, by the revision's tags.</param>
/// <param name="Image">Of the released container, as it names it.</param>
/// <param name="Images">Of all containers.</param>
internal sealed record FamilyRevision(
    string Arn, string Name, int Number, string Status, DateTimeOffset? RegisteredAt, string? Commit, string? Digest, string? Image, IReadOnlyList<string> Images)
{
    public bool IsActive => Status == "ACTIVE";

    /// <param name="described">DescribeTaskDefinition's answer.</param>
    /// <param name="container">The released one; null = the first essential one.</param>
    public static FamilyRevision Of(JsonObject described, string? container = null)
    {
        var definition = described.Object("taskDefinition");
        var arn = definition.Text("taskDefinitionArn") ?? "";
        return new(
            arn,
            NameOf(arn),
            definition.Integer("revision") ?? 0,
            definition.Text("status") ?? "ACTIVE",
            definition.Time("registeredAt"),
            RevisionTags.CommitOf(described),
            RevisionTags.Read(described).Digest,
            LiveImage.Of(described, container),
            [.. definition.Objects("containerDefinitions").Select(container => container.Text("image")).OfType<string>()]);
    }

    /// <summary>`FAMILY:REVISION`, or the family alone, of an ARN or of such a name.</summary>
    public static string NameOf(string taskDefinition) => taskDefinition.Split('/')[^1];

    /// <summary>The family of an ARN or name.</summary>
    public static string FamilyOf(string taskDefinition) => NameOf(taskDefinition).Split(':')[0];
}
