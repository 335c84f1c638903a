using System.CommandLine;
using EcsRelease.Tool.Projects;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release deploy`: builds, pushes, registers, updates and waits.</summary>
internal static class DeployCommand
{
    public static Command Create()
    {
        var command = new Command("deploy", """
            Release a project: build its image, push it, register a revision, update the service and wait.
            Of several projects, a solution, or several services of a project (EcsServices) all are checked first.
            Example: ecs-release deploy src/Orders --cluster production
            Example: ecs-release deploy --target local
            Example: ecs-release deploy Shop.slnx --rollback-all
            Example: ecs-release deploy --plan plan.json
            """);
        var file = new Option<string?>("--plan") { Description = "release exactly what plan --out wrote to this file, or nothing", HelpName = "FILE" };
        command.Add(file);
        var confirmation = Confirmation.AddTo(command);
        var project = ProjectsArguments.AddTo(command, OptionFlags.All());
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(
            parsed, output, (context, token) => RunAsync(parsed, project, confirmation, parsed.GetValue(file), context, token), cancellationToken));
        return command;
    }

    private static async Task<IVerbResult> RunAsync(ParseResult parsed, ProjectsArguments arguments, Confirmation confirmation, string? file, VerbContext context, CancellationToken cancellationToken)
    {
        var saved = file is null ? null : await SavedPlan.ReadAsync(SavedPlan.PathOf("--plan", file), cancellationToken).ConfigureAwait(false);
        var meant = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
        meant = meant with { Services = [.. meant.Services.Select(each => each with { Options = confirmation.Applied(parsed, each.Options) })] };
        if (meant.IsList)
            return saved is null ? await DeployedMany.RunAsync(meant.Services, context, cancellationToken).ConfigureAwait(false) : throw Errors.PlanFileOfOne("deploy", "--plan", meant.Services.Count);
        var (options, project) = meant.Services[0];
        if (saved is not null)
            SavedPlan.RefusePublished(saved.File, project.Info);
        var release = new Release(options, project.Info, context.Reporter, TimeProvider.System) { PlanFile = saved?.File };
        try
        {
            var plan = await release.PlanAsync(cancellationToken).ConfigureAwait(false);
            plan = saved?.Bind(plan) ?? await PlanQuestion.ConfirmAsync(plan, context.Confirmation, cancellationToken).ConfigureAwait(false);
            context.OnCancel = () => release.WhatGoesOn;
            var publisher = new DotnetPublisher(project, options.Architecture, context.Reporter, context.IsVerbose);
            var record = await release.RunAsync(plan, publisher, cancellationToken).ConfigureAwait(false);
            var released = Recorded(record);
            return record.Outcome == ReleaseOutcome.Planned ? new Planned(plan, failOnChange: false) { Warnings = [] } : released;
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
