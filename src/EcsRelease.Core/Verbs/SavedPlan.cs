using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Verbs;

/// <summary>A plan that was written to a file and agreed to: a release does exactly it, or nothing.</summary>
public sealed class SavedPlan
{
    private const int Shown = 8;
    private readonly JsonObject document;

    private SavedPlan(string file, JsonObject document) => (File, this.document) = (file, document);

    /// <summary>Full path.</summary>
    public string File { get; }

    /// <exception cref="EcsReleaseException">ECSR1018.</exception>
    public static async Task WriteAsync(ReleasePlan plan, string file, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await System.IO.File.WriteAllTextAsync(file, PlanDocument.ToJson(plan) + "\n", cancellationToken);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Errors.PlanFileNotWritten(file, cause.Message);
        }
    }

    /// <exception cref="EcsReleaseException">ECSR1017.</exception>
    public static async Task<SavedPlan> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = System.IO.File.OpenRead(file);
            var document = await JsonNode.ParseAsync(content, cancellationToken: cancellationToken) as JsonObject;
            return document.Text("outcome") == ReleaseOutcome.Planned.Word() && document.Integer("schema") == 1
                ? new(file, document!)
                : throw Errors.PlanFileUnreadable(file, "its schema is not 1 or its outcome is not 'planned'");
        }
        catch (JsonException bad)
        {
            throw Errors.PlanFileUnreadable(file, $"it is no JSON (line {bad.LineNumber + 1})");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Errors.PlanFileUnreadable(file, cause.Message.TrimEnd('.'));
        }
    }

    /// <returns>The plan as one that is done as it is, or not at all.</returns>
    /// <exception cref="EcsReleaseException">ECSR5110: it is not the saved one.</exception>
    public ReleasePlan Bind(ReleasePlan plan)
    {
        var differences = Differences(document, PlanDocument.Of(plan)).ToList();
        if (differences.Count == 0)
            return plan with { IsBinding = true };
        plan.Access.Dispose();
        if (differences.Any(each => !Follows(each.Path)))
            differences.RemoveAll(each => Follows(each.Path));
        var lines = differences.Take(Shown).Select(each => $"{each.Path}: {each.Then} → {each.Now}");
        var rest = differences.Count > Shown ? $"; and {differences.Count - Shown} more" : "";
        throw Errors.LiveStateMoved(plan.Service, string.Join("; ", lines) + rest, $"Nothing was changed. Make a new plan: ecs-release plan --out {ShellWord.Of(File)}");
    }

    // Actions and calls follow from the rest: they are named where nothing else differs.
    private static bool Follows(string path) => path.StartsWith("actions[", StringComparison.Ordinal) || path.StartsWith("calls[", StringComparison.Ordinal);

    private static IEnumerable<(string Path, string Then, string Now)> Differences(JsonObject then, JsonObject now)
    {
        var before = new Dictionary<string, string>(StringComparer.Ordinal);
        var after = new Dictionary<string, string>(StringComparer.Ordinal);
        Flatten("", then, before);
        Flatten("", now, after);
        return before.Keys.Union(after.Keys)
            .Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path))
            .Select(path => (path, before.GetValueOrDefault(path, "(absent)"), after.GetValueOrDefault(path, "(absent)")));
    }

    private static void Flatten(string path, JsonNode? node, Dictionary<string, string> leaves)
    {
        switch (node)
        {
            case JsonObject parent:
                foreach (var (name, value) in parent)
                    Flatten(path.Length == 0 ? name : $"{path}.{name}", value, leaves);
                break;
            case JsonArray list:
                for (var index = 0; index < list.Count; index++)
                    Flatten($"{path}[{index}]", list[index], leaves);
                break;
            default:
                leaves[path] = node is null ? "(none)" : node.GetValueKind() == JsonValueKind.String ? $"'{node}'" : node.ToJsonString();
                break;
        }
    }
}
