using System.IO.Compression;
using System.Xml.Linq;
using EcsRelease.Options;

namespace EcsRelease.EndToEndTests;

/// <summary>The props, the targets and the engine name the same options.</summary>
public sealed class PackageFilesTests
{
    private static readonly string Build = Path.Combine(Packages.RepositoryRoot, "src", "EcsRelease.MSBuild", "build");
    private static readonly XDocument Props = XDocument.Load(Path.Combine(Build, "EcsRelease.props"));
    private static readonly XDocument Targets = XDocument.Load(Path.Combine(Build, "EcsRelease.targets"));

    [Test]
    public void Every_option_is_documented_in_the_props_with_the_words_of_the_engine()
    {
        var documented = Props.DescendantNodes().OfType<XComment>()
            .Where(comment => comment.NextNode is XElement)
            .ToDictionary(comment => ((XElement)comment.NextNode!).Name.LocalName, comment => comment.Value.Trim());
        documented.Remove("Import");

        documented.Keys.Should().BeEquivalentTo(OptionReader.All.Select(option => option.Name).Concat(OptionNames.OfTargets));
        foreach (var option in OptionReader.All)
            documented[option.Name].Replace("- -", "--", StringComparison.Ordinal).Should().Be(option.Description, "and XML comments cannot hold two dashes");
    }

    [Test]
    public void The_props_set_nothing_but_what_is_set_already()
    {
        foreach (var property in Props.Descendants("PropertyGroup").Elements())
            property.Value.Should().Be($"$({property.Name.LocalName})");
    }

    [Test]
    public void The_targets_hand_on_every_option()
    {
        Includes("_EcsOption").Should().BeEquivalentTo(OptionReader.All.Where(option => option.Property is not null).Select(option => option.Property));
        Targets.Descendants("_EcsOptionItem").Select(item => item.Attribute("Item")!.Value)
            .Should().BeEquivalentTo(OptionReader.All.Where(option => option.Item is not null).Select(option => option.Item));
        foreach (var option in Targets.Descendants("_EcsOption"))
            option.Attribute("Value")!.Value.Should().Be($"$({option.Attribute("Include")!.Value})");
    }

    [Test]
    public void The_targets_hand_on_everything_that_shapes_the_image()
    {
        Includes("_EcsImageInput").Should().BeEquivalentTo(ImageInputNames.Properties);
        Targets.Descendants("_EcsImageInputItem").Select(item => item.Attribute("Item")!.Value).Should().BeEquivalentTo(ImageInputNames.Items.Keys);
    }

    [Test]
    public void The_error_of_an_old_SDK_has_the_engines_words()
    {
        var error = Targets.Descendants("Error").Single();

        var expected = Errors.SdkTooOld("$(NETCoreSdkVersion)");
        (error.Attribute("Code")!.Value, error.Attribute("Text")!.Value).Should().Be((expected.Code, expected.Message));
    }

    [Test]
    public void A_name_that_is_offered_is_not_also_listed_as_not_yet_offered() =>
        OptionNames.NotYetOffered.Should().NotIntersectWith(OptionReader.All.Select(option => option.Name));

    [TestCase("EcsClster", "EcsCluster")]
    [TestCase("ecsservice2", "EcsService")]
    [TestCase("EcsSecrets", "EcsSecret")]
    [TestCase("EcsDeploi", "EcsDeploy")]
    [TestCase("EcsXylophoneOrchestra", null)]
    public void The_nearest_name_is_suggested(string mistyped, string? nearest) =>
        OptionNames.Nearest(mistyped, OptionReader.All.Select(option => option.Name).Concat(OptionNames.OfTargets)).Should().Be(nearest);

    [Test]
    public void The_package_brings_the_task_with_all_it_needs_and_asks_for_no_other_package()
    {
        using var package = ZipFile.OpenRead(Directory.GetFiles(Packages.Source, $"EcsRelease.{Packages.Version}.nupkg").Single());
        var files = package.Entries.Select(entry => entry.FullName).ToList();

        files.Should().Contain(["build/EcsRelease.props", "build/EcsRelease.targets", "build/EcsRelease.Version.props", "README.md",
            "tasks/net10.0/EcsRelease.MSBuild.dll", "tasks/net10.0/EcsRelease.MSBuild.deps.json", "tasks/net10.0/EcsRelease.Core.dll", "tasks/net10.0/AWSSDK.Core.dll"]);
        files.Should().NotContain(file => file.EndsWith(".pdb", StringComparison.Ordinal) || file.Contains("Microsoft.Build", StringComparison.Ordinal));
        using var nuspec = package.GetEntry("EcsRelease.nuspec")!.Open();
        var text = XDocument.Load(nuspec).ToString();
        text.Should().Contain("<developmentDependency>true").And.NotContain("<dependency ");
    }

    private static IEnumerable<string> Includes(string item) => Targets.Descendants(item).Select(element => element.Attribute("Include")!.Value);
}
