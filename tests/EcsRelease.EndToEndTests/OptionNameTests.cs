namespace EcsRelease.EndToEndTests;

/// <summary>What is written wrong is refused before anything is compiled.</summary>
public sealed class OptionNameTests
{
    [Test]
    public async Task A_deploy_word_that_is_neither_true_nor_false_is_refused()
    {
        var project = await ServiceProject.CreateAsync();

        var result = await project.DotnetAsync("publish", "-p:EcsDeploy=1", "-p:EcsTarget=local");

        result.FailedWith("ECSR1004").Output.Should().Contain("EcsDeploy is '1'");
        NothingWasCompiled(project);
    }

    [Test]
    public async Task A_mistyped_property_of_the_command_line_is_refused_with_the_nearest_name()
    {
        var project = await ServiceProject.CreateAsync();

        var result = await project.PublishAsync("-p:EcsClster=production");

        result.FailedWith("ECSR1001").Output.Should().Contain("Unknown property 'EcsClster'").And.Contain("Did you mean 'EcsCluster'?");
        NothingWasCompiled(project);
    }

    [Test]
    public async Task A_mistyped_property_of_the_project_is_refused_at_its_line()
    {
        var project = await ServiceProject.CreateAsync("<EcsServise>orders</EcsServise>");

        var result = await project.PublishAsync();

        result.FailedWith("ECSR1001").Output.Should().Contain("Did you mean 'EcsService'?").And.Contain($"{project.Name}.csproj(6)");
    }

    [Test]
    public async Task A_mistyped_item_of_Directory_Build_props_is_refused()
    {
        var project = await ServiceProject.CreateAsync(commit: false);
        project.Write("Directory.Build.props", """<Project><ItemGroup><EcsSecrets Include="A" ValueFrom="b" /></ItemGroup></Project>""");
        await project.CommitAsync();

        var result = await project.PublishAsync();

        result.FailedWith("ECSR1001").Output.Should().Contain("Did you mean 'EcsSecret'?").And.Contain("Directory.Build.props(1)");
    }

    [Test]
    public async Task A_documented_property_that_is_not_offered_yet_is_refused()
    {
        var project = await ServiceProject.CreateAsync();

        (await project.PublishAsync("-p:EcsSbom=true")).FailedWith("ECSR1003").Output.Should().Contain("'EcsSbom'");
    }

    [Test]
    public async Task A_bad_value_is_refused_with_what_is_expected_and_recorded()
    {
        var project = await ServiceProject.CreateAsync();

        var result = await project.PublishAsync("-p:EcsTimeout=soon");

        result.FailedWith("ECSR1002").Output.Should().Contain("EcsTimeout is 'soon'");
        project.ReadRecord().Outcome.Should().Be(ReleaseOutcome.Invalid);
        project.ReadRecord().Code.Should().Be("ECSR1002");
        NothingWasCompiled(project);
    }

    [Test]
    public async Task A_variable_that_is_declared_twice_is_refused()
    {
        var project = await ServiceProject.CreateAsync(items: """<EcsEnvironmentVariable Include="A" Value="1" /><EcsEnvironmentVariable Include="A" Value="2" />""");

        (await project.PublishAsync()).FailedWith("ECSR1006").Output.Should().Contain("EcsEnvironmentVariable 'A'");
    }

    [Test]
    public async Task A_record_that_cannot_be_written_is_a_warning()
    {
        var project = await ServiceProject.CreateAsync();

        var result = await project.DotnetAsync("publish", "-p:EcsDeploy=true", "-p:EcsTarget=local", "-p:EcsDryRun=true", $"-p:EcsReleaseRecord={project.Root}");

        result.Succeeded().Output.Should().Contain("warning ECSR1012").And.Contain(project.Root);
    }

    private static void NothingWasCompiled(ServiceProject project) =>
        Directory.Exists(Path.Combine(project.Root, "bin")).Should().BeFalse("nothing was to be compiled");
}
