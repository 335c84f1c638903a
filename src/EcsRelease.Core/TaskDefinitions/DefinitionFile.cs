using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>A task definition file: what `aws ecs register-task-definition --cli-input-json` takes, comments and
/// trailing commas allowed.</summary>
internal static class DefinitionFile
{
    /// <exception cref="EcsReleaseException">ECSR5104.</exception>
    public static async Task<JsonObject> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            var root = await JsonNode.ParseAsync(file, documentOptions: new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
                AllowDuplicateProperties = false,
            }, cancellationToken: cancellationToken);
            return Checked(path, root);
        }
        catch (JsonException bad)
        {
            var place = bad.LineNumber is { } line ? $"line {line + 1}, position {bad.BytePositionInLine + 1}: " : "";
            throw Errors.BadTaskDefinition($"file:{path}", $"it is no JSON: {place}{Reason(bad)}");
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw Errors.BadTaskDefinition($"file:{path}", $"it cannot be read: {missing.Message.TrimEnd('.')}; check EcsTaskDefinition");
        }
    }

    private static JsonObject Checked(string path, JsonNode? root)
    {
        if (root is not JsonObject definition)
            throw Errors.BadTaskDefinition($"file:{path}", "it is no JSON object; write what `aws ecs register-task-definition --generate-cli-skeleton` prints");
        if (definition.Object("taskDefinition") is { } described && !definition.ContainsKey("containerDefinitions"))
        {
            // The answer of describe-task-definition, saved as it is.
            var tags = definition["tags"]?.DeepClone();
            definition = RevisionJson.Registrable(described);
            if (tags is not null)
                definition["tags"] = tags;
        }
        var containers = definition["containerDefinitions"] as JsonArray;
        if (containers is not { Count: > 0 })
            throw Errors.BadTaskDefinition($"file:{path}", "it has no containerDefinitions");
        if (containers.Any(each => each.Text("name") is not { Length: > 0 }))
            throw Errors.BadTaskDefinition($"file:{path}", "a container of it has no name");
        return RevisionJson.Registrable(definition);
    }

    // The exception's own text ends with the place, which is said before.
    private static string Reason(JsonException bad)
    {
        var end = bad.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? bad.Message : bad.Message[..end]).TrimEnd('.');
    }
}
