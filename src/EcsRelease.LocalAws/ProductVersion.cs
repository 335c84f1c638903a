using System.Reflection;

namespace EcsRelease.LocalAws;

internal static class ProductVersion
{
    public static string Informational { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
