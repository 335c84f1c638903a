namespace EcsRelease.Options;

/// <summary>Which names mean something. MSBuild takes any name without a word, so a mistyped one would be a release
/// with other settings than those that were written down.</summary>
public static class OptionNames
{
    /// <summary>Read by the MSBuild targets alone: they decide whether there is a release at all.</summary>
    public static IReadOnlyList<string> OfTargets { get; } = ["EcsDeploy", "EcsSkip"];

    /// <summary>Documented names that this version does not act on.</summary>
    public static IReadOnlyList<string> NotYetOffered { get; } =
    [
        "EcsDockerfile", "EcsDockerContext", "EcsDockerTarget", "EcsDockerHost", "EcsBuildArg", "EcsBuildSecret",
        "EcsImageCompression", "EcsImageHistory", "EcsImageArchive", "EcsStableAssemblies", "EcsSbom", "EcsProvenance",
        "EcsImage", "EcsJournal",
    ];

    /// <summary>`Ecs` or `Ecr` and a capital: a name that only this package reads.</summary>
    public static bool IsOurs(string name) =>
        (name.StartsWith("Ecs", StringComparison.Ordinal) || name.StartsWith("Ecr", StringComparison.Ordinal)) && name.Length > 3 && char.IsUpper(name[3]);

    /// <summary>Null when the name is an option; else ECSR1001 with the nearest one, or ECSR1003.</summary>
    public static EcsReleaseException? Check(string name)
    {
        if (Known().Contains(name, StringComparer.OrdinalIgnoreCase))
            return null;
        return NotYetOffered.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? Errors.NotYetOffered(name)
            : Errors.UnknownOption(name, Nearest(name, Known()));
    }

    /// <summary>The candidate with the fewest letters to add, drop or change, at most a third of the name's; null when none is near.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates) =>
        candidates.Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.distance <= Math.Max(2, name.Length / 3))
            .OrderBy(pair => pair.distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();

    private static IEnumerable<string> Known() => OptionReader.All.Select(option => option.Name).Concat(OfTargets);

    // Levenshtein's distance, one row of its table at a time.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replace = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
