using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Verification;

/// <summary>The network mode fits what the tasks run on, and the service's network configuration
/// (docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html).</summary>
internal sealed class NetworkModeCheck : StaticCheck
{
    public override CheckGroup Group => CheckGroup.TaskDefinition;

    public override string Name => "network mode";

    protected override IEnumerable<Finding> Find(JsonObject definition, VerifiedRelease release)
    {
        var mode = definition.Text("networkMode") ?? "bridge";
        var hasNetwork = release.Live?.Description.Object("networkConfiguration").Object("awsvpcConfiguration").Texts("subnets").Any();
        if (release.IsFargate && mode != "awsvpc")
            yield return Finding.Failed($"'{mode}', but Fargate takes awsvpc only", "Set \"networkMode\": \"awsvpc\" in the task definition.");
        else if (mode == "awsvpc" && hasNetwork == false)
            yield return Finding.Failed("'awsvpc', but the service has no subnets",
                $"aws ecs update-service --cluster {ShellWord.Of(release.Options.Cluster)} --service {ShellWord.Of(release.Service)} --region {release.Region} --network-configuration 'awsvpcConfiguration={{subnets=[SUBNET],securityGroups=[GROUP]}}'");
        else if (mode != "awsvpc" && hasNetwork == true)
            yield return Finding.Failed($"'{mode}', but the service has subnets, which only awsvpc takes", "Set \"networkMode\": \"awsvpc\" in the task definition.");
        else
            yield return Finding.Ok(mode);
    }
}
