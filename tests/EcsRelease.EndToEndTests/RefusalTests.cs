namespace EcsRelease.EndToEndTests;

/// <summary>What must not be released is refused with one coded error before anything is compiled, and leaves nothing behind.</summary>
public sealed class RefusalTests
{
    [Test]
    public async Task A_dirty_tree_is_refused()
    {
        var project = await ServiceProject.CreateAsync();
        project.Write("Program.cs", ServiceProject.Program("not committed"));

        var result = await project.PublishAsync();

        Refused(project, result, "ECSR2003").Should().Contain("'Program.cs'");
    }

    [Test]
    public async Task An_ignored_file_that_would_enter_the_image_is_refused()
    {
        var project = await ServiceProject.CreateAsync();
        project.Write("appsettings.Local.json", """{ "Password": "for this machine alone" }""");

        var result = await project.PublishAsync();

        Refused(project, result, "ECSR2004").Should().Contain("appsettings.Local.json");
    }

    [Test]
    public async Task An_ignored_file_of_a_referenced_project_that_would_enter_the_image_is_refused_before_the_push()
    {
        var project = await ServiceProject.CreateAsync(items: """<ProjectReference Include="lib/Lib.csproj" /><Compile Remove="lib/**" /><Content Remove="lib/**" />""", commit: false);
        project.WriteProject(sdk: "Microsoft.NET.Sdk", path: "lib/Lib.csproj",
            items: """<Content Include="appsettings.Local.json" CopyToPublishDirectory="PreserveNewest" />""");
        await project.CommitAsync();
        project.Write("lib/appsettings.Local.json", "{}");

        var result = await project.PublishAsync();

        result.FailedWith("ECSR2004").Output.Should().Contain("'lib/appsettings.Local.json'");
        project.ReadRecord().Push.Should().BeNull();
    }

    [Test]
    public async Task An_ignored_file_may_be_allowed_also_where_the_project_is_not_the_root()
    {
        var project = await ServiceProject.CreateAsync(commit: false);
        foreach (var file in new[] { project.Name + ".csproj", "Program.cs" })
            File.Delete(Path.Combine(project.Root, file));
        project.WriteProject(items: """<EcsAllowUntracked Include="appsettings.*.json" />""", path: $"web/{project.Name}.csproj");
        project.Write("web/Program.cs", ServiceProject.Program("hello"));
        await project.CommitAsync();
        project.Write("web/appsettings.Local.json", "{}");

        (await project.DotnetAsync("publish", "web", "-p:EcsDeploy=true", "-p:EcsTarget=local", "-p:EcsDryRun=true")).Succeeded();
    }

    [Test]
    public async Task A_repository_without_a_commit_is_refused()
    {
        var project = await ServiceProject.CreateAsync(commit: false);
        await project.GitAsync("init", "-q");

        Refused(project, await project.PublishAsync(), "ECSR2002");
    }

    [Test]
    public async Task A_folder_that_is_no_repository_is_refused()
    {
        var project = await ServiceProject.CreateAsync(commit: false);

        Refused(project, await project.PublishAsync(), "ECSR2001");
    }

    [Test]
    public async Task A_missing_cluster_is_refused()
    {
        var project = await ServiceProject.CreateAsync("<EcsCluster>nowhere</EcsCluster>");

        project.Write(".git/info/exclude", "local.json");
        project.Write("local.json", "{}");

        Refused(project, await project.PublishAsync(), "ECSR4006").Should().Contain("Cluster 'nowhere'");
        project.ReadRecord().Warnings.Should().ContainSingle("what was found before the refusal stays known").Which.Code.Should().Be("ECSR2011");
    }

    [Test]
    public async Task A_missing_service_is_refused_when_it_may_not_be_created()
    {
        var project = await ServiceProject.CreateAsync();

        Refused(project, await project.PublishAsync("-p:EcsCreateService=false"), "ECSR4010").Should().Contain($"Service '{project.Service}'");
    }

    [Test]
    public async Task A_commit_that_is_overridden_is_refused()
    {
        var project = await ServiceProject.CreateAsync();

        Refused(project, await project.PublishAsync("-p:SourceRevisionId=abc"), "ECSR2007").Should().Contain("'abc'");
    }

    private static string Refused(ServiceProject project, CommandResult result, string code)
    {
        result.FailedWith(code);
        project.ReadRecord().Outcome.Should().Be(ReleaseOutcome.Refused);
        project.ReadRecord().Code.Should().Be(code);
        Directory.Exists(Path.Combine(project.Root, "bin")).Should().BeFalse("nothing was to be compiled");
        return result.Output;
    }
}
