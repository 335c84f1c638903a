namespace EcsRelease.LocalAws.Tasks;

/// <summary>Folders under the state folder that come and go with tasks.</summary>
internal static class ContainerFolders
{
    /// <summary>A folder that something still holds is left; the next start of the server removes it.</summary>
    public static bool Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
