using System.CommandLine;
using EcsRelease.Tool.Commands;
using Spectre.Console;

namespace EcsRelease.Tests.Tool;

public sealed class VerbRunTests
{
    [Test]
    public async Task A_result_goes_to_standard_output()
    {
        var run = await RunAsync((_, _) => Done(7));

        run.Should().Be(new ToolRun(7, "for people" + Environment.NewLine, ""));
    }

    [Test]
    public async Task With_json_the_document_is_all_of_standard_output()
    {
        var run = await RunAsync((context, _) =>
        {
            context.Reporter.Step(ReleaseStep.Build, "building");
            return Done(0);
        }, "--json");

        run.Out.Should().Be("{}" + Environment.NewLine);
        run.Error.Should().Contain("build: building").And.Contain("for people");
    }

    [Test]
    public async Task A_coded_error_is_its_outcome()
    {
        var run = await RunAsync((_, _) => throw Errors.NoRegion());

        run.ExitCode.Should().Be(3);
        run.Out.Should().BeEmpty();
        run.Error.Should().StartWith("ECSR4005: No AWS region is set.").And.Contain("ecs-release explain ECSR4005");
    }

    [Test]
    public async Task An_unexpected_failure_has_a_code_and_no_stack()
    {
        var run = await RunAsync((_, _) => throw new InvalidOperationException("broken"));

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("ECSR9001").And.Contain("broken").And.Contain("--verbose").And.NotContain("   at ");
    }

    [Test]
    public async Task Details_of_an_unexpected_failure_follow_with_verbose() =>
        (await RunAsync((_, _) => throw new InvalidOperationException("broken"), "--verbose"))
            .Error.Should().Contain("ECSR9001").And.Contain("   at ");

    [Test]
    public async Task The_document_of_a_failure_carries_the_options_once_they_are_read()
    {
        var run = await RunAsync((context, _) =>
        {
            context.Meant = (new() { Target = TargetKind.Local, Cluster = "production" }, "orders");
            throw Errors.ServiceMissing("orders", "production");
        }, "--json");

        using var document = System.Text.Json.JsonDocument.Parse(run.Out);
        new[] { "target", "cluster", "service" }.Select(name => document.RootElement.GetProperty(name).GetString()).Should().Equal("local", "production", "orders");
    }

    [Test]
    public async Task Ctrl_C_ends_with_130_and_says_how_to_go_on()
    {
        using var pressed = new CancellationTokenSource();

        var run = await RunAsync(async (context, cancellationToken) =>
        {
            context.OnCancel = () => "Follow it: ecs-release wait";
            await pressed.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return await Done(0);
        }, pressed.Token);

        run.Should().Be(new ToolRun(130, "", "ECSR5123: Cancelled. Follow it: ecs-release wait" + Environment.NewLine));
    }

    private static Task<IVerbResult> Done(int exitCode) => Task.FromResult<IVerbResult>(new Result(exitCode));

    private static Task<ToolRun> RunAsync(Func<VerbContext, CancellationToken, Task<IVerbResult>> verb, params string[] arguments) =>
        RunAsync(verb, CancellationToken.None, arguments);

    private static async Task<ToolRun> RunAsync(Func<VerbContext, CancellationToken, Task<IVerbResult>> verb, CancellationToken cancellationToken, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var command = new RootCommand();
        var options = OutputOptions.AddTo(command);
        command.SetAction((parsed, token) => VerbRun.RunAsync(parsed, options, verb, token));
        var exitCode = await command.Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, cancellationToken);
        return new(exitCode, output.ToString(), error.ToString());
    }

    private sealed class Result(int exitCode) : IVerbResult
    {
        public int ExitCode => exitCode;

        public string ToJson() => "{}";

        public void Print(IAnsiConsole results, IAnsiConsole failures) => results.WriteLine("for people");
    }
}
