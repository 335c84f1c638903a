using System.CommandLine;
using EcsRelease.Tool.Projects;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release deploy`: builds, pushes, registers, updates and waits.</summary>
internal static class DeployCommand
{
    public static Command Create()
    {
        var command = new Command("deploy", "Release a project: build its image, push it, register a revision, update the service and wait.");
        var project = ProjectArguments.AddTo(command, OptionFlags.All());
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(
            parsed, output, (context, token) => RunAsync(parsed, project, context, token), cancellationToken));
        return command;
    }

    private static async Task<IVerbResult> RunAsync(ParseResult parsed, ProjectArguments arguments, VerbContext context, CancellationToken cancellationToken)
    {
        var (options, project) = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
        var release = new Release(options, project.Info, context.Reporter, TimeProvider.System);
        try
        {
            var plan = await release.PlanAsync(cancellationToken).ConfigureAwait(false);
            context.OnCancel = () => release.WhatGoesOn;
            var publisher = new DotnetPublisher(project, options.Architecture, context.Reporter, context.IsVerbose);
            var record = await release.RunAsync(plan, publisher, cancellationToken).ConfigureAwait(false);
            return record.Outcome == ReleaseOutcome.Planned ? new Planned(plan, failOnChange: false) : Recorded(record);
        }
        catch (EcsReleaseException error)
        {
            return Recorded(release.RecordOf(error));
        }

        Released Recorded(ReleaseRecord record)
        {
            ReleaseReport.Write(record, options, project.Info, context.Reporter.Warn);
            return new Released(record);
        }
    }
}
