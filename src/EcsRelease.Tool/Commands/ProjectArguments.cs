using System.CommandLine;
using EcsRelease.Options;
using EcsRelease.Tool.Projects;

namespace EcsRelease.Tool.Commands;

/// <summary>What names a project and its options on the command line: the project, the SDK's own switches, our flags.</summary>
internal sealed class ProjectArguments
{
    private readonly Argument<string?> project = new("PROJECT|DIR")
    {
        Description = "the project file, or the directory that holds the only one; default the current directory",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> framework = new("--framework", "-f") { Description = "target framework of a project that has several", HelpName = "TFM" };
    private readonly Option<string> configuration = new("--configuration", "-c") { Description = "build configuration", DefaultValueFactory = _ => "Release" };
    private readonly Option<string?> runtime = new("--runtime", "-r") { Description = "runtime identifier to publish for", HelpName = "RID" };
    private readonly Option<string[]> properties = new("--property", "-p") { Description = "MSBuild property, as for dotnet publish, e.g. -p:PublishProfile=production", HelpName = "NAME=VALUE" };
    private readonly OptionFlags flags;
    private readonly Func<ParseResult, string?> path;

    private ProjectArguments(OptionFlags flags, Func<ParseResult, string?>? path)
    {
        this.flags = flags;
        this.path = path ?? (parsed => parsed.GetValue(project));
    }

    /// <param name="path">The project of a command whose argument means something else as well; null = its argument is the project.</param>
    public static ProjectArguments AddTo(Command command, OptionFlags flags, Func<ParseResult, string?>? path = null)
    {
        var arguments = new ProjectArguments(flags, path);
        arguments.project.Validators.Add(flags.RefuseUnknown);
        if (path is null)
            command.Add(arguments.project);
        command.Add(arguments.framework);
        command.Add(arguments.configuration);
        command.Add(arguments.runtime);
        command.Add(arguments.properties);
        flags.AddTo(command);
        return arguments;
    }

    /// <summary>The flags alone say which service is meant: no project is needed.</summary>
    public bool NamesService(ParseResult parsed) =>
        path(parsed) is null && Flags(parsed).Properties.ContainsKey("EcsService");

    /// <summary>The project as it was typed.</summary>
    public string? Named(ParseResult parsed) => parsed.GetValue(project);

    public OptionText Flags(ParseResult parsed) => flags.Read(parsed);

    /// <exception cref="EcsReleaseException">ECSR1001, 1002, 1003, 1006, 1008, 1009, 1011.</exception>
    public async Task<(ReleaseOptions Options, EvaluatedProject Project)> ReadAsync(ParseResult parsed, IReporter reporter, CancellationToken cancellationToken)
    {
        var evaluation = await ProjectReader.ReadAsync(
            ProjectSearch.Find(path(parsed) ?? ".", Directory.GetCurrentDirectory()), Switches(parsed), reporter, cancellationToken).ConfigureAwait(false);
        return (OptionReader.Read(ServiceItems.OnlyOf(evaluation.Options, Flags(parsed))), WithFlags(evaluation, parsed));
    }

    public BuildSwitches Switches(ParseResult parsed) => new(parsed.GetValue(configuration)!, parsed.GetValue(framework), parsed.GetValue(runtime), Pairs(parsed));

    /// <summary>Options that shape the image count as they are after the flags.</summary>
    public EvaluatedProject WithFlags(EvaluatedProject evaluation, ParseResult parsed)
    {
        var over = Flags(parsed);
        return evaluation with { Info = evaluation.Info with { ImageInputs = [.. evaluation.Info.ImageInputs.Select(Laid)] } };

        NameValue Laid(NameValue input) => over.Properties.TryGetValue(input.Name, out var value) ? input with { Value = value } : input;
    }

    private IReadOnlyList<NameValue> Pairs(ParseResult parsed) =>
    [
        .. (parsed.GetValue(properties) ?? []).Select(text => text.IndexOf('=', StringComparison.Ordinal) is var at and > 0
            ? new NameValue(text[..at], text[(at + 1)..])
            : throw Errors.BadValue("--property", text, "NAME=VALUE")),
    ];
}
