namespace EcsRelease.Aws;

/// <summary>Where an operation of a REST JSON service lies. Members that are not in the path go into the query of a GET, and
/// into the body of any other method.</summary>
/// <param name="Path">Members of the path in braces, e.g. `/schedules/{Name}`.</param>
internal sealed record RestRoute(string Method, string Path)
{
    /// <summary>Members whose name in the query is another one.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();
}
