using EcsRelease.Images;

namespace EcsRelease.Tests.Images;

/// <summary>The table of the .NET SDK's ContainerAppCommandInstruction.</summary>
[Parallelizable(ParallelScope.All)]
public class EntryPointTests
{
    private static readonly ContainerSettings App = SampleProject.Container with { AppCommand = ["dotnet", "/app/Orders.dll"] };

    private static readonly TestCaseData[] Rules =
    [
        Rule("the app is the entrypoint", App, [], ["dotnet", "/app/Orders.dll"], []),
        Rule("the base's entrypoint gives way", App, ["/init"], ["dotnet", "/app/Orders.dll"], []),
        Rule("default arguments are the command", App with { DefaultArgs = ["--port", "1"] }, [], ["dotnet", "/app/Orders.dll"], ["--port", "1"]),
        Rule("app arguments belong to the app", App with { AppCommandArgs = ["--x"] }, [], ["dotnet", "/app/Orders.dll", "--x"], []),
        Rule("an own entrypoint gets the app as its arguments", App with { Entrypoint = ["/tini"], EntrypointArgs = ["--"] }, [], ["/tini", "--"], ["dotnet", "/app/Orders.dll"]),
        Rule("DefaultArgs keeps the base's entrypoint", App with { AppCommandInstruction = "DefaultArgs" }, ["/init"], ["/init"], ["dotnet", "/app/Orders.dll"]),
        Rule("but not dotnet, which the app names itself", App with { AppCommandInstruction = "DefaultArgs" }, ["dotnet"], [], ["dotnet", "/app/Orders.dll"]),
        Rule("None leaves the app out", App with { AppCommand = [], AppCommandInstruction = "None", Entrypoint = ["/run"] }, ["/init"], ["/run"], []),
        Rule("None without anything keeps the base's start", App with { AppCommand = [], AppCommandInstruction = "None" }, ["/init"], ["/init"], ["base-command"]),
        Rule("entrypoint arguments of old projects", App with { EntrypointArgs = ["--old"] }, [], ["dotnet", "/app/Orders.dll"], ["--old"]),
    ];

    private static readonly TestCaseData[] Faults =
    [
        new TestCaseData(App with { AppCommandInstruction = "None" }, "ContainerAppCommand:").SetArgDisplayNames("a command that None leaves out"),
        new TestCaseData(App with { AppCommandInstruction = "Entrypoint", Entrypoint = ["/x"] }, "ContainerEntrypoint:").SetArgDisplayNames("two entrypoints"),
        new TestCaseData(App with { AppCommandInstruction = "DefaultArgs", EntrypointArgs = ["-x"] }, "ContainerEntrypointArgs:").SetArgDisplayNames("arguments of no entrypoint"),
        new TestCaseData(App with { AppCommand = [], AppCommandArgs = ["-x"] }, "ContainerAppCommandArgs:").SetArgDisplayNames("arguments of no command"),
        new TestCaseData(App with { AppCommandInstruction = "Cmd" }, "'Cmd' is none of").SetArgDisplayNames("an unknown instruction"),
    ];

    [TestCaseSource(nameof(Rules))]
    public void The_start_follows_the_SDKs_rule(ContainerSettings settings, string[] baseEntrypoint, string[] entrypoint, string[] cmd)
    {
        var start = EntryPoint.Of(settings, baseEntrypoint, ["base-command"]);

        start.Entrypoint.Should().Equal(entrypoint);
        start.Cmd.Should().Equal(cmd);
    }

    [TestCaseSource(nameof(Faults))]
    public void A_contradiction_is_an_error_that_names_the_setting(ContainerSettings settings, string message)
    {
        var choosing = () => EntryPoint.Of(settings, [], []);

        choosing.Should().Throw<EcsReleaseException>().Where(error => error.Code == "ECSR3012").WithMessage($"*{message}*");
    }

    private static TestCaseData Rule(string name, ContainerSettings settings, string[] baseEntrypoint, string[] entrypoint, string[] cmd) =>
        new TestCaseData(settings, baseEntrypoint, entrypoint, cmd).SetArgDisplayNames(name);
}
