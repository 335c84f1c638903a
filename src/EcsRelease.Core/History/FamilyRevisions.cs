using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.History;

/// <summary>The revisions of a family, deregistered ones too, newest first; nothing is asked for before it is needed.</summary>
internal static class FamilyRevisions
{
    public static async IAsyncEnumerable<string> ListAsync(AmazonEcsClient ecs, string family, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var active = Of("ACTIVE");
        await using var inactive = Of("INACTIVE");
        var hasActive = await active.MoveNextAsync();
        var hasInactive = await inactive.MoveNextAsync();
        while (hasActive || hasInactive)
        {
            var isActiveNext = !hasInactive || (hasActive && RevisionOf(active.Current) > RevisionOf(inactive.Current));
            yield return isActiveNext ? active.Current : inactive.Current;
            if (isActiveNext)
                hasActive = await active.MoveNextAsync();
            else
                hasInactive = await inactive.MoveNextAsync();
        }

        IAsyncEnumerator<string> Of(string status) => Paging.ListAllAsync(
            ecs.ListTaskDefinitionsAsync,
            new JsonObject { ["familyPrefix"] = family, ["status"] = status, ["sort"] = "DESC", ["maxResults"] = 100 },
            "taskDefinitionArns",
            cancellationToken).Select(arn => (string)arn!).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>0 when the ARN has none.</summary>
    public static int RevisionOf(string arn) =>
        int.TryParse(arn.Split(':')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    /// <summary>`orders` of `arn:…:task-definition/orders:7`.</summary>
    public static string FamilyOf(string arn) => arn.Split('/')[^1].Split(':')[0];
}
