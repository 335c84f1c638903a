using System.CommandLine;
using System.Text.RegularExpressions;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`--commit` and `--revision`: which release of a service is meant; neither = the live one.</summary>
internal sealed partial class ReleaseChoiceFlags
{
    private readonly Option<string?> commit = new("--commit") { Description = "the release of this commit (any unambiguous prefix) in place of the live one", HelpName = "COMMIT" };
    private readonly Option<int?> revision = new("--revision") { Description = "this revision of the task definition in place of the live one", HelpName = "N" };

    private ReleaseChoiceFlags()
    {
    }

    public static ReleaseChoiceFlags AddTo(Command command)
    {
        var flags = new ReleaseChoiceFlags();
        command.Add(flags.commit);
        command.Add(flags.revision);
        return flags;
    }

    /// <exception cref="EcsReleaseException">ECSR1002, 1007.</exception>
    public RevisionChoice Read(ParseResult parsed) => (parsed.GetValue(commit), parsed.GetValue(revision)) switch
    {
        ({ }, { }) => throw Errors.OptionsConflict("--commit", "--revision", "each names a release"),
        ({ } text, _) when !Prefix().IsMatch(text) => throw Errors.BadValue("--commit", text, "4 to 40 hexadecimal digits of a commit's SHA"),
        (_, <= 0 and { } number) => throw Errors.BadValue("--revision", number.ToString(System.Globalization.CultureInfo.InvariantCulture), "a whole number above 0"),
        var (text, number) => new(text, number),
    };

    // As short as git takes it.
    [GeneratedRegex("^[0-9a-fA-F]{4,40}$")]
    private static partial Regex Prefix();
}
