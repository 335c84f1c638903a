using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>How an operation of ECS reads several things by name.</summary>
/// <param name="Names">The request's member.</param>
/// <param name="Found">The answer's member.</param>
/// <param name="Max">Names a call, at most.</param>
/// <param name="Ids">Members of what is found by which it may have been named.</param>
internal sealed record Batching(string Names, string Found, int Max, params string[] Ids)
{
    /// <summary>The part of a common answer that is about these names.</summary>
    public JsonObject PartOf(JsonObject answer, IReadOnlyCollection<string> names) => new()
    {
        [Found] = new JsonArray([.. answer.Objects(Found).Where(each => names.Any(name => Ids.Any(id => each.Text(id) == name))).Select(each => each.DeepClone())]),
        ["failures"] = new JsonArray([.. answer.Objects("failures").Where(each => names.Any(name => IsAbout(each.Text("arn") ?? "", name))).Select(each => each.DeepClone())]),
    };

    // A service that is MISSING is named by an ARN which ECS makes of its name.
    private static bool IsAbout(string arn, string name) => arn == name || arn.EndsWith("/" + name, StringComparison.Ordinal);
}

/// <summary>Reads of several callers that are sent as one call. Not safe by itself: <see cref="SharedReads"/> locks.</summary>
/// <param name="rest">The request without its names.</param>
internal sealed class ReadBatch(string operation, Batching batching, JsonObject rest)
{
    private readonly List<Call> _calls = [];

    public string Operation => operation;

    public IReadOnlyList<Call> Calls => _calls;

    /// <summary>Null when it has no room left.</summary>
    public Call? Add(IReadOnlyList<string> names)
    {
        if (Names.Union(names).Count() > batching.Max)
            return null;
        var call = new Call(names);
        _calls.Add(call);
        return call;
    }

    public JsonObject Request() => RequestOf(Names);

    public JsonObject Request(Call call) => RequestOf(call.Names);

    public void End(Call call, JsonObject answer) => call.Answer.TrySetResult(batching.PartOf(answer, call.Names));

    private IEnumerable<string> Names => _calls.SelectMany(call => call.Names).Distinct();

    private JsonObject RequestOf(IEnumerable<string> names)
    {
        var request = (JsonObject)rest.DeepClone();
        request[batching.Names] = names.ToJsonArray();
        return request;
    }

    internal sealed class Call(IReadOnlyList<string> names)
    {
        public IReadOnlyList<string> Names => names;

        public TaskCompletionSource<JsonObject> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
