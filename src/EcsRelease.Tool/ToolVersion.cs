using System.Reflection;

namespace EcsRelease.Tool;

internal static class ToolVersion
{
    /// <summary>The version of the package, with the commit it was built from.</summary>
    public static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
