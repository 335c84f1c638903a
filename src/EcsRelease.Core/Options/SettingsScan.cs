using System.Xml;
using System.Xml.Linq;

namespace EcsRelease.Options;

/// <summary>Finds properties and items in project files whose names look like options and are none: MSBuild evaluates
/// `&lt;EcsClster&gt;` without a word.</summary>
public static class SettingsScan
{
    public static IEnumerable<PlacedError> Mistakes(IEnumerable<string> files) =>
        files.Where(File.Exists).Distinct().SelectMany(InFile);

    private static IEnumerable<PlacedError> InFile(string file) =>
        XDocument.Load(file, LoadOptions.SetLineInfo).Descendants()
            .Where(element => element.Parent?.Name.LocalName is "PropertyGroup" or "ItemGroup" or "ItemDefinitionGroup")
            .Select(element => (element, name: element.Name.LocalName))
            .Where(pair => OptionNames.IsOurs(pair.name))
            .Select(pair => (pair.element, error: OptionNames.Check(pair.name)))
            .Where(pair => pair.error is not null)
            .Select(pair => new PlacedError(pair.error!, file, ((IXmlLineInfo)pair.element).LineNumber));
}
