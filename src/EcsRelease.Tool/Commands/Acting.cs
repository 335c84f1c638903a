using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>A verb that acts on the deployment in progress and follows it: what continue, rollback and stop have in common.</summary>
internal static class Acting
{
    public static async Task<IVerbResult> RunAsync(MeantService meant, VerbContext context, Func<CancellationToken, Task<ReleaseRecord>> verb, CancellationToken cancellationToken, bool isRollback = false)
    {
        context.Meant = (meant.Options, meant.Name);
        context.OnCancel = () => context.Reporter.Current is null or < ReleaseStep.Update
            ? "Nothing was changed."
            : $"It may have been asked for; ECS goes on with the deployment. Follow it: {FollowCommand.For(meant.Options, meant.Name)}";
        try
        {
            return Reported(await verb(cancellationToken).ConfigureAwait(false));
        }
        catch (EcsReleaseException error)
        {
            var failure = new Failure(error, context.Meant);
            Reported(failure.Record);
            return failure;
        }

        Released Reported(ReleaseRecord record)
        {
            ReleaseReport.Write(record, meant.Options, meant.Project, context.Reporter.Warn);
            return new(record, isRollback);
        }
    }
}
