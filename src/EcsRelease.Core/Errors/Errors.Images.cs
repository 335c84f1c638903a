using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 3xxx: image and registry
public static partial class Errors
{
    public static EcsReleaseException DockerfileNotOffered(string path) => new("ECSR3001", Refused,
        $"'{path}': this version does not build Dockerfiles. Build the image without one: EcsImageBuilder=layers");

    public static EcsReleaseException BaseImageUnavailable(string image, string why, Exception? cause = null) => new("ECSR3002", BuildFailed,
        $"Base image '{image}' could not be had: {why}. Check ContainerBaseImage and the network, or pull through a registry you reach.", cause);

    public static EcsReleaseException RegistryUnreachable(string host, string why, Exception? cause = null) => new("ECSR3003", BuildFailed,
        $"Registry '{host}' is out of reach: {why}. Check the network and proxy settings, then run the same command again.", cause);

    public static EcsReleaseException RegistryDenied(string request, string answer) => new("ECSR3004", BuildFailed,
        $"The registry denied {request}: {answer}. Check the credentials and the permissions for this repository.");

    public static EcsReleaseException RegistryAnswer(string request, int status, string answer) => new("ECSR3005", BuildFailed,
        $"The registry answered {request} with HTTP {status}: {answer}. Run the same command again; what was pushed is reused.");

    public static EcsReleaseException TagTaken(string image, string theirs, string ours) => new("ECSR3006", Refused,
        $"Image '{image}' exists with other content and its tag is immutable: there {theirs}, built {ours}. Release a new commit, or give this build a tag of its own: EcsTagSuffix=b");

    public static EcsReleaseException ImageInputsDiffer(string image, string difference) => new("ECSR3007", Refused,
        $"Image '{image}' exists but was built from other inputs: {difference}. "
        + (difference.Contains("assembly (", StringComparison.Ordinal)
            ? "Is it another project's, give this one a repository of its own: EcrRepository=NAME; is it this one's of an older build: EcsReuseImage=any"
            : "Use it as it is: EcsReuseImage=any; or build a second one: EcsTagSuffix=b"));

    public static EcsReleaseException DigestDiffers(string image, string pushed, string found) => new("ECSR3008", BuildFailed,
        $"The registry holds '{found}' as '{image}' after '{pushed}' was pushed. Somebody pushes the same tag; run the same command again.");

    public static EcsReleaseException PlatformMissing(string image, string platform, string offered) => new("ECSR3009", BuildFailed,
        $"Base image '{image}' has no '{platform}', only {offered}. Set EcsArchitecture or ContainerBaseImage.");

    public static EcsReleaseException LocalBaseOnAws() => new("ECSR3010", Refused,
        "EcsBaseImage is 'local': an image of this machine's runtime is for the local target only. Remove it, or set EcsTarget=local.");

    /// <param name="command">Excludes it, and keeps what is excluded already.</param>
    public static EcsReleaseException MovingTagImmutable(string tag, string repository, string command) => new("ECSR3011", Refused,
        $"Moving tag '{tag}' cannot move: repository '{repository}' makes it immutable. Exclude it: {command}");

    public static EcsReleaseException BadContainerSetting(string setting, string why) => new("ECSR3012", Invalid,
        $"{setting}: {why}.");

    public static EcsReleaseException PublishFolderMissing(string folder) => new("ECSR3013", BuildFailed,
        $"The publish folder '{folder}' is not there or empty. Is IsPublishable false, or does a target remove it?");

    public static EcsReleaseException LocalBaseImpossible(string why) => new("ECSR3014", BuildFailed,
        $"No base image can be made from this machine: {why}. Set EcsBaseImage to an image that can be pulled.");

    /// <param name="namesByTag">EcsImageReference=tag.</param>
    /// <param name="command">Makes it immutable but for the moving tags.</param>
    public static Notice RepositoryMutable(string repository, bool namesByTag, string command) => new("ECSR3015",
        $"Repository '{repository}' lets tags be overwritten, "
        + (namesByTag ? "and EcsImageReference=tag makes the revision name the image by one: another image may run under it later." : "so the revision names the image by digest.")
        + $" Make it immutable: {command}");

    public static EcsReleaseException PublishFailed(string project, string output) => new("ECSR3016", BuildFailed,
        $"'{project}' could not be published: {output}");

    public static EcsReleaseException ArchitectureDiffers(string runtimeIdentifier, string architecture) => new("ECSR3017", Invalid,
        $"The project is built for '{runtimeIdentifier}' but its tasks run on '{architecture}'. Set EcsArchitecture or RuntimeIdentifier so that they agree.");

    public static Notice LocalBaseUsed(string image, string why) => new("ECSR3018",
        $"Base image '{image}' cannot be pulled ({why}): a base of this machine's .NET runtime is used. Good for the local target only.");

    public static EcsReleaseException ManifestUnreadable(string what, string why) => new("ECSR3019", BuildFailed,
        $"{what}: the manifest or config in it cannot be read: {why}. Is this a container registry, and an image?");

    public static EcsReleaseException BadImageReference(string text) => new("ECSR3020", Invalid,
        $"'{text}' is not an image reference. Write it as HOST/REPOSITORY:TAG, e.g. mcr.microsoft.com/dotnet/aspnet:10.0");

    public static EcsReleaseException RegistryRedirectRefused(string host, string target, string why) => new("ECSR3021", BuildFailed,
        $"Registry '{host}' sends this request on to '{target}': {why}, so it is not followed. Check the address of the registry and any proxy before it.");

    public static EcsReleaseException ContentDiffers(string image, string found) => new("ECSR3022", BuildFailed,
        $"'{image}' was asked for, but the registry gave content with digest '{found}'. Something between here and the registry alters content; do not use it.");

    public static EcsReleaseException DockerConfigUnreadable(string file, string why) => new("ECSR3023", BuildFailed,
        $"The registry credentials in '{file}' cannot be read: {why}. Correct the file, or name another folder in DOCKER_CONFIG.");

    public static EcsReleaseException PublishFileUnreadable(string file, string why) => new("ECSR3024", BuildFailed,
        $"'{file}' of the publish folder cannot be read: {why}. Publish again; if a target of the project writes it, look there.");

    public static EcsReleaseException BlobsVanished(string image) => new("ECSR3025", BuildFailed,
        $"The registry does not take the manifest of '{image}': it says that a blob is unknown, though all were pushed. Is a clean-up of the repository running? Run the same command again.");

    public static EcsReleaseException StateNotWritten(string folder, string why) => new("ECSR3026", BuildFailed,
        $"A part of the image could not be kept in '{folder}': {why} Free space or correct its rights; or name another folder in ECS_RELEASE_HOME.");

    public static EcsReleaseException SeveralPlatforms(string runtimeIdentifiers) => new("ECSR3027", Invalid,
        $"ContainerRuntimeIdentifiers is '{runtimeIdentifiers}': this version builds an image for one platform. Choose it: EcsArchitecture=X86_64 (or ARM64), or ContainerRuntimeIdentifier=linux-x64 (or linux-arm64)");
}
