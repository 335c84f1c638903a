using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecr;

/// <summary>ECR's exceptions with the texts that ECR writes.</summary>
internal static class EcrErrors
{
    public static AwsException RepositoryNotFound(string name, string registry) =>
        new("RepositoryNotFoundException", $"The repository with name '{name}' does not exist in the registry with id '{registry}'");

    public static AwsException RepositoryExists(string name, string registry) =>
        new("RepositoryAlreadyExistsException", $"The repository with name '{name}' already exists in the registry with id '{registry}'");

    public static AwsException RepositoryNotEmpty(string name, string registry) =>
        new("RepositoryNotEmptyException", $"The repository with name '{name}' in registry with id '{registry}' cannot be deleted because it still contains images");

    public static AwsException ImageNotFound(string name, string registry, string? digest, string? tag) =>
        new("ImageNotFoundException", $"The image with imageId {{imageDigest:'{digest ?? "null"}', imageTag:'{tag ?? "null"}'}} does not exist within the repository with name '{name}' in the registry with id '{registry}'");

    public static AwsException ImageExists(string name, string registry, string digest, string? tag) =>
        new("ImageAlreadyExistsException", $"Image with digest '{digest}' and tag '{tag ?? "null"}' already exists in the repository with name '{name}' in registry with id '{registry}'");

    public static AwsException TagIsImmutable(string name, string tag) =>
        new("ImageTagAlreadyExistsException", $"The image tag '{tag}' already exists in the '{name}' repository and cannot be overwritten because the tag is immutable.");

    public static AwsException LayersNotFound(string name, string registry, IEnumerable<string> digests) =>
        new("LayersNotFoundException", $"Layers with digests '[{string.Join(", ", digests)}]' required for pushing image into repository with name '{name}' in the registry with id '{registry}' do not exist");

    public static AwsException ReferencedImagesNotFound(string name, string registry, IEnumerable<string> digests) =>
        new("ReferencedImagesNotFoundException", $"Images with digests '[{string.Join(", ", digests)}]' required for pushing image into repository with name '{name}' in the registry with id '{registry}' do not exist");

    public static AwsException DigestDoesNotMatch(string given, string actual) =>
        new("ImageDigestDoesNotMatchException", $"The image digest '{given}' does not match the digest '{actual}' calculated from the image manifest");

    public static AwsException NoLifecyclePolicy(string name, string registry) =>
        new("LifecyclePolicyNotFoundException", $"Lifecycle policy does not exist for the repository with name '{name}' in the registry with id '{registry}'");

    public static AwsException Invalid(string parameter, string constraint) =>
        new("InvalidParameterException", $"Invalid parameter at '{parameter}' failed to satisfy constraint: '{constraint}'");
}
