using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Images.Ecr;
using EcsRelease.Permissions;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verification;

/// <summary>What would be released, as far as it could be read.</summary>
internal sealed record VerifiedRelease
{
    public required ReleaseOptions Options { get; init; }

    public required TargetDefaults Defaults { get; init; }

    public required AwsAccess Access { get; init; }

    public required string Service { get; init; }

    /// <summary>Full SHA; null when it could not be read.</summary>
    public string? Commit { get; init; }

    /// <summary>Why the plan refuses the release; null = it does not.</summary>
    public EcsReleaseException? Refusal { get; init; }

    /// <summary>Null = there is none.</summary>
    public LiveService? Live { get; init; }

    public DesiredRevision? Desired { get; init; }

    /// <summary>Why <see cref="Desired"/> is null.</summary>
    public string? DefinitionFault { get; init; }

    /// <summary>Null when it could not be read; without Uri when it does not exist.</summary>
    public EcrRepository? Repository { get; init; }

    /// <summary>The image tag of the commit; null when it is not known.</summary>
    public string? Tag { get; init; }

    /// <summary>How the revision would name the image that is there already; null = it must be built, or is not known.</summary>
    public string? Image { get; init; }

    /// <summary>How the live revision names the image of the released container.</summary>
    public string? LiveImage { get; init; }

    public required PolicyScope Scope { get; init; }

    public string Region => Access.Region;

    /// <summary>Tasks run on Fargate: by what the definition requires, or by what the service runs on.</summary>
    public bool IsFargate
    {
        get
        {
            if (Desired?.Definition.Texts("requiresCompatibilities").Contains("FARGATE") == true)
                return true;
            if (Live is null)
                return Options.CapacityProviders.Count == 0
                    ? Options.LaunchType is null or "FARGATE"
                    : Options.CapacityProviders.Any(provider => provider.StartsWith("FARGATE", StringComparison.Ordinal));
            var providers = Live.Description.Objects("capacityProviderStrategy").Select(each => each.Text("capacityProvider") ?? "").ToList();
            return providers.Count == 0 ? Live.Description.Text("launchType") == "FARGATE" : providers.Any(provider => provider.StartsWith("FARGATE", StringComparison.Ordinal));
        }
    }

    public IReadOnlyList<JsonObject> Containers => Desired is null ? [] : [.. DefinitionReferences.Containers(Desired.Definition)];

    public JsonObject? Container(string name) => Containers.FirstOrDefault(container => container.Text("name") == name);
}
