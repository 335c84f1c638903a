using System.Reflection;

namespace EcsRelease.Aws;

/// <summary>The version of this engine, e.g. `1.2.3-beta.4`, without build metadata.</summary>
public static class EngineVersion
{
    public static string Current { get; } =
        (typeof(EngineVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+')[0];
}
