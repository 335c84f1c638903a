using System.Runtime.InteropServices;
using System.Text;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>File and process calls that .NET does not offer.</summary>
internal static class NativeFiles
{
    public const int Terminate = 15;

    /// <summary>Exit code of a process that SIGKILL ended.</summary>
    public const int Killed = 137;

    /// <summary>Hard link; a copy where the system has none.</summary>
    public static void Link(string source, string target)
    {
        if (OperatingSystem.IsWindows() || link(Bytes(source), Bytes(target)) != 0)
            File.Copy(source, target);
    }

    public static void SetOwner(string path, int user, int group)
    {
        if (lchown(Bytes(path), user, group) != 0)
            throw new IOException($"owner {user}:{group} of '{path}' cannot be set: error {Marshal.GetLastPInvokeError()}");
    }

    /// <returns>False when the process has gone.</returns>
    public static bool Signal(int process, int signal) => kill(process, signal) == 0;

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int link(byte[] source, byte[] target);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int lchown(byte[] path, int user, int group);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
