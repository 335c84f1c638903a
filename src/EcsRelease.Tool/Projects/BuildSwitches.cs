namespace EcsRelease.Tool.Projects;

/// <summary>What the command line says to MSBuild. Evaluation and publish get the same, or they would see two projects.</summary>
/// <param name="Properties">`-p:NAME=VALUE` in order.</param>
internal sealed record BuildSwitches(string Configuration, string? Framework, string? RuntimeIdentifier, IReadOnlyList<NameValue> Properties)
{
    public IEnumerable<string> Arguments()
    {
        yield return $"-p:Configuration={Configuration}";
        // What `dotnet publish` sets: projects and packages ask for it in conditions.
        yield return "-p:_IsPublishing=true";
        // A project with the package must not release a second time from inside this publish.
        yield return "-p:EcsDeploy=false";
        if (Framework is not null)
            yield return $"-p:TargetFramework={Framework}";
        if (RuntimeIdentifier is not null)
        {
            yield return $"-p:RuntimeIdentifier={RuntimeIdentifier}";
            yield return "-p:_CommandLineDefinedRuntimeIdentifier=true";
        }
        foreach (var (name, value) in Properties.Where(property => !property.Name.Equals("EcsDeploy", StringComparison.OrdinalIgnoreCase)))
            yield return $"-p:{name}={Escape(value)}";
    }

    // A semicolon would begin the next property.
    private static string Escape(string value) => value.Replace("%", "%25", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal);
}
