namespace EcsRelease.Tests.Verbs;

/// <summary>One store of layers for all tests of the engine: the base of this machine's runtime takes seconds to make, and
/// is the same for all.</summary>
[SetUpFixture]
public sealed class ImageCache
{
    public static string Folder { get; } = Directory.CreateTempSubdirectory("ecs-release-images-").FullName;

    [OneTimeTearDown]
    public void Delete_the_store() => Directory.Delete(Folder, recursive: true);
}
