namespace EcsRelease.EndToEndTests;

/// <summary>Ctrl-C ends the build, not the deployment.</summary>
public sealed class CancelTests
{
    [Test]
    public async Task Ctrl_C_in_a_rollout_ends_the_build_at_once_and_says_how_to_follow()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has no signal that one process can send to another as Ctrl-C.");
        var project = await ServiceProject.CreateAsync();
        (await project.PublishAsync()).Succeeded();
        // Its tasks are tried several times, so the rollout is not over when the signal arrives on a busy machine.
        project.Write("Program.cs", "Environment.Exit(1);");
        await project.CommitAsync();

        var result = await Command.InterruptAsync("dotnet", ["publish", "-p:EcsDeploy=true", "-p:EcsTarget=local"], project.Root, project.Environment, when: "Rolling out");

        result.ExitCode.Should().NotBe(0);
        result.SinceInterrupt.Should().BeLessThan(TimeSpan.FromSeconds(5), "the machine may be busy, but nothing waits for ECS");
        result.FailedWith("ECSR5123");
        result.Output.Should().Contain("ECS goes on with the deployment", Exactly.Once())
            .And.Contain($"ecs-release wait --cluster default --service {project.Service} --target local");
    }
}
