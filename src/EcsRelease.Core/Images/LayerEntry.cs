namespace EcsRelease.Images;

/// <summary>One entry of a layer: a file of the disk or of memory, a directory, or a symbolic link.</summary>
/// <param name="Path">In the image, with `/`, without a leading one.</param>
internal sealed record LayerEntry(string Path)
{
    public const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    public const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>A layer that is built again must not differ, so no clock and no file system enters it.</summary>
    public static DateTimeOffset FixedTime { get; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string? SourceFile { get; private init; }

    public ReadOnlyMemory<byte>? Content { get; private init; }

    public string? LinkTarget { get; private init; }

    public bool IsDirectory { get; private init; }

    public UnixFileMode Mode { get; init; } = Plain;

    public DateTimeOffset ModifiedAt { get; init; } = FixedTime;

    /// <summary>uid and gid.</summary>
    public int Owner { get; init; }

    public static LayerEntry File(string path, string sourceFile) => new(path) { SourceFile = sourceFile, Mode = ModeOf(sourceFile) };

    public static LayerEntry File(string path, ReadOnlyMemory<byte> content) => new(path) { Content = content };

    public static LayerEntry Directory(string path) => new(path) { IsDirectory = true, Mode = Executable };

    public static LayerEntry Link(string path, string target) => new(path) { LinkTarget = target, Mode = Executable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite };

    // By content: NuGet leaves 0744 on everything, and Windows has no modes.
    private static UnixFileMode ModeOf(string file)
    {
        using var stream = OpenSource(file);
        Span<byte> start = stackalloc byte[4];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..length].StartsWith("\u007fELF"u8) || start[..length].StartsWith("#!"u8) ? Executable : Plain;
    }

    /// <summary>Unbuffered: whole files are copied in large pieces.</summary>
    public static FileStream OpenSource(string file) =>
        new(file, new FileStreamOptions { BufferSize = 1, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.SequentialScan });
}
