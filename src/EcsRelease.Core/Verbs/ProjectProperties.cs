using System.Security;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace EcsRelease.Verbs;

/// <summary>Sets properties in a project file and leaves every other byte of it as it is.</summary>
internal sealed class ProjectProperties
{
    private readonly string _file;
    private readonly Encoding _encoding;
    private readonly bool _hasMark;
    private string _text;

    private ProjectProperties(string file, byte[] bytes)
    {
        _file = file;
        // A byte order mark decides; without one it is UTF-8, strictly, so that nothing is lost on the way back.
        using var reader = new StreamReader(new MemoryStream(bytes), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true));
        _text = reader.ReadToEnd();
        _encoding = reader.CurrentEncoding;
        _hasMark = bytes.AsSpan().StartsWith(_encoding.Preamble);
    }

    /// <param name="properties">To be set without a condition.</param>
    /// <param name="force">Replace values that are there.</param>
    /// <returns>The file's new content.</returns>
    /// <exception cref="EcsReleaseException">ECSR5162, 5163.</exception>
    public static byte[] With(string file, byte[] content, IReadOnlyList<NameValue> properties, bool force)
    {
        if (properties.Count == 0)
            return content;
        try
        {
            var project = new ProjectProperties(file, content);
            project.Set(properties, force);
            return [.. project._hasMark ? project._encoding.Preamble.ToArray() : [], .. project._encoding.GetBytes(project._text)];
        }
        catch (Exception bad) when (bad is XmlException or DecoderFallbackException)
        {
            throw NotEditable(file, bad is XmlException ? $"it is not well-formed XML ({bad.Message.TrimEnd('.')})" : "it is not UTF-8", properties);
        }
    }

    private void Set(IReadOnlyList<NameValue> properties, bool force)
    {
        List<NameValue> added = [];
        foreach (var property in properties)
        {
            switch (Elements(property.Name).ToList())
            {
                case []:
                    added.Add(property);
                    break;
                case [{ IsConditional: false } only] when only.Value == SecurityElement.Escape(property.Value):
                    break;
                case [{ IsConditional: false } only] when !force:
                    throw Errors.InitWouldOverwrite(_file, $"sets {property.Name} to '{only.Value}', where '{property.Value}' is wanted");
                case [{ IsConditional: false } only]:
                    _text = _text[..only.Start] + SecurityElement.Escape(property.Value) + _text[only.End..];
                    break;
                default:
                    throw NotEditable(_file, $"it sets {property.Name} more than once or under a condition", properties);
            }
        }
        if (added.Count > 0)
            Add(added);
        var written = XDocument.Parse(_text);
        if (properties.Any(property => written.Descendants().Count(element => element.Name.LocalName == property.Name && element.Value == property.Value) != 1))
            throw NotEditable(_file, "its form is not one that can be added to", properties);
    }

    /// <summary>At the end of the first group without a condition, in the file's own indentation and line ends; else in a new group.</summary>
    private void Add(IReadOnlyList<NameValue> properties)
    {
        var newline = _text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        if (Group() is not { } group)
        {
            var places = new TextPlaces(_text);
            using var reader = places.Read();
            reader.MoveToContent();
            var start = _text.IndexOf('>', places.Offset(reader)) + 1;
            _text = $"{_text[..start]}{newline}  <PropertyGroup>{newline}{string.Concat(properties.Select(property => $"    {Xml(property)}{newline}"))}  </PropertyGroup>{_text[start..]}";
            return;
        }
        var (end, child) = group;
        var line = _text.LastIndexOf('\n', end - 1) + 1;
        var closing = _text[line..end];
        if (closing.Trim().Length > 0)
        {
            _text = _text[..end] + string.Concat(properties.Select(Xml)) + _text[end..];
            return;
        }
        var indent = child is { } at && _text[(_text.LastIndexOf('\n', at - 1) + 1)..at] is var before && before.Trim().Length == 0 ? before : closing + "  ";
        _text = _text[..line] + string.Concat(properties.Select(property => $"{indent}{Xml(property)}{newline}")) + _text[line..];
    }

    /// <returns>Where the first group that always counts is closed, and where its last property begins.</returns>
    private (int End, int? Child)? Group()
    {
        var places = new TextPlaces(_text);
        using var reader = places.Read();
        int? child = null;
        var isOpen = false;
        while (reader.Read())
        {
            if (reader is { Depth: 1, Name: "PropertyGroup", NodeType: XmlNodeType.Element, IsEmptyElement: false })
                (isOpen, child) = (reader.GetAttribute("Condition") is null, null);
            else if (isOpen && reader is { Depth: 2, NodeType: XmlNodeType.Element })
                child = places.Offset(reader) - "<".Length;
            else if (isOpen && reader is { Depth: 1, NodeType: XmlNodeType.EndElement })
                return (places.Offset(reader) - "</".Length, child);
        }
        return null;
    }

    /// <summary>Where a property is set: its value's text from Start to End.</summary>
    private IEnumerable<(int Start, int End, string Value, bool IsConditional)> Elements(string name)
    {
        var places = new TextPlaces(_text);
        using var reader = places.Read();
        var conditions = new bool[64];
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            // Only a group right below the project always counts: in a target or a When it depends.
            conditions[reader.Depth + 1] = (reader.Depth > 0 && (conditions[reader.Depth] || reader.GetAttribute("Condition") is not null))
                || (reader.Depth == 1 && reader.Name != "PropertyGroup");
            if (!reader.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || reader.Depth < 2)
                continue;
            var (isConditional, isEmpty) = (conditions[reader.Depth + 1] || reader.IsEmptyElement, reader.IsEmptyElement);
            var start = _text.IndexOf('>', places.Offset(reader)) + 1;
            var end = isEmpty ? start : _text.IndexOf("</", start, StringComparison.Ordinal);
            yield return (start, end, _text[start..end], isConditional);
        }
    }

    private static EcsReleaseException NotEditable(string file, string why, IReadOnlyList<NameValue> properties) =>
        Errors.ProjectNotEditable(file, why, string.Concat(properties.Select(Xml)));

    private static string Xml(NameValue property) => $"<{property.Name}>{SecurityElement.Escape(property.Value)}</{property.Name}>";

    /// <summary>From the lines and columns of an XML reader to offsets in its text.</summary>
    private sealed class TextPlaces(string text)
    {
        private readonly List<int> _lines = Lines(text);

        public XmlReader Read() => XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, IgnoreComments = true });

        public int Offset(XmlReader reader) => _lines[((IXmlLineInfo)reader).LineNumber - 1] + ((IXmlLineInfo)reader).LinePosition - 1;

        // XML's line ends: \n, \r\n, and \r alone.
        private static List<int> Lines(string text)
        {
            List<int> starts = [0];
            for (var at = 0; at < text.Length; at++)
                if (text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.Length || text[at + 1] != '\n')))
                    starts.Add(at + 1);
            return starts;
        }
    }
}
