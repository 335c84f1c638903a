namespace EcsRelease.EndToEndTests;

/// <summary>A web service of its own outside this repository, in a Git repository of its own, that knows EcsRelease only
/// as a package.</summary>
internal sealed class ServiceProject
{
    private static int _count;

    private ServiceProject(string name)
    {
        Name = name;
        Root = Packages.NewFolder(name);
        Environment = new(Packages.Environment);
    }

    /// <summary>The assembly's name, its own for each test: services of one cluster are told apart by it.</summary>
    public string Name { get; }

    /// <summary>The service's name when nothing is set.</summary>
    public string Service => Name.ToLowerInvariant();

    public string Root { get; }

    public Dictionary<string, string> Environment { get; }

    public string Record => Path.Combine(Root, "..", Path.GetFileName(Root) + ".json");

    /// <summary>A committed web service that answers `/` with its commit.</summary>
    public static async Task<ServiceProject> CreateAsync(string properties = "", string items = "", bool commit = true)
    {
        var project = new ServiceProject("Svc" + Interlocked.Increment(ref _count));
        project.WriteSkeleton();
        project.WriteProject(properties, items);
        project.Write("Program.cs", Program("hello"));
        if (commit)
            await project.CommitAsync();
        return project;
    }

    public static string Program(string greeting) => $$"""
        using System.Reflection;
        var app = WebApplication.CreateBuilder(args).Build();
        var build = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        app.MapGet("/", () => $"{{greeting}} {build} {Environment.GetEnvironmentVariable("COLOUR")}");
        app.Run();
        """;

    public void WriteProject(string properties = "", string items = "", string sdk = "Microsoft.NET.Sdk.Web", string path = "") => Write(path.Length == 0 ? $"{Name}.csproj" : path, $"""
        <Project Sdk="{sdk}">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="EcsRelease" Version="{Packages.Version}" PrivateAssets="all" />
            {items}
          </ItemGroup>
        </Project>
        """);

    public void Write(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Commits everything; the commit's SHA.</summary>
    public async Task<string> CommitAsync()
    {
        if (!Directory.Exists(Path.Combine(Root, ".git")))
            await GitAsync("init", "-q");
        await GitAsync("add", "-A");
        await GitAsync("commit", "-q", "-m", "change");
        return await HeadAsync();
    }

    public async Task<string> HeadAsync() => (await GitAsync("rev-parse", "HEAD")).Output.Trim();

    public async Task<CommandResult> GitAsync(params string[] arguments) =>
        (await Command.RunAsync("git", arguments, Root, Environment)).Succeeded();

    public Task<CommandResult> DotnetAsync(params string[] arguments) => Command.RunAsync("dotnet", arguments, Root, Environment);

    /// <summary>`dotnet publish -p:EcsDeploy=true` to the local AWS.</summary>
    public Task<CommandResult> PublishAsync(params string[] arguments) =>
        DotnetAsync(["publish", "-p:EcsDeploy=true", "-p:EcsTarget=local", $"-p:EcsReleaseRecord={Record}", .. arguments]);

    public ReleaseRecord ReadRecord() =>
        System.Text.Json.JsonSerializer.Deserialize<ReleaseRecord>(File.ReadAllText(Record), ReleaseRecord.Json)!;

    private void WriteSkeleton()
    {
        Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="packed" value="{Packages.Source}" /></packageSources>
            </configuration>
            """);
        // Nothing above this folder may be imported.
        foreach (var stopper in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
            Write(stopper, "<Project />");
        Write(".gitignore", "bin/\nobj/\n*.binlog\nappsettings.Local.json\n");
    }
}
