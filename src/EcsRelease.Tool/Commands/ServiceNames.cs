using System.Text.RegularExpressions;

namespace EcsRelease.Tool.Commands;

/// <summary>Tells names of services from paths of projects where a verb takes both.</summary>
internal static partial class ServiceNames
{
    /// <summary>Names that ECS takes; a path has a slash or a dot.</summary>
    public static bool IsOne(string text) => Name().IsMatch(text);

    /// <summary>Each once, with the one of --service.</summary>
    /// <exception cref="EcsReleaseException">ECSR1002: one of them is a path.</exception>
    public static IReadOnlyList<string> Several(IReadOnlyList<string> given, ReleaseOptions options)
    {
        string[] services = [.. given.Append(options.Service).OfType<string>().Distinct(StringComparer.Ordinal)];
        return services.FirstOrDefault(name => !IsOne(name)) is { } wrong
            ? throw Errors.BadValue("SERVICE", wrong, "the name of a service; a project is given alone")
            : services;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,255}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
