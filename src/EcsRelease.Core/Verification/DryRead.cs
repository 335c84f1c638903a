using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Permissions;

namespace EcsRelease.Verification;

/// <summary>Tries a read, whatever it answers: AWS says that something is denied before it says that it is not there.</summary>
internal sealed class DryRead(VerifiedRelease release)
{
    private const string NoDigest = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    private const string NoTask = "00000000000000000000000000000000";

    public async Task<Finding> TryAsync(string action, CancellationToken cancellationToken)
    {
        // The connection was made by it.
        if (action == "sts:GetCallerIdentity")
            return Finding.Ok(action);
        try
        {
            if (Read(action, cancellationToken) is not { } read)
                return Finding.CouldNotCheck($"{action}: only a simulation could tell");
            await read;
            return Finding.Ok(action);
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied)
        {
            return Finding.Failed($"{action} is denied: {denied.Message}", "ecs-release permissions prints the policy that allows it.");
        }
        catch (AwsServiceException absent) when (SaysAbsent(absent))
        {
            return Finding.Ok(action);
        }
        catch (AwsServiceException refusal)
        {
            return Finding.CouldNotCheck(action, refusal);
        }
    }

    private Task<JsonObject>? Read(string action, CancellationToken cancellationToken)
    {
        var access = release.Access;
        var (cluster, service) = (release.Options.Cluster, release.Service);
        return action switch
        {
            "ecr:GetAuthorizationToken" => access.Ecr.GetAuthorizationTokenAsync([], cancellationToken),
            "ecr:DescribeRepositories" => access.Ecr.DescribeRepositoriesAsync(OfRepository("repositoryNames", new JsonArray(Repository)), cancellationToken),
            "ecr:BatchGetImage" => access.Ecr.BatchGetImageAsync(
                OfRepository("repositoryName", Repository, "imageIds", new JsonArray(new JsonObject { ["imageDigest"] = NoDigest })), cancellationToken),
            "ecr:BatchCheckLayerAvailability" => access.Ecr.BatchCheckLayerAvailabilityAsync(
                OfRepository("repositoryName", Repository, "layerDigests", new JsonArray(NoDigest)), cancellationToken),
            "ecs:DescribeClusters" => access.Ecs.DescribeClustersAsync(new() { ["clusters"] = new JsonArray(cluster) }, cancellationToken),
            "ecs:DescribeServices" => access.Ecs.DescribeServicesAsync(new() { ["cluster"] = cluster, ["services"] = new JsonArray(service) }, cancellationToken),
            "ecs:DescribeTaskDefinition" => access.Ecs.DescribeTaskDefinitionAsync(new() { ["taskDefinition"] = release.Scope.Family }, cancellationToken),
            "ecs:ListTaskDefinitions" => access.Ecs.ListTaskDefinitionsAsync(new() { ["familyPrefix"] = release.Scope.Family, ["maxResults"] = 1 }, cancellationToken),
            "ecs:ListServiceDeployments" => access.Ecs.ListServiceDeploymentsAsync(new() { ["cluster"] = cluster, ["service"] = service, ["maxResults"] = 1 }, cancellationToken),
            "ecs:DescribeServiceDeployments" => access.Ecs.DescribeServiceDeploymentsAsync(
                new() { ["serviceDeploymentArns"] = new JsonArray(Made(PolicyResource.ServiceDeployments, "000000000000000000000")) }, cancellationToken),
            "ecs:DescribeServiceRevisions" => access.Ecs.DescribeServiceRevisionsAsync(
                new() { ["serviceRevisionArns"] = new JsonArray(Made(PolicyResource.ServiceRevisions, "1000000000000000000")) }, cancellationToken),
            "ecs:ListTasks" => access.Ecs.ListTasksAsync(new() { ["cluster"] = cluster, ["serviceName"] = service, ["maxResults"] = 1 }, cancellationToken),
            "ecs:DescribeTasks" => access.Ecs.DescribeTasksAsync(new() { ["cluster"] = cluster, ["tasks"] = new JsonArray(NoTask) }, cancellationToken),
            "ssm:GetParameters" => access.Ssm.GetParametersAsync(new() { ["Names"] = release.Scope.FileParameters.Distinct().Take(AmazonSsmClient.NamesACall).ToJsonArray() }, cancellationToken),
            "logs:DescribeLogGroups" => access.Logs.DescribeLogGroupsAsync(new() { ["limit"] = 1 }, cancellationToken),
            "logs:GetLogEvents" when release.Scope.LogGroups.Count > 0 => access.Logs.GetLogEventsAsync(
                new() { ["logGroupName"] = release.Scope.LogGroups[0], ["logStreamName"] = NoTask, ["limit"] = 1 }, cancellationToken),
            "elasticloadbalancing:DescribeTargetHealth" => access.Elb.DescribeTargetHealthAsync(new() { ["TargetGroupArn"] = TargetGroup }, cancellationToken),
            "cloudwatch:DescribeAlarms" => access.Alarms.DescribeAlarmsAsync(new() { ["MaxRecords"] = 1 }, cancellationToken),
            _ => null,
        };
    }

    private string Repository => release.Scope.ForeignRepository?.Repository ?? release.Scope.Repository;

    private string TargetGroup => release.Live?.Description.Objects("loadBalancers").Select(each => each.Text("targetGroupArn")).FirstOrDefault(arn => arn is not null)
        ?? $"arn:{release.Scope.Partition}:elasticloadbalancing:{release.Region}:{release.Access.Account}:targetgroup/none/0000000000000000";

    private string Made(PolicyResource kind, string id) => ResourceArns.Of(kind, release.Scope)[0].Replace("*", id, StringComparison.Ordinal);

    private JsonObject OfRepository(string member, JsonNode value, string? second = null, JsonNode? secondValue = null)
    {
        var request = new JsonObject { [member] = value };
        if (second is not null)
            request[second] = secondValue;
        if (release.Scope.ForeignRepository is { } address)
            request["registryId"] = address.Account;
        return request;
    }

    // ECS's word for a family that does not exist is ClientException.
    private static bool SaysAbsent(AwsServiceException error) =>
        error.ErrorCode.Contains("NotFound", StringComparison.Ordinal) || error is { ErrorCode: "ClientException", Operation: "ecs:DescribeTaskDefinition" };
}
