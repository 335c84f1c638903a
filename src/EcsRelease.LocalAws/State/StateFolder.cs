using System.Text;

namespace EcsRelease.LocalAws.State;

/// <summary>The files of one local AWS. Private to its owner: folders 0700, files 0600.</summary>
public sealed class StateFolder(string path)
{
    // How the runtime reports a file that another process holds.
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Tells that the folder was made by us, so that `reset` may delete it.</summary>
    public string Marker => In("ecs-release-local.folder");

    public string ServerFile => In("server.json");

    public string Log => In("server.log");

    /// <summary>Held by the server as long as it lives; the system frees it however the process ends.</summary>
    public string ServerLock => In("server.lock");

    public string Database => In("state.db");

    public string LogDatabase => In("logs.db");

    public string Blobs => In("blobs");

    public string Uploads => In("uploads");

    /// <summary>Extracted images. Their files keep the modes that the image gives them.</summary>
    public string Roots => In("roots");

    /// <summary>What running tasks write.</summary>
    public string Tasks => In("tasks");

    /// <summary>Which processes are those of tasks.</summary>
    public string Processes => In("processes");

    private string CommandLock => Path + ".lock";

    /// <summary>$ECS_RELEASE_HOME/local, else EcsRelease/local in the user's local application data.</summary>
    public static StateFolder Find(Func<string, string?> environment)
    {
        var home = environment("ECS_RELEASE_HOME");
        if (!string.IsNullOrWhiteSpace(home))
            return new StateFolder(System.IO.Path.Combine(home, "local"));

        // With no HOME the runtime falls back to the password database, whose answer for a service account is often "/".
        if (!OperatingSystem.IsWindows() && string.IsNullOrWhiteSpace(environment("HOME")))
            throw LocalAwsException.NoStateFolder();
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return string.IsNullOrEmpty(data)
            ? throw LocalAwsException.NoStateFolder()
            : new StateFolder(System.IO.Path.Combine(data, "EcsRelease", "local"));
    }

    public void Create()
    {
        foreach (var folder in (string[])[Path, Blobs, Uploads, Roots, Tasks, Processes])
            CreatePrivateFolder(folder);
        if (!File.Exists(Marker))
            WritePrivateFile(Marker, "Made by ecs-release-local. `ecs-release local reset` deletes this folder.\n");
    }

    /// <summary>Written beside and renamed, so that a reader sees the old or the new content, never a part.</summary>
    public static void WritePrivateFile(string file, string content)
    {
        var temporary = $"{file}.{Guid.NewGuid():N}";
        using (var stream = OpenPrivate(temporary, FileMode.CreateNew, FileShare.None))
        {
            stream.Write(Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: true);
    }

    public static FileStream OpenPrivate(string file, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(file, options);
    }

    /// <summary>null when another process holds it.</summary>
    public static FileStream? TryLock(string file)
    {
        try
        {
            return OpenPrivate(file, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e) when (e.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock)
        {
            return null;
        }
    }

    public bool ServerIsAlive()
    {
        if (!File.Exists(ServerLock))
            return false;
        using var held = TryLock(ServerLock);
        return held is null;
    }

    /// <summary>Lets one `up`, `down` or `reset` at a time act. Lies beside the folder, since `reset` deletes the folder.</summary>
    public async Task<FileStream> LockCommandsAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        const int seconds = 90;
        var start = time.GetTimestamp();
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        while (true)
        {
            if (TryLock(CommandLock) is { } held)
                return held;
            if (time.GetElapsedTime(start).TotalSeconds > seconds)
                throw LocalAwsException.LockTimeout(CommandLock, seconds);
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static void CreatePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, OwnerOnly);
        File.SetUnixFileMode(folder, OwnerOnly);
    }
}
