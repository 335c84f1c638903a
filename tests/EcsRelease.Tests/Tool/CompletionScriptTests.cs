using System.ComponentModel;
using System.Diagnostics;
using EcsRelease.Tool.Commands;

namespace EcsRelease.Tests.Tool;

/// <summary>The scripts of `completion` in real shells, which ask the real tool.</summary>
public sealed class CompletionScriptTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecs-release-completion-");

    [OneTimeSetUp]
    public void PutTheToolOnThePath()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("The shells of this test are those of Unix.");
        var tool = Path.Combine(_folder.FullName, "ecs-release");
        File.WriteAllText(tool, $"#!/bin/sh\nexec dotnet '{typeof(CompletionCommand).Assembly.Location}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [OneTimeTearDown]
    public void TakeItAway() => _folder.Delete(recursive: true);

    [TestCase("ecs-release dep", "deploy")]
    [TestCase("ecs-release deploy --target ", "aws local")]
    [TestCase("ecs-release deploy --target=l", "local", Description = "the = ends a word of readline")]
    [TestCase("ecs-release deploy --plan ", "")]
    public async Task Bash(string line, string offered)
    {
        var run = await RunAsync("bash", "--norc", "-c", $$"""
            eval "$(ecs-release completion bash)" || exit 1
            [[ "$(complete -p ecs-release)" == "complete -o default -F _ecs_release ecs-release" ]] || exit 2
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            _ecs_release ecs-release "" ""
            echo "${COMPREPLY[*]}"
            """);

        run.Should().Be(offered);
    }

    [TestCase("ecs-release dep", "deploy")]
    [TestCase("ecs-release deploy --target ", "aws local")]
    [TestCase("ecs-release deploy --target=l", "--target=local")]
    [TestCase("ecs-release deploy --plan ", "files")]
    public async Task Zsh(string line, string offered)
    {
        var words = line.Split(' ');

        // Without a terminal the completion system does not run: what it would set and call stands in.
        var run = await RunAsync("zsh", "-f", "-c", $$"""
            compdef() { registered="$*" }
            compadd() { shift; print -r -- "$*" }
            compset() { true }
            _files() { print files }
            source <(ecs-release completion zsh) || exit 1
            [[ "$registered" == "_ecs_release ecs-release" ]] || exit 2
            words=({{string.Join(' ', words.Select(word => $"'{word}'"))}}) CURRENT={{words.Length}} PREFIX='{{words[^1]}}'
            _ecs_release
            """);

        run.Should().Be(offered);
    }

    [TestCase("ecs-release dep", "deploy")]
    [TestCase("ecs-release deploy --target ", "aws local")]
    [TestCase("ecs-release deploy --target=l", "--target=local")]
    public async Task PowerShell(string line, string offered)
    {
        var run = await RunAsync("pwsh", "-NoProfile", "-NonInteractive", "-Command", $$"""
            ecs-release completion pwsh | Out-String | Invoke-Expression
            ([System.Management.Automation.CommandCompletion]::CompleteInput('{{line}}', {{line.Length}}, $null).CompletionMatches | ForEach-Object CompletionText) -join ' '
            """);

        run.Should().Be(offered);
    }

    private async Task<string> RunAsync(string shell, params string[] arguments)
    {
        var start = new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName };
        start.Environment["PATH"] = $"{_folder.FullName}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
            process.ExitCode.Should().Be(0, await error);
            return (await output).Trim();
        }
        catch (Win32Exception)
        {
            if ((Environment.GetEnvironmentVariable("ECS_RELEASE_REQUIRE") ?? "").Split(',').Contains(shell))
                Assert.Fail($"{shell} is required and is not on the PATH.");
            Assert.Ignore($"There is no {shell} on the PATH.");
            throw;
        }
    }
}
