using EcsRelease.Tool.Projects;

namespace EcsRelease.Tests.Tool;

/// <summary>Real publishes.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class DotnetPublisherTests
{
    private const string Executable = "<OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>";

    [Test]
    public async Task A_publish_gives_the_folder_and_the_container_settings_of_the_SDK()
    {
        using var project = new GeneratedProject("Shop.Orders", "<TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><ContainerUser>app</ContainerUser>",
            """<ContainerEnvironmentVariable Include="A" Value="1;2" /><ContainerPort Include="8081" Type="tcp" /><ContainerLabel Include="team" Value="shop" />""",
            "WebApplication.Create(args).Run();",
            "Microsoft.NET.Sdk.Web");
        project.Write("wwwroot/site.css", "a {}");

        var published = await PublishAsync(project);

        File.Exists(Path.Combine(published.PublishDirectory, "Shop.Orders.dll")).Should().BeTrue();
        File.Exists(Path.Combine(published.PublishDirectory, "wwwroot", "site.css")).Should().BeTrue();
        published.AssemblyName.Should().Be("Shop.Orders");
        var container = published.Container;
        container.BaseImage.Should().Be("mcr.microsoft.com/dotnet/aspnet:10.0");
        container.IsSelfContained.Should().BeFalse();
        container.User.Should().Be("app");
        container.WorkingDirectory.Should().Be("/app/");
        container.AppCommand.Should().Equal("dotnet", "/app/Shop.Orders.dll");
        container.EnvironmentVariables.Should().Equal(new NameValue("A", "1;2"));
        container.Ports.Should().Equal(new NameValue("8081", "tcp"));
        container.Labels.Should().Contain(new NameValue("team", "shop"));
        container.Labels.Select(label => label.Name).Should().NotContain("org.opencontainers.image.created");
    }

    [Test]
    [Long]
    public async Task What_a_target_adds_to_the_publish_is_named_so_that_it_is_held_against_the_commit()
    {
        using var project = new GeneratedProject("orders", Executable);
        project.Write("orders.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>{Executable}</PropertyGroup>
              <Target Name="Generate" BeforeTargets="ComputeResolvedFilesToPublishList">
                <ItemGroup><ResolvedFileToPublish Include="$(MSBuildProjectDirectory)/appsettings.Gen.json" RelativePath="appsettings.Gen.json" /></ItemGroup>
              </Target>
            </Project>
            """);
        project.Write("appsettings.Gen.json", "{}");

        var published = await PublishAsync(project);

        File.Exists(Path.Combine(published.PublishDirectory, "appsettings.Gen.json")).Should().BeTrue();
        published.Sources.Should().Equal([Path.Combine(project.Folder, "appsettings.Gen.json")], "the assembly and the host are build output");
    }

    [TestCase("ARM64", "linux-arm64")]
    [TestCase("X86_64", "linux-x64")]
    [Long]
    public async Task The_image_is_for_the_architecture_of_the_tasks(string architecture, string expected)
    {
        using var project = new GeneratedProject("orders", Executable);

        (await PublishAsync(project, architecture)).Container.RuntimeIdentifiers.Should().Equal(expected);
    }

    [Test]
    [Long]
    public async Task A_base_image_of_the_project_is_taken()
    {
        using var project = new GeneratedProject("orders", Executable + "<ContainerBaseImage>registry.example/base:1</ContainerBaseImage>");

        var container = (await PublishAsync(project)).Container;

        container.BaseImage.Should().Be("registry.example/base:1");
    }

    [Test]
    [Long]
    public async Task What_an_older_publish_left_behind_is_gone()
    {
        using var project = new GeneratedProject("orders", Executable, """<Content Include="old.txt" CopyToPublishDirectory="Always" Condition="Exists('old.txt')" />""");
        project.Write("old.txt", "old");
        var first = await PublishAsync(project);
        File.Exists(Path.Combine(first.PublishDirectory, "old.txt")).Should().BeTrue();
        File.Delete(Path.Combine(project.Folder, "old.txt"));

        var second = await PublishAsync(project);

        File.Exists(Path.Combine(second.PublishDirectory, "old.txt")).Should().BeFalse();
    }

    [Test]
    public async Task Code_that_does_not_compile_fails_with_the_compilers_lines()
    {
        using var project = new GeneratedProject("orders", Executable, program: "int x = \"text\";");

        var publish = () => PublishAsync(project);

        (await publish.Should().ThrowAsync<EcsReleaseException>())
            .Where(error => error.Code == "ECSR3016" && error.Outcome == ReleaseOutcome.BuildFailed)
            .WithMessage("*Program.cs(1,9): error CS0029*");
    }

    [Test]
    public async Task A_project_that_publishes_nothing_is_refused()
    {
        using var project = new GeneratedProject("orders", Executable + "<IsPublishable>false</IsPublishable>");

        var publish = () => PublishAsync(project);

        (await publish.Should().ThrowAsync<EcsReleaseException>()).Where(error => error.Code == "ECSR3013");
    }

    [Test]
    public async Task A_cancelled_publish_ends_at_once()
    {
        using var project = new GeneratedProject("orders", Executable);
        var read = await ReadAsync(project);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var publish = () => new DotnetPublisher(read, null, new RecordingReporter(), verbose: false).PublishAsync(cancelled.Token);

        await publish.Should().ThrowAsync<OperationCanceledException>();
    }

    private static async Task<PublishedProject> PublishAsync(GeneratedProject project, string? architecture = null) =>
        await new DotnetPublisher(await ReadAsync(project), architecture, new RecordingReporter(), verbose: true).PublishAsync(CancellationToken.None);

    private static Task<EvaluatedProject> ReadAsync(GeneratedProject project) =>
        ProjectReader.ReadAsync(project.ProjectFile, new BuildSwitches("Release", null, null, []), new RecordingReporter(), CancellationToken.None);
}
