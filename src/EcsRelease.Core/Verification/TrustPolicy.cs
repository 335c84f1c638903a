using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Permissions;

namespace EcsRelease.Verification;

/// <summary>Who may assume a role (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).</summary>
internal sealed class TrustPolicy
{
    public const string Tasks = "ecs-tasks.amazonaws.com";

    private readonly IReadOnlyList<JsonObject> _statements;

    private TrustPolicy(IReadOnlyList<JsonObject> statements) => _statements = statements;

    /// <param name="document">AssumeRolePolicyDocument, URL-encoded as IAM answers it.</param>
    /// <returns>Null when it is no policy.</returns>
    public static TrustPolicy? Parse(string document)
    {
        try
        {
            var policy = JsonNode.Parse(Uri.UnescapeDataString(document)) as JsonObject;
            return policy?["Statement"] switch
            {
                JsonArray list => new([.. list.OfType<JsonObject>()]),
                JsonObject one => new([one]),
                _ => null,
            };
        }
        catch (JsonException)
        {
            // IAM has checked every policy that it stores; what is no JSON says nothing about trust.
            return null;
        }
    }

    /// <summary>Whether ECS may take the role for tasks of an account and region.</summary>
    /// <returns>A finding's state and what it rests on.</returns>
    public (CheckState State, string Why) TrustsTasks(PolicyScope scope)
    {
        if (_statements.Any(statement => statement.Text("Effect") == "Deny" && Concerns(statement)))
            return (CheckState.CouldNotCheck, $"a statement denies {Tasks}");
        var allowing = _statements.Where(statement => statement.Text("Effect") == "Allow" && Concerns(statement)).ToList();
        if (allowing.Count == 0)
            return (CheckState.Failed, $"no statement lets {Tasks} assume it");
        var judged = allowing.Select(statement => TrustCondition.Judge(statement.Object("Condition"), scope)).ToList();
        // One statement that holds is enough.
        return judged.OrderBy(each => each.State == CheckState.Ok ? 0 : each.State == CheckState.CouldNotCheck ? 1 : 2).First();
    }

    private static bool Concerns(JsonObject statement) =>
        Strings(statement["Action"]).Any(action => action is "sts:AssumeRole" or "sts:*" or "*")
        && (Strings(statement["Principal"]).Contains("*") || Strings((statement["Principal"] as JsonObject)?["Service"]).Contains(Tasks));

    /// <summary>A member that is a string or a list of strings.</summary>
    internal static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        JsonArray list => list.OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var text) ? text : null).OfType<string>(),
        _ => [],
    };
}
