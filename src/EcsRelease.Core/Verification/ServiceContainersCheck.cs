using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verification;

/// <summary>The containers and ports that the service's load balancers and registries name are in the definition.</summary>
internal sealed class ServiceContainersCheck : StaticCheck
{
    public override CheckGroup Group => CheckGroup.Service;

    public override string Name => "containers and ports";

    protected override IEnumerable<Finding> Find(JsonObject definition, VerifiedRelease release)
    {
        if (release.Live is not { } live)
        {
            yield return release.Options.TargetGroup is null
                ? Finding.Ok("the service is created without a load balancer")
                : Finding.Ok($"the service is created with the first port of container '{release.Desired!.Container}'");
            yield break;
        }
        var used = UsedContainer.Of(live.Description).ToList();
        if (used.Count == 0)
            yield return Finding.Ok("the service names none");
        foreach (var each in used)
            yield return Of(each, release);
    }

    private static Finding Of(UsedContainer used, VerifiedRelease release)
    {
        var (name, port, at) = used;
        if (release.Container(name) is not { } container)
            return Finding.Failed($"container '{name}' of {at} is not in the definition, which has {string.Join(", ", release.Containers.Select(each => $"'{each.Text("name")}'"))}",
                $"Name the container '{name}' in the task definition (properties: EcsContainer={ShellWord.Of(name)}).");
        if (used.HasPort(container))
            return Finding.Ok($"container '{name}'{(port is null ? "" : $" has port {port}")} for {at}");
        return release.Image is null && release.Desired!.From == "properties" && release.Options.Ports.Count == 0
            ? Finding.CouldNotCheck($"port {port} of container '{name}' for {at}: the ports come from the image, which is not built yet")
            : Finding.Failed($"container '{name}' has no port {port}, which {at} asks for", $"Declare it: <EcsPort Include=\"{port}\" />, or add it to \"portMappings\".");
    }
}
