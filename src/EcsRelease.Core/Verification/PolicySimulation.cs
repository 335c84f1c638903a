using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Permissions;

namespace EcsRelease.Verification;

/// <param name="Decision">`allowed`, `explicitDeny` or `implicitDeny`.</param>
/// <param name="Missing">Context keys that the policies ask for and that were not given.</param>
internal sealed record SimulatedAction(string Action, string Resource, string Decision, IReadOnlyList<string> Missing)
{
    public bool IsAllowed => Decision == "allowed";
}

/// <summary>Asks IAM what a role or user may do, without doing it (API page SimulatePrincipalPolicy). Policies of
/// resources (repositories, secrets) are not part of it.</summary>
internal sealed class PolicySimulation(AmazonIamClient iam)
{
    /// <param name="resources">ARNs; `*` alone for actions without resource types.</param>
    /// <returns>One entry for each action and resource.</returns>
    /// <exception cref="AwsServiceException">The simulation itself is denied, or the principal is not known.</exception>
    public async Task<IReadOnlyList<SimulatedAction>> RunAsync(
        string principal, IReadOnlyList<string> actions, IReadOnlyList<string> resources, PolicyCondition? condition, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["PolicySourceArn"] = principal, ["ActionNames"] = actions.ToJsonArray() };
        if (resources is not ["*"])
            request["ResourceArns"] = resources.ToJsonArray();
        if (condition is not null)
            request["ContextEntries"] = new JsonArray(new JsonObject
            {
                ["ContextKeyName"] = condition.Key, ["ContextKeyValues"] = new JsonArray(condition.Value), ["ContextKeyType"] = "string",
            });
        var results = new List<SimulatedAction>();
        for (string? marker = null; ;)
        {
            var page = (JsonObject)request.DeepClone();
            if (marker is not null)
                page["Marker"] = marker;
            var answer = await iam.SimulatePrincipalPolicyAsync(page, cancellationToken);
            results.AddRange(answer.Objects("EvaluationResults").SelectMany(Of));
            // Booleans of the query protocol are texts.
            if (answer.Text("IsTruncated") != "true" || answer.Text("Marker") is not { Length: > 0 } next)
                return results;
            marker = next;
        }
    }

    private static IEnumerable<SimulatedAction> Of(JsonObject result)
    {
        var action = result.Text("EvalActionName") ?? "";
        var ofResources = result.Objects("ResourceSpecificResults").ToList();
        return ofResources.Count == 0
            ? [new(action, result.Text("EvalResourceName") ?? "*", result.Text("EvalDecision") ?? "", [.. result.Texts("MissingContextValues")])]
            : ofResources.Select(each => new SimulatedAction(
                action, each.Text("EvalResourceName") ?? "", each.Text("EvalResourceDecision") ?? "", [.. each.Texts("MissingContextValues")]));
    }
}
