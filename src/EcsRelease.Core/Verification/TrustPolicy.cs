using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Permissions;

namespace EcsRelease.Verification;

/// <summary>Who may assume a role (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).</summary>
internal sealed class TrustPolicy
{
    public const string Tasks = "ecs-tasks.amazonaws.com";

    private readonly JsonObject _document;
    private readonly IReadOnlyList<JsonObject> _statements;

    private TrustPolicy(JsonObject document, IReadOnlyList<JsonObject> statements) => (_document, _statements) = (document, statements);

    /// <param name="document">AssumeRolePolicyDocument, URL-encoded as IAM answers it.</param>
    /// <returns>Null when it is no policy.</returns>
    public static TrustPolicy? Parse(string document)
    {
        try
        {
            var policy = JsonNode.Parse(Uri.UnescapeDataString(document)) as JsonObject;
            return policy?["Statement"] switch
            {
                JsonArray list => new(policy, [.. list.OfType<JsonObject>()]),
                JsonObject one => new(policy, [one]),
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

    /// <summary>The whole document, in which tasks of an account may assume the role too: to update it replaces all of it.</summary>
    public JsonObject WithTasks(string account)
    {
        var document = (JsonObject)_document.DeepClone();
        document["Statement"] = new JsonArray(
        [
            .. _statements.Select(statement => statement.DeepClone()),
            new JsonObject
            {
                ["Effect"] = "Allow",
                ["Principal"] = new JsonObject { ["Service"] = Tasks },
                ["Action"] = "sts:AssumeRole",
                ["Condition"] = new JsonObject { ["StringEquals"] = new JsonObject { ["aws:SourceAccount"] = account } },
            },
        ]);
        return document;
    }

    private static bool Concerns(JsonObject statement) => Acts(statement) && Names(statement);

    private static bool Acts(JsonObject statement) => statement["NotAction"] is { } others
        ? !Strings(others).Any(IsAssumeRole)
        : Strings(statement["Action"]).Any(IsAssumeRole);

    private static bool Names(JsonObject statement) => statement["NotPrincipal"] is { } others
        ? !Strings((others as JsonObject)?["Service"]).Contains(Tasks)
        : Strings(statement["Principal"]).Contains("*")
            || Strings((statement["Principal"] as JsonObject)?["AWS"]).Contains("*")
            || Strings((statement["Principal"] as JsonObject)?["Service"]).Contains(Tasks);

    // Actions know no case, and take wildcards.
    private static bool IsAssumeRole(string action) => FileSystemName.MatchesSimpleExpression(action, "sts:AssumeRole", ignoreCase: true);

    /// <summary>A member that is a string or a list of strings.</summary>
    internal static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        JsonArray list => list.OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var text) ? text : null).OfType<string>(),
        _ => [],
    };
}
