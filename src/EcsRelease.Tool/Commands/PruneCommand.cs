using System.CommandLine;
using EcsRelease.Aws.Targets;
using EcsRelease.Pruning;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release prune`: takes away revisions and images that nothing needs.</summary>
internal static class PruneCommand
{
    private static readonly PruneRules Defaults = new();

    public static Command Create()
    {
        var command = new Command("prune",
            "Show which task definition revisions nothing needs, and with --yes deregister them. Kept is what a service, a deployment of the last 90 days, a task, a rule or a schedule of the region refers to, and the newest ones. "
            + "With --images the images that only such revisions named go as well. With --service or --task-family no project is needed.\n"
            + "Example: ecs-release prune --service orders\n"
            + "Example: ecs-release prune --service orders --images --keep 20 --yes");
        var service = ServiceArguments.AddTo(command, OptionFlags.OfPrune());
        var keep = new Option<int>("--keep") { Description = "how many of the newest revisions, and of the newest commits, are kept", HelpName = "N", DefaultValueFactory = _ => Defaults.Keep };
        var keepDays = new Option<int>("--keep-days") { Description = "what is younger than this is kept, too", HelpName = "DAYS", DefaultValueFactory = _ => Defaults.KeepDays };
        var images = new Option<bool>("--images") { Description = "also delete the images that only pruned revisions of this family named" };
        var delete = new Option<bool>("--delete") { Description = "also delete the revisions; else they are deregistered and can still be read" };
        var alsoCheck = new Option<string[]>("--also-check") { Description = "an account and region that may use the images of a shared repository", HelpName = "PROFILE/REGION" };
        var yes = new Option<bool>("--yes") { Description = "do it; without, nothing is changed" };
        foreach (var option in new Option[] { keep, keepDays, images, delete, alsoCheck, yes })
            command.Add(option);
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, (context, token) =>
        {
            var rules = new PruneRules
            {
                Keep = NotNegative("--keep", parsed.GetValue(keep)),
                KeepDays = NotNegative("--keep-days", parsed.GetValue(keepDays)),
                Images = parsed.GetValue(images),
                Delete = parsed.GetValue(delete),
                Act = parsed.GetValue(yes),
            };
            return RunAsync(parsed, service, rules, [.. (parsed.GetValue(alsoCheck) ?? []).Select(Place)], context, token);
        }, cancellationToken));
        return command;
    }

    private static async Task<IVerbResult> RunAsync(
        ParseResult parsed, ServiceArguments arguments, PruneRules rules, IReadOnlyList<PlaceToCheck> places, VerbContext context, CancellationToken cancellationToken)
    {
        var meant = arguments.ReadFlags(parsed, context.Reporter);
        if (meant.Options.TaskFamily is null || arguments.NamesProject(parsed))
            meant = await arguments.ReadAsync(parsed, context.Reporter, cancellationToken).ConfigureAwait(false);
        context.Meant = (meant.Options, meant.Name);
        var prune = new Prune(meant.Options, meant.Name, rules, places, Elsewhere, meant.Target, context.Reporter, TimeProvider.System);
        context.OnCancel = () => prune.WhatIsLeft;
        return new Pruned(await prune.RunAsync(cancellationToken).ConfigureAwait(false), rules.Act);

        // A profile stands for itself: neither the role nor the account of the release is meant there.
        IReleaseTarget Elsewhere(PlaceToCheck place) => ReleaseTargets.For(
            meant.Options with { Profile = place.Profile, Region = place.Region, RoleArn = null, Account = null, Repository = null, EcrProfile = null, EcrRoleArn = null },
            meant.Project, TimeProvider.System, context.Reporter);
    }

    private static int NotNegative(string flag, int value) =>
        value >= 0 ? value : throw Errors.BadValue(flag, value.ToString(System.Globalization.CultureInfo.InvariantCulture), "0 or more");

    private static PlaceToCheck Place(string text) =>
        text.LastIndexOf('/') is var slash and > 0 && slash < text.Length - 1
            ? new(text[..slash], text[(slash + 1)..])
            : throw Errors.BadValue("--also-check", text, "PROFILE/REGION, e.g. staging/eu-west-1");
}
