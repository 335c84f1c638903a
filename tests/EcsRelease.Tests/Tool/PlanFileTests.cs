using EcsRelease.Tool.Commands;

namespace EcsRelease.Tests.Tool;

/// <summary>`plan --out FILE` and `deploy --plan FILE`, as far as they come without AWS.</summary>
public sealed class PlanFileTests
{
    [Test]
    public async Task A_file_that_publish_copies_is_refused_before_anything_is_planned_and_is_not_left()
    {
        using var project = new GeneratedProject("Orders", "<TargetFramework>net10.0</TargetFramework>", sdk: "Microsoft.NET.Sdk.Web");
        var file = Path.Combine(project.Folder, "plan.json");

        var plan = await ToolRun.OfAsync("plan", project.ProjectFile, "--out", file);
        var isLeft = File.Exists(file);
        project.Write("plan.json", """{"schema":1,"outcome":"planned"}""");
        var deploy = await ToolRun.OfAsync("deploy", project.ProjectFile, "--plan", file);

        (plan.ExitCode, deploy.ExitCode, isLeft).Should().Be((3, 3, false), plan.Error + deploy.Error);
        plan.Error.Should().Contain($"ECSR5177: Publish copies '{file}'").And.Contain("--out ../plan.json");
        deploy.Error.Should().Contain("ECSR5177");
    }

    [TestCase("plan", "--out")]
    [TestCase("deploy", "--plan")]
    public async Task An_empty_name_of_a_file_is_refused(string verb, string flag)
    {
        var run = await ToolRun.OfAsync(verb, flag, "");

        (run.ExitCode, run.Error).Should().Be((2, run.Error));
        run.Error.Should().Contain($"ECSR1002: {flag} is '': expected the path of a file.");
    }

    [Test]
    public void The_command_that_releases_the_plan_has_all_that_decided_it()
    {
        var plan = PlanCommand.Create();
        var parsed = plan.Parse(["src/Orders", "--out", "orders.plan", "--exit-code", "--json", "--target", "local", "--env", "A=x y", "--env", "B=2", "--force", "-p:Stage=test"]);

        new TypedArguments(parsed, [.. plan.Options.Where(option => option.Name is "--out" or "--exit-code" or "--json" or "--verbose")]).For("deploy")
            .Should().StartWith("ecs-release deploy src/Orders").And.ContainAll(" --target local", " --env 'A=x y' --env B=2", " --force", " --property Stage=test")
            .And.NotContainAny("--out", "--exit-code", "--json", "--configuration");
    }
}
