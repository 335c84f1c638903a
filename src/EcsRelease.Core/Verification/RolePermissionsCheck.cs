using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Permissions;
using EcsRelease.Registry;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verification;

/// <summary>Whether the execution role may do what ECS does with it before a task starts
/// (docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html): by simulation alone.</summary>
internal sealed class RolePermissionsCheck : DefinitionCheck
{
    public override CheckGroup Group => CheckGroup.Roles;

    public override string Name => "execution role's permissions";

    protected override async Task<IReadOnlyList<Finding>> RunAsync(JsonObject definition, VerifiedRelease release, CancellationToken cancellationToken)
    {
        if (definition.Text("executionRoleArn") is not { Length: > 0 } role)
            return [Finding.Ok("the definition names no execution role")];
        var arn = ResourceArns.Role(release.Scope, role);
        if (arn.Split(':') is { Length: > 5 } parts && parts[4] != release.Access.Account)
            return [Finding.CouldNotCheck($"role '{role}' belongs to account {parts[4]}")];
        var needs = Needs(definition, release).Where(need => need.Resources.Count > 0).ToList();
        return needs.Count == 0
            ? [Finding.Ok($"role '{role}' needs none")]
            // A simulation that is refused is refused for all of them: one line.
            : await Task.WhenAll(needs.Select(need => OfAsync(need, arn, release, cancellationToken)));
    }

    private static async Task<Finding> OfAsync(Need need, string role, VerifiedRelease release, CancellationToken cancellationToken)
    {
        var name = role.Split('/')[^1];
        IReadOnlyList<SimulatedAction> results;
        try
        {
            results = await new PolicySimulation(release.Access.Iam).RunAsync(role, need.Actions, need.Resources, null, cancellationToken);
        }
        catch (AwsServiceException passing) when (passing.IsPassing)
        {
            // What the other simulations found must not be hidden by it.
            return Finding.CouldNotCheck($"role '{name}', {need.For}", passing);
        }
        var denied = results.Where(result => !result.IsAllowed).ToList();
        if (results.Count == 0)
            return Finding.CouldNotCheck($"role '{name}', {need.For}: the simulation did not answer");
        if (denied.Count == 0)
            return Finding.Ok($"role '{name}' may {string.Join(", ", need.Actions)} ({need.For})");
        if (denied.SelectMany(result => result.Missing).Distinct().ToList() is { Count: > 0 } missing)
            return Finding.CouldNotCheck($"role '{name}', {need.For}: its policies ask for {string.Join(", ", missing)}, which only the real call has");
        // A policy may name the whole ARN, with the six characters that only Secrets Manager knows.
        if (denied.All(result => result.Resource.EndsWith(ResourceArns.SecretSuffix, StringComparison.Ordinal)))
            return Finding.CouldNotCheck($"role '{name}', {need.For}: no policy allows {string.Join(", ", denied.Select(result => result.Resource))}; one of the whole ARN may, which the definition does not name");
        var policy = new JsonObject
        {
            ["Version"] = "2012-10-17",
            ["Statement"] = new JsonArray(new JsonObject { ["Effect"] = "Allow", ["Action"] = need.Actions.ToJsonArray(), ["Resource"] = need.Resources.ToJsonArray() }),
        };
        return Finding.Failed($"role '{name}' may not {string.Join(", ", denied.Select(result => $"{result.Action} on {result.Resource} ({result.Decision})"))} ({need.For})",
            $"aws iam put-role-policy --role-name {ShellWord.Of(name)} --policy-name {ShellWord.Of($"{release.Scope.Family}-{need.Policy}")} --policy-document '{policy.ToJsonString(PolicyDocuments.OneLine)}'");
    }

    // On container instances the instance's role pulls and logs.
    private static IEnumerable<Need> Needs(JsonObject definition, VerifiedRelease release)
    {
        var scope = release.Scope;
        if (release.IsFargate)
        {
            yield return new("token of ECR", "pull-token", ["ecr:GetAuthorizationToken"], ["*"]);
            yield return new("pull of images", "pull", ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"], Repositories(release));
            yield return new("logs", "logs", ["logs:CreateLogStream", "logs:PutLogEvents"], ResourceArns.Of(PolicyResource.LogStreams, scope));
            var created = DefinitionReferences.AwsLogs(definition).Where(log => log.Options.Text("awslogs-create-group") == "true")
                .Select(log => log.Options.Text("awslogs-group")).OfType<string>().Distinct();
            yield return new("awslogs-create-group", "log-groups", ["logs:CreateLogGroup"], ResourceArns.Of(PolicyResource.LogGroups, scope with { LogGroups = [.. created] }));
        }
        yield return new("secrets", "secrets", ["secretsmanager:GetSecretValue"], ResourceArns.Of(PolicyResource.Secrets, scope));
        yield return new("parameters", "parameters", ["ssm:GetParameters"], ResourceArns.Of(PolicyResource.Parameters, scope));
    }

    private static IReadOnlyList<string> Repositories(VerifiedRelease release) =>
    [
        .. release.Containers.Where(container => container.Text("name") != release.Desired!.Container)
            .Select(container => container.Text("image")).OfType<string>().Select(AddressOf).OfType<EcrAddress>()
            .Select(address => ResourceArns.Of(PolicyResource.Repository, release.Scope with { Repository = $"{address.Host}/{address.Repository}" })[0])
            .Prepend(ResourceArns.Of(PolicyResource.Repository, release.Scope)[0]).Distinct(),
    ];

    private static EcrAddress? AddressOf(string image)
    {
        var reference = ImageReference.Parse(image);
        return EcrAddress.Parse($"{reference.Host}/{reference.Repository}");
    }

    /// <param name="Policy">Its inline policy is named FAMILY-POLICY: services share this role, and the command to paste replaces a policy of
    /// the same name.</param>
    private sealed record Need(string For, string Policy, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources);
}
