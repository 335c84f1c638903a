using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>Remembers which parameters a task definition file names.</summary>
/// <param name="ssm">Null = AWS is not asked: every parameter has its own name for a value.</param>
internal sealed class NamedParameters(AmazonSsmClient? ssm) : IJsonService
{
    /// <summary>Stands for the commit in a definition that nobody registers.</summary>
    public static readonly string NoCommit = new('0', 40);

    private readonly List<string> names = [];

    public IReadOnlyList<string> Names => names;

    public ParameterReader Reader => new(new AmazonSsmClient(this));

    public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        var asked = request.Texts("Names").ToList();
        names.AddRange(asked);
        return ssm is not null
            ? ssm.GetParametersAsync(request, cancellationToken)
            : Task.FromResult(new JsonObject
            {
                ["Parameters"] = new JsonArray([.. asked.Select(name => new JsonObject { ["Name"] = name, ["Type"] = "String", ["Value"] = name })]),
            });
    }
}
