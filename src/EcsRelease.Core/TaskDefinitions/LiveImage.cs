using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>The image that a revision runs.</summary>
internal static class LiveImage
{
    /// <param name="described">DescribeTaskDefinition's answer.</param>
    /// <param name="container">The released container; null = the first essential one.</param>
    public static string? Of(JsonObject described, string? container) => ContainerOf(described, container).Text("image");

    /// <summary>The container that the image is of.</summary>
    public static JsonObject? ContainerOf(JsonObject described, string? container)
    {
        var containers = described.Object("taskDefinition").Objects("containerDefinitions").ToArray();
        return containers.FirstOrDefault(each => container is not null && each.Text("name") == container)
            ?? containers.OrderByDescending(each => each.Flag("essential") ?? true).FirstOrDefault();
    }
}
