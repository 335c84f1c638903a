using EcsRelease.Images;
using EcsRelease.Options;

namespace EcsRelease.Tests.Images;

[Parallelizable(ParallelScope.All)]
public class ImageInputsTests
{
    private static readonly ProjectInfo Project = new() { ProjectFile = "/src/Orders.csproj", AssemblyName = "Orders", ImageInputs = [new("ContainerUser", "root"), new("ContainerPort", "80"), new("ContainerPort", "81")] };

    [Test]
    public void The_hash_is_the_same_wherever_the_project_lies_and_however_its_inputs_are_listed()
    {
        var elsewhere = Project with { ProjectFile = "/other/Orders.csproj", ImageInputs = [new("ContainerPort", "80"), new("ContainerPort", "81"), new("ContainerFamily", ""), new("ContainerUser", "root")] };

        Hash(elsewhere).Should().Be(Hash(Project)).And.MatchRegex("^[0-9a-f]{64}$");
    }

    [Test]
    public void Every_input_counts()
    {
        string[] hashes =
        [
            Hash(Project),
            Hash(Project with { AssemblyName = "Billing" }),
            Hash(Project with { Configuration = "Debug" }),
            Hash(Project with { RuntimeIdentifier = "linux-x64" }),
            Hash(Project with { ImageInputs = [] }),
            Hash(Project with { ImageInputs = [new("ContainerUser", "root"), new("ContainerPort", "80\n81x")] }),
            new ImageInputs("dockerfile", Project, "linux/amd64", null).Value,
            new ImageInputs("layers", Project, "linux/arm64", null).Value,
            new ImageInputs("layers", Project, "linux/amd64", "local").Value,
        ];

        hashes.Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void What_the_engine_knows_itself_is_not_collected_a_second_time() =>
        // EcsImageBuilder=layers, where nothing was set before, builds the same image; a flag may differ from its property.
        ImageInputNames.Properties.Should().NotContain(["EcsImageBuilder", "EcsBaseImage", "Configuration", "TargetFramework", "RuntimeIdentifier"]);

    [Test]
    public void A_difference_names_what_differs_but_no_value_of_the_projects()
    {
        var theirs = Inputs(Project with { Configuration = "Debug", ImageInputs = [new("ContainerEnvironmentVariable:PASSWORD", "old-secret")] });
        var ours = Inputs(Project with { ImageInputs = [new("ContainerEnvironmentVariable:PASSWORD", "new-secret")] });

        ours.DifferenceFrom(theirs.Detail).Should().Be("ContainerEnvironmentVariable:PASSWORD, configuration (now 'Release')");
        theirs.Detail.Should().NotContain("secret");
    }

    [Test]
    public void Without_the_detail_label_the_hash_label_is_named() =>
        Inputs(Project).DifferenceFrom(null).Should().Contain(ImageInputs.HashLabel);

    private static ImageInputs Inputs(ProjectInfo project) => new("layers", project, "linux/amd64", null);

    private static string Hash(ProjectInfo project) => Inputs(project).Value;
}
