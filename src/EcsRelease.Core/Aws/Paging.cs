using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>Lists and batches to their end. ECS pages by `nextToken` and limits how many names a call may carry.</summary>
public static class Paging
{
    /// <summary>DescribeTasks, at most.</summary>
    public const int TasksACall = 100;

    /// <summary>DescribeServiceDeployments and DescribeServiceRevisions, at most.</summary>
    public const int DeploymentsACall = 20;

    /// <summary>DeleteTaskDefinitions, at most.</summary>
    public const int DeletionsACall = 10;

    /// <summary>BatchDeleteImage and BatchGetImage, at most.</summary>
    public const int ImagesACall = 100;

    /// <summary>The members of <paramref name="member"/> over all pages; stop enumerating to stop asking.</summary>
    /// <param name="tokenName">EventBridge and Scheduler write it large: `NextToken`.</param>
    public static async IAsyncEnumerable<JsonNode> ListAllAsync(
        Func<JsonObject, CancellationToken, Task<JsonObject>> operation, JsonObject request, string member,
        [EnumeratorCancellation] CancellationToken cancellationToken, string tokenName = "nextToken")
    {
        var page = (JsonObject)request.DeepClone();
        string? token;
        do
        {
            var answer = await operation(page, cancellationToken);
            foreach (var item in answer[member] as JsonArray ?? [])
                if (item is not null)
                    yield return item;
            token = (string?)answer[tokenName];
            page = (JsonObject)request.DeepClone();
            page[tokenName] = token;
        }
        while (!string.IsNullOrEmpty(token));
    }

    /// <summary>One answer for all <paramref name="names"/>: <paramref name="found"/> and `failures` of every call together.</summary>
    /// <param name="member">The request's member for the names, e.g. `services`.</param>
    /// <param name="found">The answer's member for what was found.</param>
    /// <param name="aCall">Names a call, at most.</param>
    public static async Task<JsonObject> DescribeAllAsync(
        Func<JsonObject, CancellationToken, Task<JsonObject>> operation, JsonObject request, string member,
        IReadOnlyCollection<string> names, string found, int aCall, CancellationToken cancellationToken)
    {
        var all = new JsonArray();
        var failures = new JsonArray();
        foreach (var batch in names.Chunk(aCall))
        {
            var part = (JsonObject)request.DeepClone();
            part[member] = new JsonArray([.. batch.Select(name => JsonValue.Create(name))]);
            var answer = await operation(part, cancellationToken);
            Move(answer[found], all);
            Move(answer["failures"], failures);
        }
        return new JsonObject { [found] = all, ["failures"] = failures };
    }

    private static void Move(JsonNode? from, JsonArray to)
    {
        foreach (var item in from as JsonArray ?? [])
            to.Add(item?.DeepClone());
    }
}
