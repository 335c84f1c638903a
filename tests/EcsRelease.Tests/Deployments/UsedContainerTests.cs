using System.Text.Json.Nodes;
using EcsRelease.Deployments;

namespace EcsRelease.Tests.Deployments;

public sealed class UsedContainerTests
{
    private const string Balanced = """{"loadBalancers":[{"targetGroupArn":"tg","containerName":"web","containerPort":8080}],"serviceRegistries":[{"registryArn":"registry"}]}""";

    [TestCase("""[{"name":"web","portMappings":[{"containerPort":8080}]}]""", null)]
    [TestCase("""[{"name":"web","portMappings":[{"containerPort":80}]}]""", "its container 'web' has no port 8080, which tg asks for")]
    [TestCase("""[{"name":"app"},{"name":"side"}]""", "container 'web' of tg is not in it, which has 'app', 'side'")]
    public void What_a_definition_lacks_for_the_service_is_told(string containers, string? expected) =>
        UsedContainer.Of(JsonNode.Parse(Balanced)!.AsObject()).Select(used => used.MissingIn(new() { ["containerDefinitions"] = JsonNode.Parse(containers) }))
            .Should().Equal(expected);
}
