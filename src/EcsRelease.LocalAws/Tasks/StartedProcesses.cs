using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>Ids and start times of the processes of tasks, on disk, so that those of a killed server are found and ended.</summary>
internal sealed class StartedProcesses(LocalAwsSettings settings)
{
    /// <summary>Start times are computed from the boot time, which differs a little from read to read.</summary>
    private static readonly TimeSpan s_sameStart = TimeSpan.FromSeconds(2);

    private string Folder => new StateFolder(settings.Folder).Processes;

    public void Note(Process process)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            StateFolder.WritePrivateFile(FileOf(process.Id), process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
        }
        catch (InvalidOperationException)
        {
            // It has ended already: nothing to find again.
            Forget(process.Id);
        }
    }

    public void Forget(int id) => File.Delete(FileOf(id));

    public void KillLeftovers()
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (var file in Directory.GetFiles(Folder))
        {
            if (int.TryParse(Path.GetFileName(file), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && DateTime.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var started))
                Kill(id, started);
            File.Delete(file);
        }
    }

    /// <returns>False when that process has ended, whoever has its id now.</returns>
    private static bool Kill(int id, DateTime started)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            if ((process.StartTime.ToUniversalTime() - started).Duration() > s_sameStart)
                return false;
            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    private string FileOf(int id) => Path.Combine(Folder, id.ToString(CultureInfo.InvariantCulture));
}
