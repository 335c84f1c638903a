using System.Globalization;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>The task sizes of Fargate: cpu units and the memory in MiB that each allows
/// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html).</summary>
internal static class FargateSizes
{
    public static bool Fits(string? cpu, string? memory)
    {
        if (!int.TryParse(cpu, NumberStyles.None, CultureInfo.InvariantCulture, out var units)
            || !int.TryParse(memory, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            return false;
        return units switch
        {
            256 => size is 512 or 1024 or 2048,
            512 => Stepped(1024, 4096, 1024),
            1024 => Stepped(2048, 8192, 1024),
            2048 => Stepped(4096, 16384, 1024),
            4096 => Stepped(8192, 30720, 1024),
            8192 => Stepped(16384, 61440, 4096),
            16384 => Stepped(32768, 122880, 8192),
            _ => false,
        };

        bool Stepped(int from, int to, int step) => size >= from && size <= to && (size - from) % step == 0;
    }
}
