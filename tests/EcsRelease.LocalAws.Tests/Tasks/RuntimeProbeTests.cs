using EcsRelease.LocalAws.Tasks;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Tasks;

/// <summary>Where unshare(1) is missing, forbidden or of no use, `isolated` is not picked and the server starts all the same.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public sealed class RuntimeProbeTests
{
    [Test]
    public async Task A_missing_unshare_is_no_isolation() => (await ProbeAsync(_ => { })).Should().BeFalse();

    [Test]
    public async Task An_unshare_that_may_not_be_executed_is_no_isolation() =>
        (await ProbeAsync(path => File.WriteAllText(path, "#!/bin/sh\n"))).Should().BeFalse();

    [Test]
    public async Task An_unshare_that_is_denied_is_no_isolation() => (await ProbeAsync(path =>
    {
        File.WriteAllText(path, "#!/bin/sh\necho unshare failed: Operation not permitted >&2\nexit 1\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    })).Should().BeFalse();

    private static async Task<bool> ProbeAsync(Action<string> prepare)
    {
        using var folder = new TemporaryFolder();
        var unshare = Path.Combine(folder.Path, "unshare");
        prepare(unshare);
        return await IsolatedRuntime.WorksAsync(folder.Path, unshare, CancellationToken.None);
    }
}
