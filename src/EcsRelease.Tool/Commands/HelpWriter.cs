using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EcsRelease.Tool.Commands;

/// <summary>`--help`: the parser's own help with the examples of the command; of `ecs-release` itself the verbs in the order
/// of a release's life, and the exit codes.</summary>
internal sealed class HelpWriter : SynchronousCommandLineAction
{
    private static readonly (string Title, string[] Verbs)[] s_groups =
    [
        ("Begin", ["init", "permissions", "verify"]),
        ("Release", ["plan", "diff", "deploy", "wait", "continue"]),
        ("Look", ["status", "history", "logs"]),
        ("Go back", ["rollback", "stop"]),
        ("Operate", ["scale", "restart", "run"]),
        ("Clean up", ["prune"]),
        ("Also", ["explain", "local", "completion"]),
    ];

    public override bool ClearsParseErrors => true;

    public static void AddTo(RootCommand root)
    {
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWriter();
    }

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var output = parseResult.InvocationConfiguration.Output;
        var text = CommandText.Of(command);
        if (command is RootCommand root)
            WriteRoot(root, text, output);
        else
        {
            // The tree was made for this one command line.
            command.Description = text.Description;
            foreach (var below in command.Subcommands)
                below.Description = CommandText.Of(below).Summary;
            new HelpAction().Invoke(parseResult);
        }
        Section(output, "Examples", text.Examples);
        if (command.Parents.OfType<RootCommand>().Any())
            output.WriteLine("Exit codes: see ecs-release --help");
        return 0;
    }

    private static void WriteRoot(RootCommand root, CommandText text, TextWriter output)
    {
        output.WriteLine(text.Description);
        output.WriteLine();
        Section(output, "Usage", ["ecs-release <command> [options]", "ecs-release <command> --help"]);
        var verbs = root.Subcommands.Where(verb => !verb.Hidden).ToDictionary(verb => verb.Name);
        var width = verbs.Keys.Max(name => name.Length);
        foreach (var (title, names) in s_groups)
            Section(output, title, names.Concat(title == "Also" ? verbs.Keys.Except(s_groups.SelectMany(group => group.Verbs)) : [])
                .Where(verbs.ContainsKey).Select(name => $"{name.PadRight(width)}  {CommandText.Of(verbs[name]).Summary}"));
        Section(output, "Options", ["-?, -h, --help  Show help, also of each command", "--version       Show the version"]);
        Section(output, "Exit codes", ExitCodes.All.Select(each => $"{each.Code,-3}  {each.Meaning}"));
    }

    private static void Section(TextWriter output, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0)
            return;
        output.WriteLine($"{title}:");
        foreach (var line in all)
            output.WriteLine($"  {line}");
        output.WriteLine();
    }
}
