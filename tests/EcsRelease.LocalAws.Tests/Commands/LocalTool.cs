using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Commands;

/// <summary>The real program with a state folder of its own.</summary>
internal sealed class LocalTool : IAsyncDisposable
{
    private readonly TemporaryFolder home = new();

    public string Home => home.Path;

    public string Folder => Path.Combine(home.Path, "local");

    public Dictionary<string, string?> Environment { get; } = [];

    public Task<CommandResult> RunAsync(params string[] arguments)
    {
        var environment = new Dictionary<string, string?>(Environment) { ["ECS_RELEASE_HOME"] = home.Path, ["ECS_RELEASE_LOCAL_RUNTIME"] = "none" };
        return Command.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "ecs-release-local.dll"), .. arguments], environment);
    }

    public async Task<JsonObject> UpAsync()
    {
        var result = await RunAsync("up", "--json");
        result.ExitCode.Should().Be(0, result.Error);
        return JsonNode.Parse(result.Output)!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Folder))
            await RunAsync("down");
        home.Dispose();
    }
}
