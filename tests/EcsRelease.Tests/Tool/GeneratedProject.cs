namespace EcsRelease.Tests.Tool;

/// <summary>A project in a folder of its own, cut off from this repository's build files; deleted with the object.</summary>
internal sealed class GeneratedProject : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ecs-release-tests-");

    public GeneratedProject(string name, string properties, string items = "", string program = "System.Console.WriteLine(1);", string sdk = "Microsoft.NET.Sdk")
    {
        ProjectFile = Path.Combine(folder.FullName, name + ".csproj");
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        Write("Directory.Packages.props", "<Project />");
        Write("Program.cs", program);
        Write(name + ".csproj", $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>{properties}</PropertyGroup>
              <ItemGroup>{items}</ItemGroup>
            </Project>
            """);
    }

    public string ProjectFile { get; }

    public string Folder => folder.FullName;

    public void Write(string path, string text)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
