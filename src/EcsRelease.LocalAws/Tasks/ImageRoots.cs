using System.Collections.Concurrent;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Images;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>Extracted images, one folder per manifest digest, made once.</summary>
internal sealed class ImageRoots(IImageStore images, LocalAwsSettings settings)
{
    private const int Kept = 8;

    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _roots = new();

    private string Folder => new StateFolder(settings.Folder).Roots;

    public async Task<PulledImage> PullAsync(string reference, string architecture, CancellationToken cancellationToken)
    {
        StoredImage image;
        try
        {
            image = images.Resolve(reference, architecture);
        }
        catch (ImageNotFoundException missing)
        {
            throw new TaskFailedException(missing.Message);
        }
        var root = _roots.GetOrAdd(image.Digest, _ => new Lazy<Task<string>>(() => Task.Run(() => Extract(image), CancellationToken.None)));
        try
        {
            return new PulledImage(image.RequestedDigest, image.Config["config"]?.DeepClone().AsObject() ?? [], await root.Value.WaitAsync(cancellationToken))
            {
                WrongArchitecture = WrongArchitecture(image, architecture),
            };
        }
        catch (TaskFailedException)
        {
            _roots.TryRemove(KeyValuePair.Create(image.Digest, root));
            throw;
        }
    }

    /// <summary>The architecture that an image says it is made for, when it is not the wanted one.</summary>
    public static string? WrongArchitecture(StoredImage image, string wanted) =>
        image.Config.Text("architecture") is { Length: > 0 } made && made != wanted ? made : null;

    /// <summary>Removes what a killed server left half done, and all but the newest roots. Only at start, when no task uses any.</summary>
    public void Clean()
    {
        if (!Directory.Exists(Folder))
            return;
        var folders = new DirectoryInfo(Folder).GetDirectories();
        foreach (var half in folders.Where(folder => folder.Name.Contains('.', StringComparison.Ordinal)))
            ContainerFolders.Delete(half.FullName);
        foreach (var old in folders.Where(folder => !folder.Name.Contains('.', StringComparison.Ordinal)).OrderByDescending(folder => folder.LastWriteTimeUtc).Skip(Kept))
            ContainerFolders.Delete(old.FullName);
    }

    private string Extract(StoredImage image)
    {
        var root = Path.Combine(Folder, image.Digest.Replace(':', '-'));
        if (Directory.Exists(root))
            return root;
        var half = $"{root}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(half);
        try
        {
            new LayerExtraction(half, images).Extract(image.Layers, CancellationToken.None);
            Directory.Move(half, root);
        }
        catch (Exception)
        {
            ContainerFolders.Delete(half);
            throw;
        }
        return root;
    }
}
