using System.Reflection;

namespace EcsRelease.Aws;

/// <summary>The version of this engine as its package has it, e.g. `1.2.3` or `1.2.3-g6bc48fe3bf`.</summary>
public static class EngineVersion
{
    public static string Current { get; } =
        typeof(EngineVersion).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "PackageVersion").Value!;
}
