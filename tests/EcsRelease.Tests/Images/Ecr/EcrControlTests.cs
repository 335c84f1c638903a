using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Images.Ecr;
using EcsRelease.Registry;
using EcsRelease.Tests.Deployments;

namespace EcsRelease.Tests.Images.Ecr;

public sealed class EcrControlTests
{
    private const string Owner = "444455556666";

    [Test]
    public async Task Every_call_about_a_repository_of_another_account_names_its_registry()
    {
        var service = new ScriptedService((JsonObject)JsonNode.Parse("""
            {"DescribeRepositories":[{"repositories":[{"repositoryUri":"host/orders"}]}],"BatchGetImage":[{"images":[]}],
             "BatchCheckLayerAvailability":[{"layers":[]}],"GetAuthorizationToken":[{"authorizationData":[{"authorizationToken":"QVdTOnNlY3JldA=="}]}]}
            """)!);
        var control = new EcrControl(new AmazonEcrClient(service), TimeProvider.System);

        var repository = await control.DescribeAsync("orders", Owner, CancellationToken.None);
        await control.FindAsync(repository, "latest", CancellationToken.None);
        await control.PresentBlobsAsync(repository, ["sha256:" + new string('a', 64)], CancellationToken.None);
        using var registry = await control.ConnectAsync(repository, new RegistryTraffic(), CancellationToken.None);

        service.Calls.Should().HaveCount(4);
        service.Calls.Should().OnlyContain(call => (string?)call.Request["registryId"] == Owner
            || (call.Operation == "GetAuthorizationToken" && (string?)call.Request["registryIds"]![0] == Owner));
    }
}
