using System.CommandLine;
using EcsRelease.Options;
using EcsRelease.Tool.Projects;

namespace EcsRelease.Tool.Commands;

/// <summary>What a verb for one service or several is about: a project, a list of them, a solution, services of a project.</summary>
internal sealed class ProjectsArguments
{
    private readonly Argument<string[]> paths = new("PROJECT|SOLUTION|DIR")
    {
        Description = "a project file, several, a solution, or a directory that holds the only one; default the current directory",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly ProjectArguments one;

    private ProjectsArguments(Command command, OptionFlags flags)
    {
        paths.Validators.Add(flags.RefuseUnknown);
        command.Add(paths);
        one = ProjectArguments.AddTo(command, flags, parsed => parsed.GetValue(paths) is [var only] ? only : null);
    }

    public static ProjectsArguments AddTo(Command command, OptionFlags flags) => new(command, flags);

    /// <summary>The services that are meant.</summary>
    /// <exception cref="EcsReleaseException">As for a project of each, and ECSR1035 to 1041.</exception>
    public async Task<MeantProjects> ReadAsync(ParseResult parsed, IReporter reporter, CancellationToken cancellationToken)
    {
        var named = parsed.GetValue(paths) is { Length: > 0 } given ? given : ["."];
        var directory = Directory.GetCurrentDirectory();
        var solution = named is [var only] ? ProjectSearch.FindSolution(only, directory) : null;
        var flags = one.Flags(parsed);
        if (solution is null && named.Length == 1)
        {
            var project = await ProjectReader.ReadAsync(ProjectSearch.Find(named[0], directory), one.Switches(parsed), reporter, cancellationToken).ConfigureAwait(false);
            return flags.Properties.ContainsKey("EcsService") || ServiceItems.Of(project.Options, flags) is null
                ? new([Wanted(project, ServiceItems.OnlyOf(project.Options, flags))], IsList: false)
                : new([.. ServicesOf(project)], IsList: true);
        }
        var projects = solution is null
            ? await ReadAsync([.. named.Select(path => ProjectSearch.Find(path, directory)).Distinct()], parsed, reporter, cancellationToken).ConfigureAwait(false)
            : await ReadSolutionAsync(solution, parsed, reporter, cancellationToken).ConfigureAwait(false);
        if (projects.Count > 1 && flags.Properties.ContainsKey("EcsService"))
            throw Errors.FlagOfOneService("--service", projects.Count);
        if (projects.Count > 1 && flags.Items.ContainsKey("EcsServices"))
            throw Errors.FlagOfOneService("--services", projects.Count);
        return new([.. projects.SelectMany(ServicesOf)], IsList: true);

        IEnumerable<WantedProject> ServicesOf(EvaluatedProject project) =>
            (ServiceItems.Of(project.Options, flags) ?? [project.Options.With(flags)]).Select(text => Wanted(project, text));

        WantedProject Wanted(EvaluatedProject project, OptionText text) => new(OptionReader.Read(text), one.WithFlags(project, parsed));
    }

    private async Task<IReadOnlyList<EvaluatedProject>> ReadAsync(IReadOnlyList<string> files, ParseResult parsed, IReporter reporter, CancellationToken cancellationToken)
    {
        var projects = new List<EvaluatedProject>();
        foreach (var file in files)
            projects.Add(await ProjectReader.ReadAsync(file, one.Switches(parsed), reporter, cancellationToken).ConfigureAwait(false));
        return projects;
    }

    // One after the other: restores of projects that share references must not run at once.
    private async Task<IReadOnlyList<EvaluatedProject>> ReadSolutionAsync(string solution, ParseResult parsed, IReporter reporter, CancellationToken cancellationToken)
    {
        var projects = new List<EvaluatedProject>();
        foreach (var file in ProjectSearch.ProjectsOf(solution))
        {
            reporter.Progress(new Progress($"reading {Path.GetFileName(file)}"));
            if (await ProjectReader.ReadOfSolutionAsync(file, one.Switches(parsed), reporter, cancellationToken).ConfigureAwait(false) is { } project)
                projects.Add(project);
        }
        return projects.Count > 0 ? projects : throw Errors.NothingToRelease(solution);
    }
}

/// <param name="Options">Of one service of the project.</param>
internal sealed record WantedProject(ReleaseOptions Options, EvaluatedProject Project)
{
    public WantedRelease Release => new(Options, Project.Info);
}

/// <param name="IsList">A solution, a list of projects or of services was given: documents are lists, also of one.</param>
internal sealed record MeantProjects(IReadOnlyList<WantedProject> Services, bool IsList);
