namespace EcsRelease.LocalAws.Tasks;

/// <summary>Paths inside of a container's root. Symbolic links on the way are followed as if the root were `/`, so none leads out.</summary>
internal sealed class RootFolder(string root)
{
    private const int LinksFollowed = 40;

    /// <summary>The parts of a path in a layer; `.` and a leading `/` mean nothing.</summary>
    /// <exception cref="InvalidDataException">The path has a part `..` or a character that no path can have.</exception>
    public static IReadOnlyList<string> Parts(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        if (parts.Contains("..") || path.Contains('\0', StringComparison.Ordinal) || (OperatingSystem.IsWindows() && path.AsSpan().ContainsAny('\\', ':')))
            throw new InvalidDataException($"the path '{path}' leads out of the image");
        return parts;
    }

    /// <summary>Where the path lies on this machine. Its last part is not followed when it is a link.</summary>
    public string Locate(IReadOnlyList<string> parts) => Locate(parts, followLast: false);

    /// <summary>As <see cref="Locate(IReadOnlyList{string})"/>, the last part followed too.</summary>
    public string Follow(string path) => Locate(Parts(path), followLast: true);

    private string Locate(IReadOnlyList<string> parts, bool followLast)
    {
        var open = new Stack<string>(parts.Reverse());
        var here = new List<string>();
        var links = 0;
        while (open.TryPop(out var part))
        {
            if (part == "..")
            {
                if (here.Count > 0)
                    here.RemoveAt(here.Count - 1);
                continue;
            }
            var path = Path.Combine([root, .. here, part]);
            var target = open.Count > 0 || followLast ? new FileInfo(path).LinkTarget : null;
            if (target is null)
            {
                here.Add(part);
                continue;
            }
            if (++links > LinksFollowed)
                throw new InvalidDataException($"too many symbolic links in '{string.Join('/', parts)}'");
            if (target.StartsWith('/'))
                here.Clear();
            foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(step => step != ".").Reverse())
                open.Push(step);
        }
        return Path.Combine([root, .. here]);
    }

    /// <summary>Removes a file, link or folder, whichever is there.</summary>
    public static void Remove(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is null && Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else if (file.LinkTarget is not null || file.Exists)
            file.Delete();
    }
}
