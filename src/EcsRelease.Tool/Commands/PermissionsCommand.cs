using System.CommandLine;
using EcsRelease.Aws.Targets;
using EcsRelease.Permissions;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release permissions`: the IAM policy that a project's releases need, and no more.</summary>
internal static class PermissionsCommand
{
    public static Command Create()
    {
        var command = new Command("permissions", """
            Print the least IAM policy for the releases of this project, with the options that it uses. With --account and --region AWS is not asked.
            Example: ecs-release permissions --account 123456789012 --region eu-west-1
            Example: ecs-release permissions --for prune > prune-policy.json
            """);
        var purpose = new Option<PolicyPurpose>("--for")
        {
            Description = "what the policy allows; prune reads the whole account, and takes revisions and images away",
            HelpName = "release|prune|all",
            DefaultValueFactory = _ => PolicyPurpose.Release,
        };
        purpose.AcceptOnlyFromAmong("release", "prune", "all");
        command.Options.Add(purpose);
        var project = ProjectArguments.AddTo(command, OptionFlags.OfPlan());
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(
            parsed, output, (context, token) => RunAsync(parsed, project, parsed.GetValue(purpose), context, token), cancellationToken));
        return command;
    }

    private static async Task<IVerbResult> RunAsync(ParseResult parsed, ProjectArguments arguments, PolicyPurpose purpose, VerbContext context, CancellationToken cancellationToken)
    {
        var (options, project) = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
        context.Meant = (options, options.Service ?? ReleaseNames.Kebab(project.Info.AssemblyName));
        var target = ReleaseTargets.For(options, project.Info, TimeProvider.System, context.Reporter);
        return new Granted(await new LeastPrivilege(options, project.Info, target, purpose).ReadAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The policy is a document already: --json prints the same.</summary>
    private sealed class Granted(NeededPolicy policy) : IVerbResult
    {
        public int ExitCode => 0;

        public string ToJson() => PolicyDocuments.Indented(policy.Document);

        public void Print(IAnsiConsole results, IAnsiConsole failures)
        {
            // With --json it is out already. It goes past the console, which would break long ARNs on a terminal.
            if (!ReferenceEquals(results, failures))
                results.Profile.Out.Writer.WriteLine(ToJson());
            foreach (var warning in policy.Warnings)
                failures.WriteLine($"warning {warning.Code}: {warning.Message}");
        }
    }
}
