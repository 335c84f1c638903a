using System.CommandLine;
using EcsRelease.Aws.Targets;
using EcsRelease.Options;

namespace EcsRelease.Tool.Commands;

/// <summary>The service that wait and status speak of: named by flags, or by a project.</summary>
internal sealed class ServiceArguments
{
    private readonly ProjectArguments project;

    private ServiceArguments(ProjectArguments project) => this.project = project;

    public static ServiceArguments AddTo(Command command, OptionFlags flags) => new(ProjectArguments.AddTo(command, flags));

    /// <exception cref="EcsReleaseException">As for a project; with --service no project is read.</exception>
    public async Task<MeantService> ReadAsync(ParseResult parsed, IReporter reporter, CancellationToken cancellationToken)
    {
        if (project.NamesService(parsed))
        {
            var named = OptionReader.Read(project.Flags(parsed));
            return new(named, named.Service!, null, ReleaseTargets.For(named, null, TimeProvider.System, reporter));
        }
        var (options, read) = await project.ReadAsync(parsed, reporter, cancellationToken).ConfigureAwait(false);
        return new(options, options.Service ?? ReleaseNames.Kebab(read.Info.AssemblyName), read.Info, ReleaseTargets.For(options, read.Info, TimeProvider.System, reporter));
    }
}

internal sealed record MeantService(ReleaseOptions Options, string Name, ProjectInfo? Project, IReleaseTarget Target);
