using EcsRelease.Options;
using EcsRelease.Tool.Projects;

namespace EcsRelease.Tests.Tool;

/// <summary>Real projects, read by the real `dotnet msbuild`.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class ProjectReaderTests
{
    private const string Executable = "<OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>";

    [Test]
    public async Task Properties_and_items_of_the_project_are_its_options()
    {
        using var project = new GeneratedProject("Orders",
            Executable + "<EcsCluster>production</EcsCluster><EcsMovingTags>latest;main</EcsMovingTags><EcsTimeout>5m</EcsTimeout>",
            """<EcsEnvironmentVariable Include="GREETING" Value="a; b" /><EcsSecret Include="DB" ValueFrom="arn:aws:ssm:eu-west-1:123456789012:parameter/db" />""");

        var options = OptionReader.Read((await ReadAsync(project)).Options);

        options.Cluster.Should().Be("production");
        options.MovingTags.Should().Equal("latest", "main");
        options.Timeout.Should().Be(TimeSpan.FromMinutes(5));
        options.EnvironmentVariables.Should().Equal(new NameValue("GREETING", "a; b"));
        options.Secrets.Should().Equal(new NameValue("DB", "arn:aws:ssm:eu-west-1:123456789012:parameter/db"));
    }

    [Test]
    public async Task A_project_is_evaluated_as_for_its_publish()
    {
        using var project = new GeneratedProject("Orders", Executable + """
            <EcsCluster Condition="'$(Configuration)' == 'Release' and '$(_IsPublishing)' == 'true'">published</EcsCluster>
            """);

        OptionReader.Read((await ReadAsync(project)).Options).Cluster.Should().Be("published");
    }

    [Test]
    public async Task Properties_of_the_command_line_reach_MSBuild()
    {
        using var project = new GeneratedProject("Orders", Executable + "<EcsService>orders-$(Stage)</EcsService>");

        var read = await ReadAsync(project, new("Stage", "a;b%20c"), new("EcsDeploy", "true"));

        read.Options.Properties["EcsService"].Should().Be("orders-a;b%20c");
    }

    [Test]
    public async Task A_mistyped_property_of_the_command_line_is_refused()
    {
        using var project = new GeneratedProject("Orders", Executable);
        var read = await ReadAsync(project, new NameValue("EcsClster", "production"));

        var options = () => OptionReader.Read(read.Options);

        options.Should().Throw<EcsReleaseException>().Where(error => error.Code == "ECSR1001").WithMessage("*'EcsClster'*");
    }

    [Test]
    public async Task A_mistyped_property_of_the_project_file_is_refused()
    {
        using var project = new GeneratedProject("Orders", Executable + "<EcsClster>production</EcsClster>");

        var read = () => ReadAsync(project);

        (await read.Should().ThrowAsync<EcsReleaseException>()).Where(error => error.Code == "ECSR1001").WithMessage("*'EcsClster'*'EcsCluster'*");
    }

    [Test]
    public async Task The_project_is_restored_when_it_was_not()
    {
        using var project = new GeneratedProject("Orders", Executable);

        await ReadAsync(project);

        File.Exists(Path.Combine(project.Folder, "obj", "project.assets.json")).Should().BeTrue();
    }

    [Test]
    public async Task What_shapes_the_image_and_what_enters_it_is_known_before_the_compile()
    {
        using var project = new GeneratedProject("Shop.Orders",
            "<TargetFramework>net10.0</TargetFramework><ContainerUser>app</ContainerUser><UserSecretsId>orders</UserSecretsId>",
            """<ContainerEnvironmentVariable Include="A" Value="1" /><ContainerPort Include="8081" Type="tcp" />""",
            "WebApplication.Create(args).Run();",
            "Microsoft.NET.Sdk.Web");
        project.Write("wwwroot/site.css", "a {}");
        project.Write("appsettings.Local.json", "{}");

        var info = (await ReadAsync(project)).Info;

        info.AssemblyName.Should().Be("Shop.Orders");
        info.TargetFramework.Should().Be("net10.0");
        info.UserSecretsId.Should().Be("orders");
        info.ImageInputs.Should().Contain([new("ContainerUser", "app"), new("ContainerEnvironmentVariable:A", "1"), new("ContainerPort:8081", "tcp")]);
        info.PublishInputs.Should().Contain(new[] { "Program.cs", "appsettings.Local.json", Path.Combine("wwwroot", "site.css") }
            .Select(file => Path.Combine(project.Folder, file)));
    }

    [Test]
    public async Task One_framework_in_the_plural_is_that_one()
    {
        using var project = new GeneratedProject("Orders", "<OutputType>Exe</OutputType><TargetFrameworks>net10.0</TargetFrameworks>");

        var read = await ReadAsync(project);

        read.Info.TargetFramework.Should().Be("net10.0");
        read.Switches.Framework.Should().Be("net10.0");
    }

    [Test]
    public async Task Several_frameworks_need_a_name()
    {
        using var project = new GeneratedProject("Orders", "<OutputType>Exe</OutputType><TargetFrameworks>net9.0;net10.0</TargetFrameworks>");

        var read = () => ReadAsync(project);

        (await read.Should().ThrowAsync<EcsReleaseException>()).Where(error => error.Code == "ECSR1011").WithMessage("*'net9.0;net10.0'*--framework*");
    }

    [Test]
    public async Task A_library_is_not_released()
    {
        using var project = new GeneratedProject("Orders", "<TargetFramework>net10.0</TargetFramework>", program: "class A;");

        var read = () => ReadAsync(project);

        (await read.Should().ThrowAsync<EcsReleaseException>()).Where(error => error.Code == "ECSR1008").WithMessage("*builds a library*");
    }

    [TestCase("99.2.0", "dotnet tool update --global EcsRelease.Tool --version 99.2.0")]
    [TestCase("what", "dotnet add *Orders.csproj package EcsRelease --version *")]
    public async Task A_package_of_another_major_version_is_refused_with_the_update_command(string package, string command)
    {
        using var project = new GeneratedProject("Orders", Executable + $"<EcsReleaseVersion>{package}</EcsReleaseVersion>");

        var read = () => ReadAsync(project);

        (await read.Should().ThrowAsync<EcsReleaseException>()).Where(error => error.Code == "ECSR1014").WithMessage($"*EcsRelease {package}*Run: {command}");
    }

    [Test]
    public async Task A_package_of_this_major_version_is_taken()
    {
        using var project = new GeneratedProject("Orders", Executable);

        (await ReadAsync(project, new NameValue("EcsReleaseVersion", EcsRelease.Aws.EngineVersion.Current.Split('.')[0] + ".999.0"))).Info.AssemblyName.Should().Be("Orders");
    }

    [Test]
    public async Task A_project_with_an_error_shows_the_error()
    {
        using var project = new GeneratedProject("Orders", Executable + "</NotClosed>");

        var read = () => ReadAsync(project);

        (await read.Should().ThrowAsync<EcsReleaseException>()).Where(error => error.Code == "ECSR1009").WithMessage("*MSB4025*");
    }

    private static Task<EvaluatedProject> ReadAsync(GeneratedProject project, params NameValue[] properties) =>
        ProjectReader.ReadAsync(project.ProjectFile, new BuildSwitches("Release", null, null, properties), new RecordingReporter(), CancellationToken.None);
}
