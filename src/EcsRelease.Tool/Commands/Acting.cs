using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>A verb that acts on the deployment in progress and follows it: what continue and rollback have in common.</summary>
internal static class Acting
{
    public static async Task<IVerbResult> RunAsync(MeantService meant, VerbContext context, Func<CancellationToken, Task<ReleaseRecord>> verb, CancellationToken cancellationToken)
    {
        context.Meant = (meant.Options, meant.Name);
        context.OnCancel = () => context.Reporter.Current is null or < ReleaseStep.Update
            ? "Nothing was changed."
            : $"It may have been asked for; ECS goes on with the deployment. Follow it: {FollowCommand.For(meant.Options, meant.Name)}";
        var record = await verb(cancellationToken).ConfigureAwait(false);
        ReleaseReport.Write(record, meant.Options, meant.Project, context.Reporter.Warn);
        return new Released(record);
    }
}
