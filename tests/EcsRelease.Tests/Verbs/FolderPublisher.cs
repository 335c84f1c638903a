namespace EcsRelease.Tests.Verbs;

/// <summary>A published folder with the committed content in it.</summary>
internal sealed class FolderPublisher(string root) : IPublisher
{
    public ContainerSettings Container { get; init; } = new() { BaseImage = "registry.invalid/dotnet/aspnet:10.0", RuntimeIdentifiers = [] };

    public Task<PublishedProject> PublishAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(root, ".git", "published", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(root, "Orders.cs"), Path.Combine(folder, "Orders.dll"), overwrite: true);
        return Task.FromResult(new PublishedProject
        {
            PublishDirectory = folder,
            AssemblyName = "Orders",
            Container = Container,
        });
    }
}
