using System.Text.Json.Nodes;

namespace EcsRelease.Verification;

/// <summary>Where a check stands in the report, in this order.</summary>
public enum CheckGroup
{
    Release,
    Image,
    TaskDefinition,
    Service,
    Roles,
    Secrets,
    Logs,
    Permissions,
}

/// <summary>Looks at one aspect of what is going to be released. Only reads.</summary>
internal interface ICheck
{
    CheckGroup Group { get; }

    /// <summary>What is looked at, e.g. `Fargate size`.</summary>
    string Name { get; }

    /// <returns>One finding at least: a check that has nothing to look at says so.</returns>
    Task<IReadOnlyList<Finding>> RunAsync(VerifiedRelease release, CancellationToken cancellationToken);
}

/// <summary>A check of the task definition alone, or of what it names.</summary>
internal abstract class DefinitionCheck : ICheck
{
    public abstract CheckGroup Group { get; }

    public abstract string Name { get; }

    public async Task<IReadOnlyList<Finding>> RunAsync(VerifiedRelease release, CancellationToken cancellationToken)
    {
        if (release.Options.StopAfter == StopAfterStep.Push)
            return [Finding.Ok("no part of this release: EcsStopAfter is push")];
        return release.Desired is { } desired
            ? await RunAsync(desired.Definition, release, cancellationToken)
            : [Finding.CouldNotCheck($"the task definition is not known: {release.DefinitionFault}")];
    }

    /// <param name="definition">RegisterTaskDefinition's input.</param>
    protected abstract Task<IReadOnlyList<Finding>> RunAsync(JsonObject definition, VerifiedRelease release, CancellationToken cancellationToken);
}

/// <summary>A check that decides by the definition and the service as they were read, without asking for more.</summary>
internal abstract class StaticCheck : DefinitionCheck
{
    protected abstract IEnumerable<Finding> Find(JsonObject definition, VerifiedRelease release);

    protected override Task<IReadOnlyList<Finding>> RunAsync(JsonObject definition, VerifiedRelease release, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([.. Find(definition, release)]);
}
