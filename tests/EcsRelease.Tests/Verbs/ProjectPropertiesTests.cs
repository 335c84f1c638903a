using System.Text;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>Properties come into a project file, and every other byte stays.</summary>
public sealed class ProjectPropertiesTests
{
    private static readonly NameValue[] One = [new("EcsService", "orders")];

    [TestCase("<Project Sdk=\"x\">\n  <PropertyGroup>\n    <A>1</A>\n  </PropertyGroup>\n</Project>\n", "<Project Sdk=\"x\">\n  <PropertyGroup>\n    <A>1</A>\n    <EcsService>orders</EcsService>\n  </PropertyGroup>\n</Project>\n", TestName = "At the end of the first group")]
    [TestCase("<Project>\r\n\t<PropertyGroup>\r\n\t\t<A>1</A>\r\n\t</PropertyGroup>\r\n</Project>", "<Project>\r\n\t<PropertyGroup>\r\n\t\t<A>1</A>\r\n\t\t<EcsService>orders</EcsService>\r\n\t</PropertyGroup>\r\n</Project>", TestName = "In the file's own indentation and line ends")]
    [TestCase("<Project><PropertyGroup><A>1</A></PropertyGroup></Project>", "<Project><PropertyGroup><A>1</A><EcsService>orders</EcsService></PropertyGroup></Project>", TestName = "In one line with the rest")]
    [TestCase("<Project>\n  <PropertyGroup Condition=\"'$(A)'=='>'\">\n    <A>1</A>\n  </PropertyGroup>\n  <PropertyGroup>\n  </PropertyGroup>\n</Project>", "<Project>\n  <PropertyGroup Condition=\"'$(A)'=='>'\">\n    <A>1</A>\n  </PropertyGroup>\n  <PropertyGroup>\n    <EcsService>orders</EcsService>\n  </PropertyGroup>\n</Project>", TestName = "Not in a group that counts only sometimes")]
    [TestCase("<!-- <Project> -->\n<Project Sdk=\"x\">\n  <ItemGroup />\n</Project>\n", "<!-- <Project> -->\n<Project Sdk=\"x\">\n  <PropertyGroup>\n    <EcsService>orders</EcsService>\n  </PropertyGroup>\n  <ItemGroup />\n</Project>\n", TestName = "In a group of its own where there is none")]
    [TestCase("<Project>\n  <PropertyGroup>\n    <!-- <EcsService>old</EcsService> ü -->\n    <A a='1'\n       b='2'>1</A>   \n\n  </PropertyGroup>\n  <PropertyGroup/>\n</Project>", "<Project>\n  <PropertyGroup>\n    <!-- <EcsService>old</EcsService> ü -->\n    <A a='1'\n       b='2'>1</A>   \n\n    <EcsService>orders</EcsService>\n  </PropertyGroup>\n  <PropertyGroup/>\n</Project>", TestName = "Comments and odd spaces stay")]
    public void A_property_is_added(string before, string after) => Set(before, One).Should().Be(after);

    [Test]
    public void A_value_is_escaped() =>
        Set("<Project><PropertyGroup></PropertyGroup></Project>", [new("EcsCluster", "a<b&c")]).Should().Contain("<EcsCluster>a&lt;b&amp;c</EcsCluster>");

    [Test]
    public void A_value_that_is_there_is_replaced_only_by_force()
    {
        const string Before = "<Project>\n  <PropertyGroup>\n    <EcsService>old</EcsService> <!-- the old one -->\n  </PropertyGroup>\n</Project>";

        Set(Before, One, force: true).Should().Be(Before.Replace(">old<", ">orders<", StringComparison.Ordinal));
        Refusal(Before).Should().Be("ECSR5162");
    }

    [TestCase("<Project><PropertyGroup Condition=\"'$(A)'==''\"><EcsService>a</EcsService></PropertyGroup></Project>", TestName = "Under a condition")]
    [TestCase("<Project><PropertyGroup><EcsService>a</EcsService><EcsService>b</EcsService></PropertyGroup></Project>", TestName = "Twice")]
    [TestCase("<Project><Choose><When Condition=\"true\"><PropertyGroup><EcsService>a</EcsService></PropertyGroup></When></Choose></Project>", TestName = "In a When")]
    [TestCase("<Project><PropertyGroup></Project>", TestName = "No well-formed XML")]
    [TestCase("<Project />", TestName = "No room")]
    public void What_cannot_be_edited_safely_is_refused_also_by_force(string before) => Refusal(before, force: true).Should().Be("ECSR5163");

    [Test]
    public void The_encoding_and_its_mark_stay()
    {
        foreach (var encoding in new Encoding[] { new UTF8Encoding(true), Encoding.Unicode, new UTF8Encoding(false) })
        {
            byte[] before = [.. encoding.Preamble, .. encoding.GetBytes("<Project><PropertyGroup><A>ü</A></PropertyGroup></Project>")];

            var after = ProjectProperties.With("a.csproj", before, One, force: false);

            after.Should().Equal([.. encoding.Preamble, .. encoding.GetBytes("<Project><PropertyGroup><A>ü</A><EcsService>orders</EcsService></PropertyGroup></Project>")]);
        }
    }

    [Test]
    public void What_is_no_utf8_is_refused_rather_than_spoilt() =>
        FluentActions.Invoking(() => ProjectProperties.With("a.csproj", Encoding.Latin1.GetBytes("<Project><!-- ü --><PropertyGroup></PropertyGroup></Project>"), One, force: true))
            .Should().Throw<EcsReleaseException>().Which.Code.Should().Be("ECSR5163");

    private static string Set(string before, NameValue[] properties, bool force = false) =>
        Encoding.UTF8.GetString(ProjectProperties.With("a.csproj", Encoding.UTF8.GetBytes(before), properties, force));

    private static string Refusal(string before, bool force = false) =>
        FluentActions.Invoking(() => Set(before, One, force)).Should().Throw<EcsReleaseException>().Which.Code;
}
