using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Permissions;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verification;

/// <summary>The roles exist and ECS may take them for tasks.</summary>
internal sealed class RoleTrustCheck : DefinitionCheck
{
    private const string Trust = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    public override CheckGroup Group => CheckGroup.Roles;

    public override string Name => "trust";

    protected override async Task<IReadOnlyList<Finding>> RunAsync(JsonObject definition, VerifiedRelease release, CancellationToken cancellationToken)
    {
        var roles = DefinitionReferences.Roles(definition).ToList();
        return roles.Count == 0
            ? [Finding.Ok("the definition names no role")]
            : await Task.WhenAll(roles.Select(role => Finding.OfAsync($"role '{role}'", () => OfAsync(role, release, cancellationToken))));
    }

    private static async Task<Finding> OfAsync(string role, VerifiedRelease release, CancellationToken cancellationToken)
    {
        var arn = ResourceArns.Role(release.Scope, role);
        if (arn.Split(':') is { Length: > 5 } parts && parts[4] != release.Access.Account)
            return Finding.CouldNotCheck($"role '{role}' belongs to account {parts[4]}");
        var name = arn.Split('/')[^1];
        try
        {
            var found = (await release.Access.Iam.GetRoleAsync(new JsonObject { ["RoleName"] = name }, cancellationToken)).Object("Role");
            // GetRole goes by the name alone; ECS takes the ARN with its path.
            if (found.Text("Arn") is { } real && real != arn && role.StartsWith("arn:", StringComparison.Ordinal))
                return Finding.Failed($"'{role}' does not exist, there is '{real}'", $"Name it by its whole ARN: {real}");
            return Trusts(role, name, found.Text("AssumeRolePolicyDocument"), release);
        }
        catch (AwsServiceException missing) when (missing.ErrorCode is "NoSuchEntity" or "NoSuchEntityException")
        {
            return Finding.Failed($"role '{role}' does not exist", $"aws iam create-role --role-name {ShellWord.Of(name)} --assume-role-policy-document '{Trust}'");
        }
    }

    private static Finding Trusts(string role, string name, string? document, VerifiedRelease release)
    {
        if (document is null || TrustPolicy.Parse(document) is not { } policy)
            return Finding.CouldNotCheck($"role '{role}': its trust policy is not readable");
        var (state, why) = policy.TrustsTasks(release.Scope);
        return state == CheckState.Failed
            ? Finding.Failed($"role '{role}': {why}", $"aws iam update-assume-role-policy --role-name {ShellWord.Of(name)} --policy-document {ShellWord.Of(policy.WithTasks(release.Scope.Account).ToJsonString(PolicyDocuments.OneLine))}")
            : new Finding(state, $"role '{role}': {why}");
    }
}
