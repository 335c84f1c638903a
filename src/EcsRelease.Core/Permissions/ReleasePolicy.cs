using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Permissions;

/// <summary>A statement of the policy with what verify needs to simulate it.</summary>
/// <param name="Simulated">The resources to simulate it on; `*` = none.</param>
internal sealed record PolicyStatement(PermissionRow Row, IReadOnlyList<string> Resources, IReadOnlyList<string> Simulated, PolicyCondition? When)
{
    public JsonObject ToJson()
    {
        var statement = new JsonObject
        {
            ["Sid"] = Row.Sid,
            ["Effect"] = "Allow",
            ["Action"] = Row.Actions.ToJsonArray(),
            ["Resource"] = Resources.ToJsonArray(),
        };
        if (When is { } condition)
            statement["Condition"] = new JsonObject { [condition.Operator] = new JsonObject { [condition.Key] = condition.Value } };
        return statement;
    }
}

/// <summary>The least that the releases of one project need (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).</summary>
internal static class ReleasePolicy
{
    /// <summary>Of the features, those statements whose resources the project has.</summary>
    public static IReadOnlyList<PolicyStatement> Statements(PolicyScope scope) =>
    [
        .. from row in PermissionTable.Rows
           where (row.For & scope.Features) != 0
           let resources = row.On.SelectMany(kind => ResourceArns.Of(kind, scope)).Distinct().ToList()
           where resources.Count > 0
           select new PolicyStatement(row, resources, ResourceArns.Of(row.On[^1], scope),
               row.Condition is { Value: null } inCluster ? inCluster with { Value = ResourceArns.ClusterOf(scope) } : row.Condition),
    ];

    public static JsonObject Document(PolicyScope scope) => new()
    {
        ["Version"] = "2012-10-17",
        ["Statement"] = new JsonArray([.. Statements(scope).Select(statement => statement.ToJson())]),
    };
}
