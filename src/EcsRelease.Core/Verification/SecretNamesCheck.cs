using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Verification;

/// <summary>Every variable of a container has one source: ECS refuses a secret whose name another secret or a
/// variable has.</summary>
internal sealed class SecretNamesCheck : StaticCheck
{
    public override CheckGroup Group => CheckGroup.TaskDefinition;

    public override string Name => "secret names";

    protected override IEnumerable<Finding> Find(JsonObject definition, VerifiedRelease release)
    {
        var twice =
            from container in release.Containers
            let secrets = container.Objects("secrets").Select(secret => secret.Text("name")).OfType<string>().ToList()
            let variables = container.Objects("environment").Select(variable => variable.Text("name")).OfType<string>().ToHashSet(StringComparer.Ordinal)
            from name in secrets.Distinct(StringComparer.Ordinal)
            where variables.Contains(name) || secrets.Count(each => each == name) > 1
            select Finding.Failed($"'{name}' of container '{container.Text("name")}' has two sources", "Remove one of them from \"secrets\" or \"environment\" of the task definition.");
        var found = twice.ToList();
        return found.Count > 0 ? found : [Finding.Ok("each has one source")];
    }
}
