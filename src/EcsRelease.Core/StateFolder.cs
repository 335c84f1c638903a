namespace EcsRelease;

/// <summary>The one folder that holds this product's own state: `layers/` and `bases/` of images, `local/` of the
/// local AWS. Deleting it is always safe for AWS.</summary>
/// <param name="Root">Full path.</param>
public sealed record StateFolder(string Root)
{
    /// <summary>ECS_RELEASE_HOME, else `EcsRelease` in the user's local application data.</summary>
    public static StateFolder OfUser() => Find(Environment.GetEnvironmentVariable);

    /// <param name="environment">Reads an environment variable.</param>
    public static StateFolder Find(Func<string, string?> environment)
    {
        var home = environment("ECS_RELEASE_HOME");
        if (!string.IsNullOrWhiteSpace(home))
            return new StateFolder(Path.GetFullPath(home));
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        // A service account without a home still builds images.
        return new StateFolder(Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "EcsRelease"));
    }

    public string Layers => Path.Combine(Root, "layers");

    /// <summary>Where `ecs-release-local` keeps its state; it finds the folder by the same rule.</summary>
    public string Local => Path.Combine(Root, "local");

    public string Bases => Path.Combine(Root, "bases");
}
