using System.CommandLine;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release rollback`: brings an earlier release back.</summary>
internal static class RollbackCommand
{
    public static Command Create()
    {
        var command = new Command("rollback", """
            Go back to an earlier release with one update, and wait as deploy does. Without a name: to the last release before the live one that ended well, or, while a deployment is in progress, undo that one. A deployment that was rolled back already is not undone again: to go further back, name the release. EcsBeforeDeploy and EcsAfterDeploy do not run. With --service no project is needed.
            Example: ecs-release rollback
            Example: ecs-release rollback 3f2a91c --service orders --cluster production
            """);
        var flags = OptionFlags.OfRollback();
        var wanted = new Argument<string?>("COMMIT|REVISION|DIGEST")
        {
            Description = "the release: a commit (its first digits, a branch, a tag, HEAD~1), a revision (7, orders:7, its ARN), or an image digest (sha256:…)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        wanted.Validators.Add(flags.RefuseUnknown);
        command.Add(wanted);
        var dryRun = new Option<bool>("--dry-run") { Description = "show to which release it would go and what is taken back; change nothing" };
        command.Add(dryRun);
        var stopFirst = new Option<bool>("--stop-first") { Description = "stop a deployment in progress by a rollback before going to the named release, whatever --on-conflict says" };
        command.Add(stopFirst);
        var confirmation = Confirmation.AddTo(command);
        var service = ServiceArguments.AddWithProjectFlagTo(command, flags);
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, async (context, token) =>
        {
            var meant = await service.ReadAsync(parsed, context.Reporter, token).ConfigureAwait(false);
            context.Meant = (meant.Options, meant.Name);
            var rollback = new Rollback(meant.Options, meant.Name, parsed.GetValue(wanted), meant.Target, context.Reporter, TimeProvider.System)
            {
                StopFirst = parsed.GetValue(stopFirst),
                Confirm = (plan, asked) => confirmation.RequireAsync(parsed, context, meant.Options, meant.Name, RollbackText.Summary(plan), [], asked),
                Directory = meant.Project?.Directory ?? Directory.GetCurrentDirectory(),
            };
            return parsed.GetValue(dryRun) || meant.Options.DryRun
                ? new RollbackPlanned(await rollback.PlanAsync(token).ConfigureAwait(false))
                : await Acting.RunAsync(meant, context, rollback.RunAsync, token, isRollback: true).ConfigureAwait(false);
        }, cancellationToken));
        return command;
    }
}
