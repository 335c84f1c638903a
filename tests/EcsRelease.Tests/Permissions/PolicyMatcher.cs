using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace EcsRelease.Tests.Permissions;

/// <summary>Judges a request by a policy document, as IAM does: allowed when one statement has action, resource and
/// every condition (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).</summary>
internal sealed class PolicyMatcher(JsonObject document)
{
    /// <param name="context">Condition keys of the request.</param>
    public bool Allows(string action, string resource, IReadOnlyDictionary<string, string>? context = null) =>
        document["Statement"]!.AsArray().Any(statement =>
            Texts(statement!["Action"]).Contains(action)
            && Texts(statement["Resource"]).Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, resource, ignoreCase: false))
            && (statement["Condition"] as JsonObject ?? []).SelectMany(test => test.Value!.AsObject())
                .All(key => context is not null && context.TryGetValue(key.Key, out var value) && value == (string?)key.Value));

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(each => (string)each!);
}
