using EcsRelease.Tool.Projects;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release deploy` of several services: all are checked, then all are released.</summary>
internal static class DeployedMany
{
    public static async Task<IVerbResult> RunAsync(IReadOnlyList<WantedProject> services, VerbContext context, CancellationToken cancellationToken)
    {
        using var many = new ReleaseMany([.. services.Select(each => each.Release)], context.Reporter, TimeProvider.System);
        if (await many.CheckAsync(cancellationToken).ConfigureAwait(false) is { } refused)
            return Recorded(refused);
        if (services.Any(each => each.Options.DryRun))
            return new PlannedMany(many.Plans, failOnChange: false);
        try
        {
            await many.ConfirmAsync(context.Confirmation, cancellationToken).ConfigureAwait(false);
        }
        catch (EcsReleaseException unconfirmed)
        {
            return Recorded(many.RecordsOf(unconfirmed));
        }
        context.OnCancel = () => many.WhatGoesOn;
        return Recorded(await many.RunAsync(PublisherOf, cancellationToken).ConfigureAwait(false));

        IPublisher PublisherOf(WantedRelease wanted) => new DotnetPublisher(
            services.First(each => each.Project.Info.ProjectFile == wanted.Project.ProjectFile).Project, wanted.Options.Architecture, context.Reporter, context.IsVerbose);

        ReleasedMany Recorded(IReadOnlyList<ReleaseRecord> records)
        {
            ReleaseReport.Write(records, many.Written, context.Reporter.Warn);
            return new ReleasedMany(records);
        }
    }
}
