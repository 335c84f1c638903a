using System.Formats.Tar;
using System.IO.Compression;
using EcsRelease.LocalAws.Images;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>Lays the layers of an image over each other in a folder (OCI image-spec layer.md: entries, whiteouts, opaque folders).</summary>
internal sealed class LayerExtraction(string root, IImageStore images)
{
    private const string Whiteout = ".wh.";
    private const string Opaque = ".wh..wh..opq";

    private readonly RootFolder _root = new(root);
    private readonly bool _owners = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    /// <exception cref="TaskFailedException">A layer is broken or leads out of the root.</exception>
    public void Extract(IEnumerable<StoredLayer> layers, CancellationToken cancellationToken)
    {
        foreach (var layer in layers)
        {
            try
            {
                using var blob = images.OpenBlob(layer.Digest);
                using var tar = layer.MediaType.EndsWith("gzip", StringComparison.Ordinal) ? new GZipStream(blob, CompressionMode.Decompress) : blob;
                if (layer.MediaType.EndsWith("zstd", StringComparison.Ordinal))
                    throw new InvalidDataException("zstd layers are not supported here");
                Extract(tar, cancellationToken);
            }
            catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException or FormatException)
            {
                throw new TaskFailedException($"CannotPullContainerError: failed to extract layer {layer.Digest}: {fault.Message}");
            }
        }
    }

    private void Extract(Stream tar, CancellationToken cancellationToken)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        using var reader = new TarReader(tar, leaveOpen: true);
        while (reader.GetNextEntry() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
                continue;
            var name = RootFolder.Parts(entry.Name);
            if (name.Count == 0)
                continue;
            var target = _root.Locate(name);
            var file = name[^1];
            if (file == Opaque)
                RemoveLower(Path.GetDirectoryName(target)!, written);
            else if (file.StartsWith(Whiteout, StringComparison.Ordinal))
                RootFolder.Remove(_root.Locate([.. name.SkipLast(1), Removed(file)]));
            else
            {
                Write(entry, target);
                for (var path = target; path.Length > root.Length && written.Add(path); path = Path.GetDirectoryName(path)!)
                    continue;
            }
        }
    }

    /// <summary>`.wh...` would name the folder above: what a whiteout removes lies beside it.</summary>
    private static string Removed(string whiteout)
    {
        var name = whiteout[Whiteout.Length..];
        return name is "" or "." or ".." ? throw new InvalidDataException($"the whiteout '{whiteout}' names no file") : name;
    }

    private void Write(TarEntry entry, string target)
    {
        for (var folder = Path.GetDirectoryName(target)!; folder.Length > root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            if (File.Exists(folder))
                File.Delete(folder);
        }
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                if (!Directory.Exists(target) || new FileInfo(target).LinkTarget is not null)
                    RootFolder.Remove(target);
                Directory.CreateDirectory(target);
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                RootFolder.Remove(target);
                using (var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                    entry.DataStream?.CopyTo(file);
                break;
            case TarEntryType.SymbolicLink:
                RootFolder.Remove(target);
                File.CreateSymbolicLink(target, entry.LinkName);
                SetOwner(entry, target);
                return;
            case TarEntryType.HardLink:
                var source = _root.Locate(RootFolder.Parts(entry.LinkName));
                RootFolder.Remove(target);
                NativeFiles.Link(source, target);
                return;
            default:
                // Devices and pipes: a task gets those of its own from the runtime.
                return;
        }
        SetOwner(entry, target);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(target, entry.Mode | (entry.EntryType == TarEntryType.Directory && !_owners ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute : 0));
    }

    private void SetOwner(TarEntry entry, string target)
    {
        if (_owners && (entry.Uid != 0 || entry.Gid != 0))
            NativeFiles.SetOwner(target, entry.Uid, entry.Gid);
    }

    /// <summary>An opaque folder hides what lower layers put there, not what its own layer did.</summary>
    private static void RemoveLower(string folder, HashSet<string> written)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var path in Directory.EnumerateFileSystemEntries(folder).ToList())
        {
            if (!written.Contains(path))
                RootFolder.Remove(path);
            else if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null)
                RemoveLower(path, written);
        }
    }
}
