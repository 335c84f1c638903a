using System.CommandLine;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Commands;

/// <summary>`ecs-release scale`: how many tasks a service is to have.</summary>
internal static class ScaleCommand
{
    private const int MaxCount = 5000;

    public static Command Create()
    {
        var command = new Command("scale", """
            Set how many tasks a service is to have, and wait until they run; no deployment begins. With a service's name no project is needed.
            Example: ecs-release scale 3 orders
            Example: ecs-release scale 0 --cluster staging --service worker --no-wait
            """);
        var count = new Argument<int>("COUNT") { Description = "tasks, 0 to 5000" };
        count.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && int.TryParse(token.Value, out var number) && number is < 0 or > MaxCount)
                result.AddError($"COUNT is '{number}': expected 0 to {MaxCount}.");
        });
        var named = new Argument<string?>("SERVICE|PROJECT")
        {
            Description = "name of the service, or a project file or directory (a directory with a slash: ./orders); default the current directory",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var flags = OptionFlags.OfScale();
        named.Validators.Add(flags.RefuseUnknown);
        command.Add(count);
        command.Add(named);
        var service = ServiceArguments.AddTo(command, flags, parsed => parsed.GetValue(named) is { } text && !ServiceNames.IsOne(text) ? text : null);
        var confirmation = Confirmation.AddTo(command);
        var output = OutputOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => VerbRun.RunAsync(parsed, output, async (context, token) =>
        {
            var meant = parsed.GetValue(named) is { } text && ServiceNames.IsOne(text)
                ? Named(service.ReadFlags(parsed, context.Reporter), text)
                : await service.ReadAsync(parsed, context.Reporter, token).ConfigureAwait(false);
            context.Meant = (meant.Options, meant.Name);
            var scale = new Scale(meant.Options, meant.Name, parsed.GetValue(count), meant.Target, context.Reporter, TimeProvider.System)
            {
                Confirm = (action, asked) => confirmation.RequireAsync(parsed, context, meant.Options, meant.Name, action, [], asked),
            };
            context.OnCancel = () => scale.WhatGoesOn;
            return new Scaled(await scale.RunAsync(token).ConfigureAwait(false));
        }, cancellationToken));
        return command;
    }

    private static MeantService Named(MeantService flags, string name) => flags.Name.Length == 0 || flags.Name == name
        ? flags with { Name = name }
        : throw Errors.OptionsConflict($"'{name}'", "--service", "each names a service");
}
