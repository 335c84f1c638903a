namespace EcsRelease.Images;

/// <summary>What the image starts (Entrypoint and Cmd of its config).</summary>
internal sealed record EntryPoint(IReadOnlyList<string> Entrypoint, IReadOnlyList<string> Cmd)
{
    /// <summary>The .NET SDK's rule (dotnet/sdk, ImageBuilder.DetermineEntrypointAndCmd): the app is the entrypoint, or
    /// the default arguments when the project sets an entrypoint of its own, or absent with `None`.</summary>
    /// <exception cref="EcsReleaseException">ECSR3012.</exception>
    public static EntryPoint Of(ContainerSettings settings, IReadOnlyList<string> baseEntrypoint, IReadOnlyList<string> baseCmd)
    {
        var setsEntrypoint = settings.Entrypoint.Count > 0 || settings.EntrypointArgs.Count > 0;
        var instruction = settings.AppCommandInstruction.Length > 0 ? settings.AppCommandInstruction
            : setsEntrypoint ? "DefaultArgs"
            : "Entrypoint";
        var isLegacy = settings.AppCommandInstruction.Length == 0 && settings.Entrypoint.Count == 0 && settings.EntrypointArgs.Count > 0
            && settings.DefaultArgs.Count == 0 && settings.AppCommandArgs.Count == 0;
        // Projects from before ContainerAppCommand gave the app's arguments as ContainerEntrypointArgs.
        if (isLegacy)
            return new EntryPoint(settings.AppCommand, settings.EntrypointArgs);
        if (settings.EntrypointArgs.Count > 0 && settings.Entrypoint.Count == 0)
            throw Errors.BadContainerSetting("ContainerEntrypointArgs", "is set without ContainerEntrypoint; arguments of the app go to ContainerAppCommandArgs, default ones to ContainerDefaultArgs");
        if (settings.AppCommandArgs.Count > 0 && settings.AppCommand.Count == 0)
            throw Errors.BadContainerSetting("ContainerAppCommandArgs", "is set without ContainerAppCommand");
        return instruction.ToUpperInvariant() switch
        {
            "ENTRYPOINT" when setsEntrypoint => throw Errors.BadContainerSetting("ContainerEntrypoint",
                "conflicts with ContainerAppCommandInstruction 'Entrypoint', which makes the app the entrypoint; use 'DefaultArgs' or 'None'"),
            "ENTRYPOINT" => new EntryPoint([.. settings.AppCommand, .. settings.AppCommandArgs], settings.DefaultArgs),
            "DEFAULTARGS" => OnBase(settings, [.. settings.AppCommand, .. settings.AppCommandArgs, .. settings.DefaultArgs], baseEntrypoint, []),
            "NONE" when settings.AppCommand.Count > 0 || settings.AppCommandArgs.Count > 0 => throw Errors.BadContainerSetting("ContainerAppCommand",
                "is set but ContainerAppCommandInstruction 'None' leaves it out; remove one of them"),
            "NONE" => OnBase(settings, settings.DefaultArgs, baseEntrypoint, baseCmd),
            _ => throw Errors.BadContainerSetting("ContainerAppCommandInstruction", $"'{settings.AppCommandInstruction}' is none of Entrypoint, DefaultArgs, None"),
        };
    }

    private static EntryPoint OnBase(ContainerSettings settings, IReadOnlyList<string> cmd, IReadOnlyList<string> baseEntrypoint, IReadOnlyList<string> baseCmd)
    {
        if (settings.Entrypoint.Count > 0)
            return new EntryPoint([.. settings.Entrypoint, .. settings.EntrypointArgs], cmd);
        // Old Microsoft images have the entrypoint `dotnet`: the app's own command names it again.
        IReadOnlyList<string> inherited = baseEntrypoint is ["dotnet"] or ["/usr/bin/dotnet"] ? [] : baseEntrypoint;
        return new EntryPoint(inherited, cmd.Count > 0 ? cmd : baseCmd);
    }
}
