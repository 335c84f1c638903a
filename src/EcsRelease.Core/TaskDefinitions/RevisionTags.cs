using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.Aws;
using EcsRelease.Git;

namespace EcsRelease.TaskDefinitions;

/// <summary>Our tags on a revision (DESIGN 9): which release it is.</summary>
/// <param name="Hash">Of the normal form.</param>
/// <param name="HashVersion">Version of the normal form's rules.</param>
public sealed partial record RevisionTags(
    string? Commit, string? Digest, string? Branch, string? Repo, string? Actor, string? Hash, string? HashVersion)
{
    internal const string Prefix = "ecs-release:";

    // Limits of ECS's Tag type: value 256 characters; letters, digits, spaces and + - = . _ : / @.
    private const int MaxValue = 256;

    /// <param name="actor">Who releases: the CI's actor or the caller's ARN.</param>
    public static RevisionTags Of(Commit commit, string digest, string? actor, DesiredRevision desired) =>
        new(commit.Sha, digest, commit.Branch, commit.RemoteUrl, actor, desired.Hash, NormalForm.Version);

    /// <param name="described">DescribeTaskDefinition's answer, `{taskDefinition, tags}`.</param>
    public static RevisionTags Read(JsonObject described)
    {
        var tags = described.Objects("tags")
            .GroupBy(tag => tag.Text("key") ?? "")
            .ToDictionary(group => group.Key, group => group.First().Text("value"));
        string? Tag(string name) => tags.GetValueOrDefault(Prefix + name);
        return new(Tag("commit"), Tag("digest"), Tag("branch"), Tag("repo"), Tag("actor"), Tag("hash"), Tag("hash-version"));
    }

    /// <summary>The commit of a revision: from its tags, else from an image tag that is a commit SHA; null when
    /// neither says.</summary>
    /// <param name="described">DescribeTaskDefinition's answer.</param>
    public static string? CommitOf(JsonObject described) =>
        Read(described).Commit
        ?? described.Object("taskDefinition").Objects("containerDefinitions")
            .OrderByDescending(container => container.Flag("essential") ?? true)
            .Select(container => ImageName.Commit(container.Text("image") ?? ""))
            .FirstOrDefault(commit => commit is not null);

    /// <summary>`tags` of RegisterTaskDefinition: ours and then the user's own.</summary>
    public JsonArray ToJson(IEnumerable<NameValue> own)
    {
        NameValue[] ours =
        [
            new("commit", Commit ?? ""), new("digest", Digest ?? ""), new("branch", Branch ?? ""), new("repo", Repo ?? ""),
            new("actor", Actor ?? ""), new("hash", Hash ?? ""), new("hash-version", HashVersion ?? ""),
        ];
        return new JsonArray([.. ours.Where(tag => tag.Value.Length > 0)
            .Select(tag => new NameValue(Prefix + tag.Name, Permitted(tag.Value)))
            .Concat(own)
            .Select(tag => new JsonObject { ["key"] = tag.Name, ["value"] = tag.Value })]);
    }

    private static string Permitted(string value)
    {
        var clean = Forbidden().Replace(value, "_");
        return clean.Length > MaxValue ? clean[..MaxValue] : clean;
    }

    [GeneratedRegex(@"[^\p{L}\p{Nd} +\-=._:/@]")]
    private static partial Regex Forbidden();
}
