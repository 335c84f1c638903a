namespace EcsRelease.Git;

/// <summary>`git status --porcelain=v2 --branch -z` (git-scm.com/docs/git-status#_porcelain_format_version_2).</summary>
/// <param name="Sha">Null in an unborn branch.</param>
/// <param name="Branch">Null when HEAD is detached.</param>
/// <param name="Changes">Relative to the root; a rename gives both names.</param>
/// <param name="Untracked">Relative to the root.</param>
internal sealed record GitStatus(string? Sha, string? Branch, IReadOnlyList<string> Changes, IReadOnlyList<string> Untracked)
{
    public static GitStatus Parse(string output)
    {
        string? sha = null;
        string? branch = null;
        var changes = new List<string>();
        var untracked = new List<string>();
        var records = output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < records.Length; i++)
        {
            var record = records[i];
            switch (record[0])
            {
                case '#' when record.StartsWith("# branch.oid ", StringComparison.Ordinal):
                    sha = Unless(record[13..], "(initial)");
                    break;
                case '#' when record.StartsWith("# branch.head ", StringComparison.Ordinal):
                    branch = Unless(record[14..], "(detached)");
                    break;
                case '1':
                    changes.Add(record.Split(' ', 9)[8]);
                    break;
                case '2':
                    changes.Add(record.Split(' ', 10)[9]);
                    changes.Add(records[++i]);
                    break;
                case 'u':
                    changes.Add(record.Split(' ', 11)[10]);
                    break;
                case '?':
                    untracked.Add(record[2..]);
                    break;
            }
        }
        return new GitStatus(sha, branch, changes, untracked);
    }

    private static string? Unless(string text, string none) => text == none ? null : text;
}
