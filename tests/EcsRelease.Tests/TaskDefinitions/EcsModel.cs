using System.IO.Compression;
using System.Text.Json;
using EcsRelease.TaskDefinitions.Files;
using EcsRelease.Tests.Aws.Botocore;

namespace EcsRelease.Tests.TaskDefinitions;

/// <summary>The input of RegisterTaskDefinition as botocore's model has it, where this machine has it.</summary>
internal static class EcsModel
{
    private static readonly Lazy<IReadOnlyDictionary<string, IReadOnlyDictionary<string, Member>>?> Found = new(Read);

    /// <summary>Structure → its members, in the form of <see cref="DefinitionShape.Structures"/>; null where there is no model.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, Member>>? Structures => Found.Value;

    private static Dictionary<string, IReadOnlyDictionary<string, Member>>? Read()
    {
        if (File() is not { } file)
            return null;
        using var stream = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(System.IO.File.OpenRead(file), CompressionMode.Decompress) : (Stream)System.IO.File.OpenRead(file);
        using var model = JsonDocument.Parse(stream);
        var shapes = model.RootElement.GetProperty("shapes");
        var structures = new Dictionary<string, IReadOnlyDictionary<string, Member>>();
        Add(DefinitionShape.Root);
        return structures;

        void Add(string name)
        {
            if (structures.ContainsKey(name))
                return;
            var shape = shapes.GetProperty(name);
            string?[] required = shape.TryGetProperty("required", out var list) ? [.. list.EnumerateArray().Select(each => each.GetString())] : [];
            structures[name] = new Dictionary<string, Member>();
            structures[name] = shape.GetProperty("members").EnumerateObject().ToDictionary(
                member => member.Name, member => new Member(member.Name, TypeOf(member.Value), required.Contains(member.Name)));
        }

        MemberType TypeOf(JsonElement reference)
        {
            var name = reference.GetProperty("shape").GetString()!;
            var shape = shapes.GetProperty(name);
            switch (shape.GetProperty("type").GetString())
            {
                case "structure":
                    Add(name);
                    return new MemberType.Structure(name);
                case "list": return new MemberType.List(TypeOf(shape.GetProperty("member")));
                case "map": return new MemberType.Map();
                case "integer": return new MemberType.Scalar(ScalarKind.Integer);
                case "boolean": return new MemberType.Scalar(ScalarKind.Flag);
                default: return new MemberType.Scalar(ScalarKind.Text);
            }
        }
    }

    private static string? File() => BotocoreModels.Found is { } models
        ? new[] { "service-2.json.gz", "service-2.json" }.Select(name => Path.Combine(models.Folder, "data", "ecs", "2014-11-13", name)).FirstOrDefault(System.IO.File.Exists)
        : null;
}
