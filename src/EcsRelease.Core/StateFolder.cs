namespace EcsRelease;

/// <summary>The one folder that holds this product's own state: `layers/` and `bases/` of images, `local/` of the
/// local AWS. Deleting it is always safe for AWS.</summary>
/// <param name="Root">Full path.</param>
public sealed record StateFolder(string Root)
{
    /// <summary>ECS_RELEASE_HOME, else `EcsRelease` in the user's local application data.</summary>
    public static StateFolder OfUser()
    {
        var home = Environment.GetEnvironmentVariable("ECS_RELEASE_HOME");
        if (!string.IsNullOrWhiteSpace(home))
            return new StateFolder(Path.GetFullPath(home));
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        // A service account without a home still builds images.
        return new StateFolder(Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "EcsRelease"));
    }

    public string Layers => Path.Combine(Root, "layers");

    public string Bases => Path.Combine(Root, "bases");
}
