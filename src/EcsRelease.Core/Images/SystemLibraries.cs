using System.Runtime.InteropServices;

namespace EcsRelease.Images;

/// <summary>Collects shared libraries of this machine and all that they need, at the places where the dynamic loader
/// looks without a cache (ld.so(8)).</summary>
internal sealed class SystemLibraries
{
    // Tracing is loaded only when it is there: no runtime image of Microsoft has it either.
    private const string OptionalTracing = "liblttng-ust.so";
    private static readonly string[] TopFolders = ["bin", "lib", "lib64", "sbin", "usr/lib64"];

    private readonly Dictionary<string, LayerEntry> entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly string[] folders;

    public SystemLibraries()
    {
        var triplet = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        folders = [.. new[] { $"/lib/{triplet}", $"/usr/lib/{triplet}", "/lib64", "/usr/lib64", "/lib", "/usr/lib" }.Where(Directory.Exists)];
        foreach (var folder in TopFolders)
            if (new DirectoryInfo("/" + folder).LinkTarget is { } target)
                entries[folder] = LayerEntry.Link(folder, target);
    }

    public IEnumerable<LayerEntry> Entries => entries.Values;

    /// <summary>Adds what a binary needs; libraries beside it are its own affair.</summary>
    /// <exception cref="EcsReleaseException">ECSR3014: a library is missing. Found now, not when the task starts.</exception>
    public void AddNeedsOf(string binary)
    {
        ElfNeeded? needed;
        try
        {
            needed = ElfNeeded.Read(binary);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw Errors.LocalBaseImpossible($"'{binary}' cannot be read: {damaged.Message}");
        }
        if (needed?.Interpreter is { } interpreter)
            AddFile(interpreter);
        foreach (var library in needed?.Libraries ?? [])
            if (!File.Exists(Path.Combine(Path.GetDirectoryName(binary)!, library)) || folders.Contains(Path.GetDirectoryName(binary)))
                if (!TryAdd(library) && !library.StartsWith(OptionalTracing, StringComparison.Ordinal))
                    throw Errors.LocalBaseImpossible($"'{library}', needed by '{binary}', is in none of {string.Join(", ", folders)}");
    }

    /// <summary>Adds a library by its name, e.g. `libssl.so.3`, and all that it needs; false when it is not here.</summary>
    public bool TryAdd(string library)
    {
        var file = folders.Select(folder => Path.Combine(folder, library)).FirstOrDefault(File.Exists);
        if (file is not null)
            AddFile(file);
        return file is not null;
    }

    private void AddFile(string file)
    {
        if (!seen.Add(file))
            return;
        var path = InImage(file);
        entries.TryAdd(path, LayerEntry.File(path, File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file));
        AddNeedsOf(file);
    }

    // On most systems /lib is a link to /usr/lib: the file is put where the link leads.
    private string InImage(string file)
    {
        var path = file.TrimStart('/');
        foreach (var (folder, link) in entries.Where(entry => entry.Value.LinkTarget is not null).Select(entry => (entry.Key, entry.Value.LinkTarget!)))
            if (path.StartsWith(folder + "/", StringComparison.Ordinal))
                return InImage("/" + Path.GetRelativePath("/", Path.Combine("/", Path.GetDirectoryName(folder) ?? "", link, path[(folder.Length + 1)..])));
        return path;
    }
}
