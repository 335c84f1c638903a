using System.Text.Json.Nodes;

namespace EcsRelease.TaskDefinitions;

/// <summary>The task definition revision that a release wants, complete but for the image.</summary>
public sealed record DesiredRevision
{
    /// <summary>RegisterTaskDefinition's input, without tags; the image of <see cref="Container"/> is replaced
    /// by <see cref="WithImage"/>. Unknown members are kept.</summary>
    public required JsonObject Definition { get; init; }

    public required string Family { get; init; }

    /// <summary>The container that gets the image.</summary>
    public required string Container { get; init; }

    /// <summary>`file:PATH`, `live` or `properties`.</summary>
    public required string From { get; init; }

    /// <summary>Hash of the normal form without image, our labels and tags (ecs-api.md 5).</summary>
    public required string Hash { get; init; }

    /// <summary>Tags of the file or of the live revision that are the user's own: carried on to the next revision.</summary>
    public IReadOnlyList<NameValue> OwnTags { get; init; } = [];

    /// <summary>What this release changes against the live revision, the released container's image left out.</summary>
    public IReadOnlyList<Difference> Differences { get; init; } = [];

    /// <summary><see cref="Differences"/> in one line each, for plan and record.</summary>
    public IReadOnlyList<string> Changes => [.. Differences.Select(difference => difference.ToString())];

    public IReadOnlyList<Notice> Warnings { get; init; } = [];

    public JsonObject WithImage(string image)
    {
        var definition = (JsonObject)Definition.DeepClone();
        foreach (var container in definition["containerDefinitions"]!.AsArray())
            if ((string?)container!["name"] == Container)
                container["image"] = image;
        return definition;
    }
}
