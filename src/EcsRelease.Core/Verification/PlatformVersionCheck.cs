using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verification;

/// <summary>The service's Fargate platform version has what the definition uses
/// (docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html).</summary>
internal sealed class PlatformVersionCheck : StaticCheck
{
    public override CheckGroup Group => CheckGroup.TaskDefinition;

    public override string Name => "platform version";

    protected override IEnumerable<Finding> Find(JsonObject definition, VerifiedRelease release)
    {
        var version = release.Live?.Description.Text("platformVersion") ?? "LATEST";
        // LATEST is 1.4.0 on Linux and 1.0.0, the only one, on Windows.
        if (!release.IsFargate)
            yield return Finding.Ok("the tasks do not run on Fargate");
        else if (version == "LATEST" || !Version.TryParse(version, out var number) || number >= new Version(1, 4) || IsWindows(definition))
            yield return Finding.Ok(version);
        else if (NewerThan130(definition, release).ToList() is { Count: > 0 } used)
            yield return Finding.Failed($"{version} lacks what the definition uses: {string.Join(", ", used)}",
                $"aws ecs update-service --cluster {ShellWord.Of(release.Options.Cluster)} --service {ShellWord.Of(release.Service)} --region {release.Region} --platform-version LATEST");
        else
            yield return Finding.Ok($"{version}, which has what the definition uses");
    }

    private static IEnumerable<string> NewerThan130(JsonObject definition, VerifiedRelease release)
    {
        if (TaskDefinitionSource.ArchitectureOf(definition) == "ARM64")
            yield return "ARM64";
        if (definition.ContainsKey("ephemeralStorage"))
            yield return "ephemeralStorage";
        if (definition.Text("pidMode") is not null)
            yield return "pidMode";
        if (definition.Objects("volumes").Any(volume => volume.Object("efsVolumeConfiguration") is not null))
            yield return "EFS volumes";
        if (release.Containers.Any(container => container.Objects("environmentFiles").Any()))
            yield return "environmentFiles";
        if (DefinitionReferences.Secrets(definition).Select(secret => secret.Reference).Any(secret => secret.JsonKey is not null || secret.VersionStage is not null || secret.VersionId is not null))
            yield return "keys or versions of secrets";
    }

    private static bool IsWindows(JsonObject definition) =>
        definition.Object("runtimePlatform").Text("operatingSystemFamily")?.StartsWith("WINDOWS", StringComparison.Ordinal) == true;
}
