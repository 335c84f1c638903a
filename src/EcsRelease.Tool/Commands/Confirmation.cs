using System.CommandLine;

namespace EcsRelease.Tool.Commands;

/// <summary>`--yes` beside EcsConfirm: what every verb has in common that changes a service.</summary>
internal sealed class Confirmation
{
    private readonly Option<bool> yes = new("--yes", "-y") { Description = "do not ask (EcsConfirm): it was agreed to" };

    private Confirmation()
    {
    }

    public static Confirmation AddTo(Command command)
    {
        var confirmation = new Confirmation();
        command.Add(confirmation.yes);
        return confirmation;
    }

    /// <summary>The options, without EcsConfirm where the command line agrees.</summary>
    public ReleaseOptions Applied(ParseResult parsed, ReleaseOptions options) => parsed.GetValue(yes) ? options with { Confirm = false } : options;

    /// <summary>For verbs that have no plan: asks where EcsConfirm is set and the command line does not agree.</summary>
    /// <param name="action">What the verb is about to do, one line without a stop: `Roll orders back to orders:6 (3f2a91c2ab12)`.</param>
    /// <param name="lines">More of it, for the terminal.</param>
    /// <exception cref="EcsReleaseException">ECSR5225, 5226.</exception>
    public Task RequireAsync(ParseResult parsed, VerbContext context, ReleaseOptions options, string service, string action, IReadOnlyList<string> lines, CancellationToken cancellationToken) =>
        Applied(parsed, options).Confirm
            ? new ConfirmationQuestion([action + ":", .. lines], action, service, "Agree to it on the command line: --yes").RequireAsync(context.Confirmation, cancellationToken)
            : Task.CompletedTask;
}
