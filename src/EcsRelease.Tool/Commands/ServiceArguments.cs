using System.CommandLine;
using EcsRelease.Aws.Targets;
using EcsRelease.Options;

namespace EcsRelease.Tool.Commands;

/// <summary>The service that a verb speaks of: named by flags, or by a project.</summary>
internal sealed class ServiceArguments
{
    private readonly ProjectArguments project;

    private ServiceArguments(ProjectArguments project) => this.project = project;

    /// <param name="path">As for a project.</param>
    public static ServiceArguments AddTo(Command command, OptionFlags flags, Func<ParseResult, string?>? path = null) =>
        new(ProjectArguments.AddTo(command, flags, path));

    /// <summary>For a verb whose arguments are not projects: the project is a flag.</summary>
    public static ServiceArguments AddWithProjectFlagTo(Command command, OptionFlags flags)
    {
        var path = new Option<string?>("--project") { Description = "the project file, or its directory, that names the service; default the current directory", HelpName = "PATH" };
        command.Add(path);
        return AddTo(command, flags, parsed => parsed.GetValue(path));
    }

    /// <exception cref="EcsReleaseException">As for a project; with --service no project is read.</exception>
    public async Task<MeantService> ReadAsync(ParseResult parsed, IReporter reporter, CancellationToken cancellationToken)
    {
        if (project.NamesService(parsed))
            return Named(OptionReader.Read(project.Flags(parsed)), reporter);
        var (options, read) = await project.ReadAsync(parsed, reporter, cancellationToken).ConfigureAwait(false);
        return new(options, options.Service ?? ReleaseNames.Kebab(read.Info.AssemblyName), read.Info, ReleaseTargets.For(options, read.Info, TimeProvider.System, reporter));
    }

    /// <summary>A project was typed.</summary>
    public bool NamesProject(ParseResult parsed) => project.Named(parsed) is not null;

    /// <summary>What the flags say beside names of services; no project is read.</summary>
    public MeantService ReadFlags(ParseResult parsed, IReporter reporter) => Named(OptionReader.Read(project.Flags(parsed)), reporter);

    private static MeantService Named(ReleaseOptions options, IReporter reporter) =>
        new(options, options.Service ?? "", null, ReleaseTargets.For(options, null, TimeProvider.System, reporter));
}

/// <param name="Name">Of the service; empty when the flags name none.</param>
internal sealed record MeantService(ReleaseOptions Options, string Name, ProjectInfo? Project, IReleaseTarget Target)
{
    /// <summary>Where the clone is: the project's directory, else the current one.</summary>
    public string Directory => Project?.Directory ?? System.IO.Directory.GetCurrentDirectory();
}
