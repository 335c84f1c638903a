namespace EcsRelease.MSBuild;

/// <summary>A release record in words.</summary>
internal static class ReleaseText
{
    /// <summary>`HelloEcs -> hello-ecs:3 3f2a91c sha256:9b0c5d1e on default (local): succeeded`.</summary>
    public static string Summary(string projectName, ReleaseRecord record)
    {
        string?[] words =
        [
            record.TaskDefinition is { } revision ? revision[(revision.LastIndexOf('/') + 1)..] : record.Service,
            Short(record.Commit, 7),
            Short(record.Digest, "sha256:".Length + 8),
            record.Cluster is { } cluster ? $"on {cluster[(cluster.LastIndexOf('/') + 1)..]} ({record.Target})" : $"({record.Target})",
        ];
        return $"{projectName} -> {string.Join(' ', words.Where(word => !string.IsNullOrEmpty(word)))}: {record.Outcome.Word()}";
    }

    private static string? Short(string? text, int length) => text?.Length > length ? text[..length] : text;
}
