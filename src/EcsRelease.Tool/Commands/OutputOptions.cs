using System.CommandLine;

namespace EcsRelease.Tool.Commands;

/// <summary>How a verb answers: `--json`, `--verbose`.</summary>
internal sealed class OutputOptions
{
    private readonly Option<bool> json = new("--json") { Description = "print one JSON document on standard output; everything else goes to standard error" };
    private readonly Option<bool> verbose = new("--verbose") { Description = "show what the build prints, and the details of unexpected errors" };

    public IReadOnlyList<Option> Options => [json, verbose];

    private OutputOptions()
    {
    }

    public static OutputOptions AddTo(Command command)
    {
        var options = new OutputOptions();
        command.Add(options.json);
        command.Add(options.verbose);
        return options;
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(json);

    public bool IsVerbose(ParseResult parsed) => parsed.GetValue(verbose);
}
