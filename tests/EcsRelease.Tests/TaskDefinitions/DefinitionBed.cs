using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;
using EcsRelease.Tests.Deployments;

namespace EcsRelease.Tests.TaskDefinitions;

/// <summary>A project's folder with a task definition file in it, and what a release would make of it.</summary>
internal sealed class DefinitionBed : IDisposable
{
    public const string File = "td.json";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecs-release-");

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Answers of GetParameters.</summary>
    public ScriptedService Ssm { get; set; } = new([]);

    public ReleaseOptions Options { get; set; } = new() { TaskDefinition = "file:" + File };

    public JsonObject? Live { get; set; }

    public string? Image { get; set; }

    public string FullPath => Path.Combine(_folder.FullName, File);

    public void Write(string text) => System.IO.File.WriteAllText(FullPath, text);

    public Task<DesiredRevision> ResolveAsync(string text)
    {
        Write(text);
        return ResolveAsync();
    }

    public Task<DesiredRevision> ResolveAsync() => TaskDefinitionSource.ResolveAsync(new DefinitionInputs
    {
        Options = Options,
        Service = "orders",
        ProjectDirectory = _folder.FullName,
        Region = "eu-west-1",
        Architecture = "X86_64",
        Commit = "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b",
        Image = Image,
        Parameters = new ParameterReader(new AmazonSsmClient(Ssm)),
        Environment = name => Environment.GetValueOrDefault(name),
        LiveRevision = Live is null ? null : new JsonObject { ["taskDefinition"] = Live.DeepClone(), ["tags"] = new JsonArray() },
    }, CancellationToken.None);

    public async Task<EcsReleaseException> RefusalAsync(string text) =>
        (await FluentActions.Awaiting(() => ResolveAsync(text)).Should().ThrowAsync<EcsReleaseException>()).Which;

    public void Dispose() => _folder.Delete(recursive: true);
}
