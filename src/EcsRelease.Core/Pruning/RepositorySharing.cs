using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.Aws;

namespace EcsRelease.Pruning;

/// <summary>Somebody else who may run a repository's images.</summary>
/// <param name="With">In words.</param>
/// <param name="Account">Null = more than one account, or no account: it cannot be looked through.</param>
/// <param name="Region">Null = any.</param>
internal sealed record Sharing(string With, string? Account, string? Region = null);

/// <summary>With whom a repository is shared: by its policy, by replication, or since another account owns it.</summary>
/// <param name="ecr">Paced.</param>
/// <param name="reader">Of the repository.</param>
internal sealed partial class RepositorySharing(AmazonEcrClient ecr, RepositoryReader reader, string name, string owner, string account, string region)
{
    public async Task<IReadOnlyList<Sharing>> ReadAsync(References into, CancellationToken cancellationToken)
    {
        var found = new List<Sharing>();
        if (owner != account)
            found.Add(new($"account {owner}, which owns it", owner));
        await SourceRead.TryAsync(into, $"the policy of repository '{name}'", "ecr:GetRepositoryPolicy", async () =>
        {
            found.AddRange(OfPolicy(await PolicyAsync(cancellationToken), _ => true));
            return found;
        }, onlyImages: true);
        await SourceRead.TryAsync(into, $"the settings of registry {owner}", "ecr:DescribeRegistry, ecr:GetRegistryPolicy", async () =>
        {
            var registry = await ecr.DescribeRegistryAsync([], cancellationToken);
            // It is always the caller's own that answers.
            if (registry.Text("registryId") is { } answered && answered != owner)
                throw new AwsServiceException("ecr:DescribeRegistry", "OtherRegistry", $"registry {answered} answered; read it with EcrRoleArn or EcrProfile of account {owner}.");
            found.AddRange(OfReplication(registry));
            found.AddRange(OfPolicy(await RegistryPolicyAsync(cancellationToken), IsAboutImages));
            return found;
        }, onlyImages: true);
        return [.. found.Distinct()];
    }

    private async Task<string?> RegistryPolicyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await ecr.GetRegistryPolicyAsync([], cancellationToken)).Text("policyText");
        }
        catch (AwsServiceException none) when (none.ErrorCode == "RegistryPolicyNotFoundException")
        {
            return null;
        }
    }

    // What lets others only bring images in (docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html).
    private static bool IsAboutImages(JsonObject statement) =>
        (statement["Action"] is JsonArray list ? list.Select(action => action?.ToString()) : [statement["Action"]?.ToString()])
            .Any(action => action is not ("ecr:ReplicateImage" or "ecr:CreateRepository" or "ecr:BatchImportUpstreamImage" or "ecr:TagResource"));

    private async Task<string?> PolicyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await ecr.GetRepositoryPolicyAsync(reader.Request([]), cancellationToken)).Text("policyText");
        }
        catch (AwsServiceException none) when (none.ErrorCode == "RepositoryPolicyNotFoundException")
        {
            return null;
        }
    }

    /// <summary>Whoever a statement allows anything; a Deny takes nothing back here, since it may have conditions.</summary>
    private IEnumerable<Sharing> OfPolicy(string? text, Func<JsonObject, bool> counts)
    {
        if (text is null)
            return [];
        JsonNode? policy;
        try
        {
            policy = JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return [new("whomever its policy names, which is not JSON", null)];
        }
        // One statement needs no list.
        var statements = policy?["Statement"] is JsonObject only ? [only] : policy.Objects("Statement");
        return statements.Where(statement => statement.Text("Effect") == "Allow" && counts(statement)).SelectMany(Principals).Where(sharing => sharing.Account != account);
    }

    private static IEnumerable<Sharing> Principals(JsonObject statement)
    {
        if (statement["NotPrincipal"] is not null || statement["Principal"] is JsonValue)
            yield return Everybody(statement);
        foreach (var (kind, named) in statement.Object("Principal") ?? [])
            foreach (var principal in named is JsonArray list ? list.Select(each => each?.ToString() ?? "") : [named?.ToString() ?? ""])
                yield return kind switch
                {
                    "AWS" when principal != "*" => AccountIn().Match(principal) is { Success: true } match ? new($"account {match.Value}", match.Value) : new($"'{principal}'", null),
                    "AWS" => Everybody(statement),
                    _ => new($"'{principal}', whose uses cannot be listed", null),
                };
    }

    private static Sharing Everybody(JsonObject statement) =>
        new(statement["Condition"] is null ? "everybody" : $"everybody who meets the condition {statement["Condition"]!.ToJsonString()}", null);

    private IEnumerable<Sharing> OfReplication(JsonObject registry) =>
        registry.Object("replicationConfiguration").Objects("rules")
            .Where(rule => !rule.Objects("repositoryFilters").Any() || rule.Objects("repositoryFilters").Any(filter => name.StartsWith(filter.Text("filter") ?? "", StringComparison.Ordinal)))
            .SelectMany(rule => rule.Objects("destinations"))
            .Select(destination => new Sharing($"{destination.Text("registryId")}/{destination.Text("region")}, where it is replicated to", destination.Text("registryId"), destination.Text("region")))
            .Where(sharing => sharing.Account != account || sharing.Region != region);

    [GeneratedRegex(@"\b\d{12}\b")]
    private static partial Regex AccountIn();
}
