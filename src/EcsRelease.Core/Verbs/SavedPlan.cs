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

    /// <returns>Full path of a file that a flag names.</returns>
    /// <exception cref="EcsReleaseException">ECSR1002.</exception>
    public static string PathOf(string flag, string file) =>
        file.Length == 0 ? throw Errors.BadValue(flag, file, "the path of a file") : Path.GetFullPath(file);

    /// <summary>Makes an empty file, so that a project that is read now shows whether it would publish the plan.</summary>
    /// <returns>False when there is a file already.</returns>
    /// <exception cref="EcsReleaseException">ECSR1018.</exception>
    public static bool Reserve(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            if (System.IO.File.Exists(file))
                return false;
            System.IO.File.WriteAllBytes(file, []);
            return true;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Errors.PlanFileNotWritten(file, cause.Message);
        }
    }

    /// <exception cref="EcsReleaseException">ECSR5177.</exception>
    public static void RefusePublished(string file, ProjectInfo project)
    {
        if (project.PublishInputs.Contains(file))
            throw Errors.PlanFileInImage(file);
    }

    /// <exception cref="EcsReleaseException">ECSR1018.</exception>
    public static async Task WriteAsync(ReleasePlan plan, string file, CancellationToken cancellationToken)
    {
        try
        {
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
            var document = await JsonNode.ParseAsync(content, documentOptions: new() { AllowDuplicateProperties = false }, cancellationToken: cancellationToken) as JsonObject;
            return document.Text("outcome") == ReleaseOutcome.Planned.Word() && document.Integer("schema") == 1
                ? new(file, document!)
                : throw Errors.PlanFileUnreadable(file, "its schema is not 1 or its outcome is not 'planned'");
        }
        catch (JsonException bad)
        {
            throw Errors.PlanFileUnreadable(file, bad.LineNumber is { } line ? $"it is no JSON (line {line + 1})" : "a member of it is there twice");
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
        throw Errors.LiveStateMoved(plan.Service, string.Join("; ", lines) + rest, $"Nothing was changed. Make a new plan with the same options: ecs-release plan --out {ShellWord.Of(File)}");
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
