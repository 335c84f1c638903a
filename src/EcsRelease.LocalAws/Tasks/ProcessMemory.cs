using System.Diagnostics;
using System.Globalization;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>Memory of processes of this machine, as near as can be read to what a cgroup would charge.</summary>
internal static class ProcessMemory
{
    /// <summary>
    /// Linux: anonymous and shared memory of a process and all below it (proc(5), RssAnon and RssShmem); pages of files are left
    /// out, since the kernel gives them back before it kills. Elsewhere: the working set of the process itself.
    /// </summary>
    /// <returns>Bytes; 0 when it has ended.</returns>
    public static long OfTree(int process) => OperatingSystem.IsLinux()
        ? OfOne(process) + Children(process).Sum(OfTree)
        : WorkingSet(process);

    private static long OfOne(int process)
    {
        var kilobytes = 0L;
        foreach (var line in Lines($"/proc/{Name(process)}/status").Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal) || line.StartsWith("RssShmem:", StringComparison.Ordinal)))
            kilobytes += long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
        return kilobytes * 1024;
    }

    private static IEnumerable<int> Children(int process)
    {
        var threads = $"/proc/{Name(process)}/task";
        return Directory.Exists(threads)
            ? Threads(threads).SelectMany(thread => Lines(Path.Combine(thread, "children")))
                .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(child => int.Parse(child, CultureInfo.InvariantCulture))
            : [];
    }

    private static string[] Threads(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (IOException)
        {
            // It has ended between the look at it and this one: it holds nothing any more.
            return [];
        }
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            // As above.
            return [];
        }
    }

    private static long WorkingSet(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return found.WorkingSet64;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It has ended: it holds nothing any more.
            return 0;
        }
    }

    private static string Name(int process) => process.ToString(CultureInfo.InvariantCulture);
}
