using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using EcsRelease.LocalAws.Images;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>
/// Runtime `isolated` (Linux): the image's files as root file system, own mounts and processes by unshare(1), network of the host.
/// A shell script mounts what a container needs and then becomes the program.
/// </summary>
internal sealed class IsolatedRuntime(ImageRoots roots, StartedProcesses started) : ITaskRuntime
{
    // Arguments: path of unshare, root, folder, working directory, etc and tmp, user flags or "", command. Each task writes to
    // a layer of its own in memory (tmpfs), since an overlay on an overlay is refused. PATH is the image's, so tools of this host
    // are found by the fixed one. The program becomes process 1 of its namespace, as under Docker.
    // All this runs before the change of root, so a link of the image would lead to this host: the three folders come
    // resolved inside of the root, proc and dev are ours whatever the image has there, and both are mounted last, since
    // the links of a mounted proc lead out as well.
    private const string Script = """
        set -e
        image_path=$PATH; PATH=/usr/sbin:/usr/bin:/sbin:/bin
        unshare=$1; root=$2; folder=$3; workdir=$4; etc=$5; tmp=$6; user=$7; shift 7
        mount -t tmpfs tmpfs "$folder"
        mkdir "$folder/upper" "$folder/work" "$folder/root"
        mount -t overlay overlay -o "lowerdir=$root,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
        root=$folder/root
        mkdir -p "$root$etc" "$root$tmp" "$root$workdir"
        chmod 1777 "$root$tmp"
        for file in resolv.conf hosts; do rm -f "$root$etc/$file"; cat "/etc/$file" > "$root$etc/$file"; done
        for name in proc dev; do
          if [ -L "$root/$name" ] || [ ! -d "$root/$name" ]; then rm -f "$root/$name"; mkdir "$root/$name"; fi
        done
        mount -t proc proc "$root/proc"
        mount -t tmpfs tmpfs "$root/dev"
        for device in null zero full random urandom tty; do
          : > "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"
        done
        ln -s /proc/self/fd "$root/dev/fd"; ln -s /proc/self/fd/0 "$root/dev/stdin"
        ln -s /proc/self/fd/1 "$root/dev/stdout"; ln -s /proc/self/fd/2 "$root/dev/stderr"
        mkdir "$root/dev/shm"; chmod 1777 "$root/dev/shm"
        PATH=$image_path
        exec "$unshare" --root="$root" --wd="$workdir" $user -- "$@"
        """;

    public string Name => "isolated";

    /// <summary>unshare(1) on the PATH; null when it is not there.</summary>
    public static string? Unshare => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, "unshare"))
        .FirstOrDefault(File.Exists);

    public IReadOnlyList<string> Limits =>
    [
        "A task has the network of this machine; an app with one tcp port is told by ASPNETCORE_URLS and PORT where to listen.",
        "CPU is not limited.",
        MemoryGuard.Limit,
        $"Programs of another CPU architecture than this machine's ({CpuArchitecture.Host}) do not run.",
        .. Environment.IsPrivilegedProcess ? Array.Empty<string>() : ["All users of an image are mapped to yours."],
    ];

    public Task<PulledImage> PullAsync(string reference, string architecture, CancellationToken cancellationToken) =>
        roots.PullAsync(reference, architecture, cancellationToken);

    public IContainerProcess Start(ContainerStart start)
    {
        var user = ImageUser.Find(start.Image.Root, start.User);
        start = start with { Environment = user.WithHome(start.Environment) };
        var flags = Environment.IsPrivilegedProcess ? user.Flags : "";
        var unshare = Unshare ?? throw new Win32Exception("unshare is no longer on the PATH");
        var root = new RootFolder(start.Image.Root);
        string[] folders = [start.Image.Root, start.Folder, root.FollowInside(start.WorkingDirectory), root.FollowInside("/etc"), root.FollowInside("/tmp")];
        var info = new ProcessStartInfo(unshare);
        foreach (var argument in Namespaces().Concat(["/bin/sh", "-c", Script, "sh", unshare, .. folders, flags]).Concat(start.Command))
            info.ArgumentList.Add(argument);
        Set(info, start);
        return HostProcess.Start(info, start, started, Child, (process, command) => Beside(start, Child(process), flags, command));
    }

    /// <summary>Runs the mounts for real, on a root that only has the folders; unshare, mounts and overlay may each be denied.</summary>
    /// <param name="unshare">Path of unshare(1); it may be absent, or forbidden to this user.</param>
    public static async Task<bool> WorksAsync(string folder, string? unshare, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(unshare))
            return false;
        var (root, scratch) = (Path.Combine(folder, "root"), Path.Combine(folder, "scratch"));
        Directory.CreateDirectory(root);
        Directory.CreateDirectory(scratch);
        var script = Script.Replace("--root=\"$root\" --wd=\"$workdir\" $user -- \"$@\"", "--root=/ --wd=/ -- /bin/true", StringComparison.Ordinal);
        var info = new ProcessStartInfo(unshare) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in Namespaces().Concat(["/bin/sh", "-c", script, "sh", unshare, root, scratch, "/", "/etc", "/tmp", ""]))
            info.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(info)!;
            var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            await output;
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static IEnumerable<string> Namespaces() => Environment.IsPrivilegedProcess
        ? ["--fork", "--pid", "--mount", "--kill-child=KILL", "--"]
        : ["--user", "--map-root-user", "--fork", "--pid", "--mount", "--kill-child=KILL", "--"];

    private static ProcessStartInfo Beside(ContainerStart start, int process, string flags, IReadOnlyList<string> command)
    {
        var info = new ProcessStartInfo("/usr/bin/nsenter");
        var target = process.ToString(CultureInfo.InvariantCulture);
        foreach (var argument in new[] { "--target", target, "--mount", "--pid", "--root", "--wd" }.Concat(Environment.IsPrivilegedProcess ? [] : ["--user", "--preserve-credentials"]))
            info.ArgumentList.Add(argument);
        foreach (var flag in flags.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            info.ArgumentList.Add(flag);
        info.ArgumentList.Add("--");
        foreach (var argument in command)
            info.ArgumentList.Add(argument);
        Set(info, start);
        return info;
    }

    private static void Set(ProcessStartInfo info, ContainerStart start)
    {
        info.Environment.Clear();
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;
    }

    /// <summary>unshare --fork ignores SIGTERM; its only child is the program.</summary>
    private static int Child(int process)
    {
        var id = process.ToString(CultureInfo.InvariantCulture);
        var file = $"/proc/{id}/task/{id}/children";
        if (!File.Exists(file))
            return process;
        var children = File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return children.Length > 0 ? int.Parse(children[0], CultureInfo.InvariantCulture) : process;
    }
}
