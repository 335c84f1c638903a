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
    public string Locate(IReadOnlyList<string> parts) => Path.Combine([root, .. Resolve(parts, followLast: false)]);

    /// <summary>As <see cref="Locate"/>, the last part followed too. `..` is worked out by name, as Docker does with a working directory.</summary>
    /// <exception cref="InvalidDataException">The links of the image go in circles.</exception>
    public string Follow(string path) => Path.Combine([root, .. Resolve(Parts(Normalise(path)), followLast: true)]);

    /// <summary>As <see cref="Follow"/>, told as a path of the container. No part of it is a link, so that it is the same place by every way.</summary>
    public string FollowInside(string path) => "/" + string.Join('/', Resolve(Parts(Normalise(path)), followLast: true));

    private static string Normalise(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part != "..")
                parts.AddRange(part == "." ? [] : [part]);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
        }
        return "/" + string.Join('/', parts);
    }

    private List<string> Resolve(IReadOnlyList<string> parts, bool followLast)
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
        return here;
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
