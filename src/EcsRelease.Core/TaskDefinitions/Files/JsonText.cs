using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.TaskDefinitions.Files;

/// <summary>A JSON file in memory that knows where each value stands. Comments and trailing commas are allowed.</summary>
internal sealed class JsonText
{
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly byte[] _bytes;
    private readonly string _file;
    private readonly string _name;

    // By RFC 6901 pointer: the offset of the value's first byte.
    private readonly Dictionary<string, long> _offsets = new(StringComparer.Ordinal);

    private JsonText(string text, string file, string name) => (_bytes, _file, _name) = (Encoding.UTF8.GetBytes(text), file, name);

    public JsonNode? Root { get; private set; }

    /// <param name="file">Full path.</param>
    /// <param name="name">The file as the user names it.</param>
    /// <exception cref="EcsReleaseException">ECSR5150, 5151.</exception>
    public static JsonText Parse(string text, string file, string name)
    {
        var json = new JsonText(text, file, name);
        try
        {
            json.FindPlaces();
        }
        catch (JsonException bad)
        {
            var line = (int)(bad.LineNumber ?? 0);
            throw Yaml.IsLikely(text)
                ? Errors.DefinitionIsYaml(json.At(Yaml.FirstLine(text), 0))
                : Errors.DefinitionNotJson(json.At(line, bad.BytePositionInLine ?? 0), Reason(bad));
        }
        json.Root = JsonNode.Parse(json._bytes, documentOptions: new JsonDocumentOptions { CommentHandling = Lenient.CommentHandling, AllowTrailingCommas = Lenient.AllowTrailingCommas });
        return json;
    }

    /// <summary>The pointer of a member or element of what <paramref name="parent"/> points to.</summary>
    public static string Pointer(string parent, object part) =>
        $"{parent}/{part.ToString()!.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>Where the value stands; for one that is not in the text, the place of what would hold it.</summary>
    public FilePlace Place(string pointer)
    {
        for (; pointer.Length > 0; pointer = pointer[..pointer.LastIndexOf('/')])
            if (_offsets.TryGetValue(pointer, out var offset))
                return At(offset);
        return At(_offsets.GetValueOrDefault(""));
    }

    private void FindPlaces()
    {
        var reader = new Utf8JsonReader(_bytes, Lenient);
        var open = new Stack<(string Pointer, HashSet<string>? Names)>();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        string? next = "";
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                open.Pop();
                continue;
            }
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var (parent, names) = open.Peek();
                var name = Text(ref reader);
                if (!names!.Add(name))
                    throw Errors.DefinitionNotJson(At(reader.TokenStartIndex), $"member '{name}' is there twice");
                next = Pointer(parent, name);
                continue;
            }
            if (next is null)
            {
                var list = open.Peek().Pointer;
                counts[list] = counts.GetValueOrDefault(list, -1) + 1;
                next = Pointer(list, counts[list]);
            }
            _offsets[next] = reader.TokenStartIndex;
            if (reader.TokenType == JsonTokenType.String)
                Text(ref reader);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                open.Push((next, reader.TokenType == JsonTokenType.StartObject ? new(StringComparer.Ordinal) : null));
            next = null;
        }
    }

    // Half of a surrogate pair, as an escape, is JSON and yet no text.
    private string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException half)
        {
            throw Errors.DefinitionNotJson(At(reader.TokenStartIndex), half.Message.TrimEnd('.'));
        }
    }

    private FilePlace At(long offset)
    {
        var before = _bytes.AsSpan(0, (int)offset);
        var start = before.LastIndexOf((byte)'\n') + 1;
        return At(before.Count((byte)'\n'), offset - start);
    }

    /// <param name="line">From 0.</param>
    /// <param name="position">Bytes before it in its line.</param>
    private FilePlace At(int line, long position)
    {
        var start = 0;
        for (var passed = 0; passed < line; passed++)
            start += _bytes.AsSpan(start).IndexOf((byte)'\n') + 1;
        var end = Math.Min(_bytes.Length, start + (int)position);
        return new(_file, _name, line + 1, Encoding.UTF8.GetCharCount(_bytes.AsSpan(start, end - start)) + 1);
    }

    // The exception's own text ends with the place, which is said before.
    private static string Reason(JsonException bad)
    {
        var end = bad.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? bad.Message : bad.Message[..end]).TrimEnd('.');
    }
}
