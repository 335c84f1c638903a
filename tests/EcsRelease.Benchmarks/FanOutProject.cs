using System.Diagnostics;

namespace EcsRelease.Benchmarks;

/// <summary>A committed project whose publish is one small file: what is measured is the release, not the build.</summary>
internal sealed class FanOutProject : IPublisher, IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecs-release-benchmark-");

    private string Root => Path.Combine(_folder.FullName, "project");

    private string Publish => Path.Combine(_folder.FullName, "publish");

    public StateFolder State => new(Path.Combine(_folder.FullName, "state"));

    public static async Task<FanOutProject> CreateAsync(CancellationToken cancellationToken)
    {
        var project = new FanOutProject();
        Directory.CreateDirectory(project.Root);
        Directory.CreateDirectory(project.Publish);
        await File.WriteAllTextAsync(Path.Combine(project.Root, "Orders.cs"), "// orders", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(project.Publish, "Orders.dll"), "orders", cancellationToken);
        foreach (var arguments in new[] { "init -q", "add -A", "-c user.name=benchmark -c user.email=benchmark@example.com commit -q -m first" })
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = project.Root })!;
            await git.WaitForExitAsync(cancellationToken);
        }
        return project;
    }

    public IReadOnlyList<WantedRelease> Services(int count) =>
    [
        .. Enumerable.Range(0, count).Select(number => new WantedRelease(
            new ReleaseOptions { Service = $"service-{number}", MaxParallel = count, BaseImage = "local", Timeout = TimeSpan.FromMinutes(5) },
            new ProjectInfo { ProjectFile = Path.Combine(Root, "Orders.csproj"), AssemblyName = "Orders" })),
    ];

    public Task<PublishedProject> PublishAsync(CancellationToken cancellationToken) => Task.FromResult(new PublishedProject
    {
        PublishDirectory = Publish,
        AssemblyName = "Orders",
        Container = new ContainerSettings { BaseImage = "registry.invalid/dotnet/aspnet:10.0" },
    });

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
