using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>A container that a service's load balancer or registry names.</summary>
/// <param name="At">Who names it.</param>
/// <param name="Port">Null = any.</param>
internal sealed record UsedContainer(string Name, int? Port, string At)
{
    /// <param name="service">As DescribeServices answers it.</param>
    public static IEnumerable<UsedContainer> Of(JsonObject service) =>
        from each in service.Objects("loadBalancers").Concat(service.Objects("serviceRegistries"))
        let name = each.Text("containerName")
        where name is not null
        select new UsedContainer(name, each.Integer("containerPort"), each.Text("targetGroupArn") ?? each.Text("loadBalancerName") ?? each.Text("registryArn") ?? "the service");

    /// <summary>A mapping of the container has the port; a range of ports counts for all of its own.</summary>
    public bool HasPort(JsonObject container) => Port is null || container.Objects("portMappings").Any(mapping => mapping.Integer("containerPort") == Port);

    /// <summary>What a task definition lacks for it, as the end of a sentence; null = nothing.</summary>
    public string? MissingIn(JsonObject definition)
    {
        var containers = definition.Objects("containerDefinitions").ToList();
        if (containers.FirstOrDefault(each => each.Text("name") == Name) is not { } container)
            return $"container '{Name}' of {At} is not in it, which has {string.Join(", ", containers.Select(each => $"'{each.Text("name")}'"))}";
        return HasPort(container) ? null : $"its container '{Name}' has no port {Port}, which {At} asks for";
    }
}
