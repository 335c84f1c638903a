using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 2xxx: Git
public static partial class Errors
{
    public static EcsReleaseException NotARepository(string directory) => new("ECSR2001", Refused,
        $"'{directory}' is not in a Git repository, so a release could not be named by its commit. Run: git init && git add -A && git commit -m first");

    public static EcsReleaseException NoCommit(string root) => new("ECSR2002", Refused,
        $"The repository '{root}' has no commit yet. Run: git add -A && git commit -m first");

    public static EcsReleaseException DirtyTree(string root, IReadOnlyList<string> files) => new("ECSR2003", Refused,
        $"The working tree '{root}' has {files.Count} change(s) that are not in the commit: {List(files)}. Commit or stash them, or release them as SHA-dirty-HASH with EcsAllowDirty=true.");

    public static EcsReleaseException UntrackedInputs(IReadOnlyList<string> files) => new("ECSR2004", Refused,
        $"{files.Count} file(s) would enter the image but are not in the commit: {List(files)}. Commit them, keep them out of the publish, or allow them: <EcsAllowUntracked Include=\"{files[0]}\" />");

    public static EcsReleaseException DubiousOwnership(string directory) => new("ECSR2005", Refused,
        $"Git refuses '{directory}': another user owns it. Run: git config --global --add safe.directory {ShellWord.Of(directory)}");

    public static EcsReleaseException GitFailed(string command, string output) => new("ECSR2006", Refused,
        $"`{command}` failed: {output}. Is git installed and on the PATH?");

    public static EcsReleaseException RevisionDiffers(string property, string head) => new("ECSR2007", Refused,
        $"SourceRevisionId is '{property}' but HEAD is '{head}'. Remove the property: the release is named by HEAD.");

    public static EcsReleaseException OlderCommit(string commit, string live) => new("ECSR2008", Refused,
        $"Commit '{Short(commit)}' is older than the live '{Short(live)}'. Release a newer commit, or allow it: EcsAllowOlder=true.");

    public static Notice AncestryUnknown(string commit, string live) => new("ECSR2009",
        $"Whether '{Short(commit)}' is older than the live '{Short(live)}' is unknown: the clone is shallow or lacks it. In CI fetch the whole history (fetch-depth: 0).");

    public static Notice CommitFromEnvironment(string variable, string commit) => new("ECSR2010",
        $"No Git repository here: commit '{Short(commit)}' was taken from {variable}, and whether the tree is clean is unknown.");

    public static Notice UntrackedFile(string file) => new("ECSR2011",
        $"'{file}' enters the image but is not in the commit. Commit it, or allow it: <EcsAllowUntracked Include=\"{file}\" />");
}
