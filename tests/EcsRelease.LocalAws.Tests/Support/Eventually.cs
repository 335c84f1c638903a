using System.Diagnostics;

namespace EcsRelease.LocalAws.Tests.Support;

internal static class Eventually
{
    /// <summary>Waits for the condition, at most 30 s.</summary>
    public static async Task TrueAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30), "the condition should come true");
            await Task.Delay(20);
        }
    }
}
