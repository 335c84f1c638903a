using System.Text.Json.Nodes;

namespace EcsRelease.Images.Ecr;

/// <summary>The repository that a release pushes to.</summary>
public sealed record EcrRepository
{
    public required string Name { get; init; }

    /// <summary>The account that owns it (registryId on every call); null = the caller's.</summary>
    public string? RegistryId { get; init; }

    /// <summary>`HOST/NAME`, from repositoryUri; null while it does not exist.</summary>
    public string? Uri { get; init; }

    /// <summary>DescribeRepositories' answer; null while it does not exist.</summary>
    public JsonObject? Description { get; init; }
}
