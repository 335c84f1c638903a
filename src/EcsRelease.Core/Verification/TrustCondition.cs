using System.IO.Enumeration;
using System.Text.Json.Nodes;
using EcsRelease.Permissions;

namespace EcsRelease.Verification;

/// <summary>The conditions that ECS's guide puts on a role of tasks against the confused deputy
/// (docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html): aws:SourceAccount and aws:SourceArn.</summary>
internal static class TrustCondition
{
    public static (CheckState State, string Why) Judge(JsonObject? condition, PolicyScope scope)
    {
        if (condition is null || condition.Count == 0)
            return (CheckState.Ok, $"trusts {TrustPolicy.Tasks}");
        var notes = new List<string>();
        foreach (var (comparison, keys) in condition)
        {
            foreach (var (key, values) in keys as JsonObject ?? [])
            {
                var wanted = TrustPolicy.Strings(values).ToList();
                var holds = Holds(comparison, key, wanted, scope);
                var shown = $"{comparison} {key} {string.Join(", ", wanted)}";
                if (holds is null)
                    return (CheckState.CouldNotCheck, $"trusts {TrustPolicy.Tasks} under a condition that only AWS can judge: {shown}");
                if (holds == false)
                    return (CheckState.Failed, $"trusts {TrustPolicy.Tasks}, but not for account {scope.Account} in {scope.Region}: {shown}");
                notes.Add(shown);
            }
        }
        return (CheckState.Ok, $"trusts {TrustPolicy.Tasks} ({string.Join("; ", notes)})");
    }

    /// <returns>Null = not known.</returns>
    private static bool? Holds(string comparison, string key, IReadOnlyList<string> wanted, PolicyScope scope) => (comparison, key.ToUpperInvariant()) switch
    {
        ("StringEquals", "AWS:SOURCEACCOUNT") => wanted.Contains(scope.Account),
        ("StringLike", "AWS:SOURCEACCOUNT") => wanted.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, scope.Account, ignoreCase: false)),
        ("ArnLike" or "ArnEquals" or "StringLike", "AWS:SOURCEARN") => Any(wanted.Select(pattern => Covers(pattern, scope)).ToList()),
        _ => null,
    };

    private static bool? Any(IReadOnlyList<bool?> each) => each.Contains(true) ? true : each.Contains(null) ? null : false;

    // ECS's own ARNs of an account and region. The guide has `*` behind them and says that a cluster is not supported; what
    // else ECS sends there is not documented.
    private static bool? Covers(string pattern, PolicyScope scope)
    {
        string[] own = ["arn", scope.Partition, "ecs", scope.Region, scope.Account];
        var parts = pattern.Split(':', 6);
        if (parts is ["*"])
            return true;
        if (parts.Length < 6 || !own.Zip(parts).All(pair => FileSystemName.MatchesSimpleExpression(pair.Second, pair.First, ignoreCase: false)))
            return false;
        return parts[5] == "*" ? true : null;
    }
}
