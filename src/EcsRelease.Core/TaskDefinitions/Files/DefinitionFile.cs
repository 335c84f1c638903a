using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions.Files;

/// <summary>A task definition file that was read: what `aws ecs register-task-definition --cli-input-json` takes, comments
/// and trailing commas allowed, its variables filled in; or a saved answer of describe-task-definition.</summary>
internal sealed class DefinitionFile
{
    private readonly JsonText _json;
    private readonly string _pointer;
    private readonly JsonObject _definition;

    private DefinitionFile(JsonText json, string pointer, JsonObject definition) => (_json, _pointer, _definition) = (json, pointer, definition);

    /// <summary>A copy of RegisterTaskDefinition's input, `tags` included.</summary>
    public JsonObject Definition => (JsonObject)_definition.DeepClone();

    /// <summary>Where the containers stand.</summary>
    public FilePlace Containers => _json.Place(JsonText.Pointer(_pointer, "containerDefinitions"));

    /// <param name="path">From the project's folder, or full.</param>
    /// <exception cref="EcsReleaseException">ECSR5104, 515x.</exception>
    public static async Task<DefinitionFile> ReadAsync(string path, DefinitionInputs inputs, CancellationToken cancellationToken)
    {
        var json = JsonText.Parse(await TextAsync(path, inputs, cancellationToken), Path.GetFullPath(path, inputs.ProjectDirectory), path);
        if (json.Root is not JsonObject root)
            throw Errors.DefinitionMemberType(json.Place(""), Path.GetFileName(path), "an object", "another value");
        var isDescribed = root.Object("taskDefinition") is not null && !root.ContainsKey("containerDefinitions");
        var pointer = isDescribed ? JsonText.Pointer("", "taskDefinition") : "";
        var definition = RevisionJson.Registrable(isDescribed ? root.Object("taskDefinition")! : root);
        var check = new DefinitionCheck(json, new Variables(inputs, await ParametersAsync(json, definition, pointer, inputs, cancellationToken)));
        check.Complete(definition, pointer);
        if (isDescribed && root["tags"] is JsonArray tags)
            definition["tags"] = check.Complete(tags.DeepClone(), DefinitionShape.Structures[DefinitionShape.Root]["tags"].Type, JsonText.Pointer("", "tags"), "tags");
        return new(json, pointer, definition);
    }

    /// <summary>The image of every container but the released one comes from the file.</summary>
    /// <exception cref="EcsReleaseException">ECSR5153.</exception>
    public void RefuseMissingImages(string released)
    {
        var list = JsonText.Pointer(_pointer, "containerDefinitions");
        foreach (var (container, index) in _definition.Objects("containerDefinitions").Select((container, index) => (container, index)))
            if (container.Text("name") != released && container.Text("image") is not { Length: > 0 })
                throw Errors.DefinitionMemberMissing(_json.Place(JsonText.Pointer(list, index)), $"containerDefinitions[{index}].image",
                    $"Only container '{released}' gets the image of the release; one that shares it has \"image\": \"${{image}}\".");
    }

    /// <summary>Where a container's variable stands in the file; null when it is not there.</summary>
    public FilePlace? PlaceOf(string container, string variable)
    {
        var containers = _definition.Objects("containerDefinitions").ToList();
        var at = containers.FindIndex(each => each.Text("name") == container);
        var entry = at < 0 ? -1 : containers[at].Objects("environment").ToList().FindIndex(each => each.Text("name") == variable);
        return entry < 0 ? null : _json.Place($"{JsonText.Pointer(_pointer, "containerDefinitions")}/{at}/environment/{entry}");
    }

    private static async Task<string> TextAsync(string path, DefinitionInputs inputs, CancellationToken cancellationToken)
    {
        try
        {
            // A byte order mark decides: what PowerShell's > writes may be UTF-16. Without one a sign that is not UTF-8 would
            // be lost: reading replaces it.
            return await File.ReadAllTextAsync(Path.Combine(inputs.ProjectDirectory, path), new UTF8Encoding(false, throwOnInvalidBytes: true), cancellationToken);
        }
        catch (DecoderFallbackException)
        {
            throw Errors.BadTaskDefinition($"file:{path}", "it is neither UTF-8 nor UTF-16; save it as UTF-8");
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw Errors.BadTaskDefinition($"file:{path}", $"it cannot be read: {missing.Message.TrimEnd('.')}; check EcsTaskDefinition");
        }
    }

    private static async Task<IReadOnlyDictionary<string, Parameter>> ParametersAsync(
        JsonText json, JsonObject definition, string pointer, DefinitionInputs inputs, CancellationToken cancellationToken)
    {
        var named = Texts(definition, pointer)
            .SelectMany(text => Variables.AllIn(text.Text, inputs.Environment).Where(variable => Variables.ParameterOf(variable) is not null).Select(variable => (text.Pointer, Variable: variable)))
            .ToList();
        if (named.Count == 0 || inputs.Parameters is null)
            return new Dictionary<string, Parameter>();
        try
        {
            return await inputs.Parameters.ReadAsync([.. named.Select(each => Variables.ParameterOf(each.Variable)!)], cancellationToken);
        }
        catch (AwsServiceException e)
        {
            var explained = AwsErrors.Explain(e, Variables.ParameterOf(named[0].Variable)!);
            throw Errors.VariableUnresolved(json.Place(named[0].Pointer), $"${{{named[0].Variable}}}", $"{explained.Code}: {explained.Message.TrimEnd('.')}");
        }
    }

    private static IEnumerable<(string Pointer, string Text)> Texts(JsonNode? node, string pointer) => node switch
    {
        JsonObject parent => parent.SelectMany(pair => Texts(pair.Value, JsonText.Pointer(pointer, pair.Key))),
        JsonArray list => list.SelectMany((item, index) => Texts(item, JsonText.Pointer(pointer, index))),
        JsonValue value when value.TryGetValue<string>(out var text) => [(pointer, text)],
        _ => [],
    };
}
