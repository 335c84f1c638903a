using System.Diagnostics;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>Runtime `process`: the image's program as a plain process of this host, .NET apps with the host's dotnet.</summary>
internal sealed class ProcessRuntime(ImageRoots roots, StartedProcesses started) : ITaskRuntime
{
    /// <summary>Variables of the host without which programs do not start.</summary>
    private static readonly string[] s_fromHost = ["PATH", "HOME", "SystemRoot", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "DOTNET_ROOT"];

    public string Name => "process";

    public IReadOnlyList<string> Limits =>
    [
        "Tasks are plain processes of this machine: no own file system, user or process list.",
        ".NET apps run with this machine's dotnet; programs of other systems do not run.",
        "A task has the network of this machine; an app with one tcp port is told by ASPNETCORE_URLS and PORT where to listen.",
        "CPU is not limited.",
        MemoryGuard.Limit,
    ];

    public Task<PulledImage> PullAsync(string reference, string architecture, CancellationToken cancellationToken) =>
        roots.PullAsync(reference, architecture, cancellationToken);

    public IContainerProcess Start(ContainerStart start) =>
        HostProcess.Start(Info(start, start.Command), start, started, process => process, (_, command) => Info(start, command));

    private static ProcessStartInfo Info(ContainerStart start, IReadOnlyList<string> command)
    {
        var root = new RootFolder(start.Image.Root);
        var workingDirectory = root.Follow(start.WorkingDirectory);
        var info = new ProcessStartInfo(Program(command[0], root, workingDirectory)) { WorkingDirectory = Directory.Exists(workingDirectory) ? workingDirectory : start.Image.Root };
        foreach (var argument in command.Skip(1))
            info.ArgumentList.Add(Argument(argument, root));
        info.Environment.Clear();
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;
        foreach (var name in s_fromHost)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                info.Environment[name] = value;
            else
                info.Environment.Remove(name);
        }
        return info;
    }

    private static string Program(string name, RootFolder root, string workingDirectory)
    {
        if (Path.GetFileNameWithoutExtension(name) == "dotnet")
            return HostDotnet();
        if (name == "/bin/sh")
            return OperatingSystem.IsWindows() ? "sh.exe" : name;
        if (!name.Contains('/', StringComparison.Ordinal))
            return name;
        return name.StartsWith('/') ? root.Follow(name) : Path.Combine(workingDirectory, name);
    }

    /// <summary>An absolute path that the image has means the extracted file.</summary>
    private static string Argument(string argument, RootFolder root)
    {
        if (!argument.StartsWith('/'))
            return argument;
        try
        {
            var path = root.Follow(argument);
            return File.Exists(path) || Directory.Exists(path) ? path : argument;
        }
        catch (InvalidDataException)
        {
            return argument;
        }
    }

    private static string HostDotnet()
    {
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            return Environment.ProcessPath!;
        var file = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        return Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } folder && File.Exists(Path.Combine(folder, file)) ? Path.Combine(folder, file) : file;
    }
}
