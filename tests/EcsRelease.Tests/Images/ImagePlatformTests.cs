using EcsRelease.Images;

namespace EcsRelease.Tests.Images;

public sealed class ImagePlatformTests
{
    [TestCase("", "", "", "X86_64", "linux/amd64")]
    [TestCase("", "", "", "ARM64", "linux/arm64")]
    [TestCase("linux-x64", "", "linux-x64;linux-arm64", "X86_64", "linux/amd64")]
    [TestCase("", "linux-arm64", "linux-x64;linux-arm64", "ARM64", "linux/arm64")]
    [TestCase("", "", "linux-musl-x64", "X86_64", "linux/amd64")]
    public void The_platform_is_that_of_the_tasks(string identifier, string ofContainer, string several, string architecture, string expected) =>
        ImagePlatform.Of(new(), Project(identifier, ofContainer, several), architecture).Should().Be(expected);

    [Test]
    public void Of_several_platforms_none_is_chosen_silently() =>
        FluentActions.Invoking(() => ImagePlatform.Of(new(), Project("", "", "linux-x64; linux-arm64"), "X86_64")).Should().Throw<EcsReleaseException>()
            .Where(error => error.Code == "ECSR3027" && error.Message.Contains("'linux-x64;linux-arm64'") && error.Message.Contains("EcsArchitecture") && error.Message.Contains("ContainerRuntimeIdentifier="));

    [Test]
    public void Of_several_platforms_EcsArchitecture_chooses_one() =>
        ImagePlatform.Of(new() { Architecture = "ARM64" }, Project("", "", "linux-x64;linux-arm64"), "ARM64").Should().Be("linux/arm64");

    [TestCase("linux-arm64", "")]
    [TestCase("", "linux-arm64")]
    public void A_project_for_another_architecture_is_refused(string identifier, string ofContainer) =>
        FluentActions.Invoking(() => ImagePlatform.Of(new(), Project(identifier, ofContainer, ""), "X86_64")).Should().Throw<EcsReleaseException>()
            .Where(error => error.Code == "ECSR3017");

    private static ProjectInfo Project(string identifier, string ofContainer, string several) => new()
    {
        ProjectFile = "/src/Orders.csproj",
        AssemblyName = "Orders",
        RuntimeIdentifier = identifier,
        ImageInputs = [new("ContainerRuntimeIdentifier", ofContainer), new("ContainerRuntimeIdentifiers", several)],
    };
}
