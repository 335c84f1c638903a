using System.Text.Json;

namespace EcsRelease.Tests.Aws.Botocore;

/// <summary>Members that AWS has and botocore's models of this machine may lack: `newer-members.json`, each with its source.</summary>
internal sealed class NewerMembers
{
    private readonly HashSet<(string Shape, string Member)> _members;

    private NewerMembers(IReadOnlyList<NewerMember> all)
    {
        All = all;
        _members = all.Select(each => (each.Shape, each.Member)).ToHashSet();
    }

    public static NewerMembers None { get; } = new([]);

    public IReadOnlyList<NewerMember> All { get; }

    public static NewerMembers Read()
    {
        using var stream = typeof(NewerMembers).Assembly.GetManifestResourceStream("newer-members.json")!;
        return new(JsonSerializer.Deserialize<List<NewerMember>>(stream, JsonSerializerOptions.Web)!);
    }

    public bool Has(string shape, string member) => _members.Contains((shape, member));
}

/// <param name="Service">As botocore names it: `ecs`.</param>
/// <param name="Shape">The structure that the member belongs to.</param>
/// <param name="Source">Where AWS says so.</param>
internal sealed record NewerMember(string Service, string Shape, string Member, string Source);
