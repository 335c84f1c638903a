namespace EcsRelease.Tests.Images;

/// <summary>A small publish folder, and the project that it came from.</summary>
internal static class SampleProject
{
    public static ContainerSettings Container { get; } = new() { BaseImage = "registry.example/base:1", AppCommand = ["dotnet", "/app/Orders.dll"] };

    public static PublishedProject In(TemporaryFolder folder, string code = "code", string page = "<h1>one</h1>")
    {
        folder.Write("Orders.dll", code);
        folder.Write("Orders", "\u007fELF of the build machine");
        folder.Write("Dapper.dll", "a package");
        folder.Write("fr/Humanizer.resources.dll", "a satellite");
        folder.Write("runtimes/linux-x64/native/libe_sqlite3.so", "\u007fELF native");
        folder.Write("appsettings.json", "{}");
        folder.Write("wwwroot/index.html", page);
        folder.Write("Orders.deps.json", Deps);
        folder.Write("Orders.staticwebassets.endpoints.json", $$"""{"Name":"Last-Modified","Value":"{{DateTime.UtcNow:R}}"}""");
        return new PublishedProject { PublishDirectory = folder.Path, AssemblyName = "Orders", Container = Container };
    }

    private const string Deps = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" },
          "targets": { ".NETCoreApp,Version=v10.0": {
            "Orders/1.0.0": { "runtime": { "Orders.dll": {} } },
            "Dapper/2.1.86": { "runtime": { "lib/net10.0/Dapper.dll": {} } },
            "Humanizer.Core/3.0.10": { "resources": { "lib/net10.0/fr/Humanizer.resources.dll": { "locale": "fr" } } },
            "SQLite/1.0.0": { "runtimeTargets": { "runtimes/linux-x64/native/libe_sqlite3.so": { "rid": "linux-x64" } } } } },
          "libraries": {
            "Orders/1.0.0": { "type": "project" },
            "Dapper/2.1.86": { "type": "package" },
            "Humanizer.Core/3.0.10": { "type": "package" },
            "SQLite/1.0.0": { "type": "package" } }
        }
        """;
}
