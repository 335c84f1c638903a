using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Images;

/// <summary>CPU architectures by their names in images (OCI image-spec config.md): `amd64`, `arm64`.</summary>
internal static class CpuArchitecture
{
    /// <summary>This machine's.</summary>
    public static string Host => RuntimeInformation.OSArchitecture switch
    {
        Architecture.Arm64 => "arm64",
        Architecture.X64 => "amd64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>What a task definition's runtimePlatform asks for. Where it says nothing this machine's: AWS would take X86_64 on
    /// Fargate, and that of the container instance on EC2.</summary>
    public static string Of(JsonObject definition) => definition.Object("runtimePlatform")?.Text("cpuArchitecture") switch
    {
        "ARM64" => "arm64",
        "X86_64" => "amd64",
        _ => Host,
    };
}
