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

        Refused(project, await project.PublishAsync(), "ECSR4006").Should().Contain("Cluster 'nowhere'");
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
