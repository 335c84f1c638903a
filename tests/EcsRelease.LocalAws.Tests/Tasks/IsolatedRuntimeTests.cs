using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.LocalAws.Images;
using EcsRelease.LocalAws.Tasks;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Tasks;

/// <summary>The runtime `isolated` with an image that holds this machine's shell: its own files, processes, user, signals and exit codes.</summary>
[TestFixture]
public sealed partial class IsolatedRuntimeTests
{
    private TemporaryFolder _folder = null!;
    private IsolatedRuntime _runtime = null!;
    private StartedProcesses _started = null!;
    private ConcurrentQueue<string> _lines = null!;

    [SetUp]
    public async Task Prepare()
    {
        _folder = new TemporaryFolder();
        _lines = [];
        Directory.CreateDirectory(Path.Combine(_folder.Path, "probe"));
        if (!await IsolatedRuntime.WorksAsync(Path.Combine(_folder.Path, "probe"), IsolatedRuntime.Unshare, CancellationToken.None))
            Assert.Ignore("unshare, mounts or overlay file systems are missing or denied here.");
        var settings = new LocalAwsSettings { Folder = _folder.Path };
        _started = new StartedProcesses(settings);
        _runtime = new IsolatedRuntime(new ImageRoots(new ShellImage(await ShellLayerAsync()), settings), _started);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public async Task The_program_is_alone_in_its_root_with_its_user_and_environment()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "secret"), "x");
        var process = await StartAsync($"echo pid $$; echo see /*; test -e {_folder.Path}/secret && echo leak; echo $GREETING; : > /work/mine && echo written; : < /dev/urandom && echo random");

        (await process.Exited).Should().Be(0);
        _lines.Should().Contain(["pid 1", "hello", "written", "random"]).And.NotContain("leak");
        _lines.Should().Contain(line => line.StartsWith("see ", StringComparison.Ordinal) && !line.Contains("/home", StringComparison.Ordinal));
    }

    [Test]
    public async Task What_one_task_writes_no_other_sees()
    {
        await (await StartAsync(": > /work/mine")).Exited;
        await (await StartAsync("test -e /work/mine && echo seen || echo clean")).Exited;

        _lines.Should().Equal("clean");
    }

    [TestCase("exit 7", 7)]
    [TestCase("sh -c 'kill -9 $$'; exit $?", 137)]
    public async Task Exit_codes_arrive(string script, int code) => (await (await StartAsync(script)).Exited).Should().Be(code);

    [Test]
    public async Task SIGTERM_reaches_the_program_and_SIGKILL_ends_it()
    {
        var polite = await StartAsync("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done");
        await Eventually.TrueAsync(() => _lines.Contains("ready"));
        polite.Terminate();
        (await polite.Exited).Should().Be(3);
        _lines.Should().Contain("bye");

        var stubborn = await StartAsync("trap '' TERM; echo stubborn; while :; do sleep 0.05; done");
        await Eventually.TrueAsync(() => _lines.Contains("stubborn"));
        stubborn.Terminate();
        stubborn.Kill();
        (await stubborn.Exited).Should().Be(137);
    }

    [Test]
    public async Task A_health_check_runs_inside()
    {
        var process = await StartAsync(": > /work/up; echo ready; while :; do sleep 0.05; done");
        await Eventually.TrueAsync(() => _lines.Contains("ready"));

        (await process.RunAsync(["/bin/sh", "-c", "test -e /work/up"], CancellationToken.None)).Should().Be(0);
        (await process.RunAsync(["/bin/sh", "-c", "test -e /work/down"], CancellationToken.None)).Should().Be(1);
        process.Kill();
        await process.Exited;
    }

    [Test]
    public async Task Processes_of_a_killed_server_are_ended_at_the_next_start()
    {
        var process = await StartAsync("echo ready; while :; do sleep 0.05; done");
        await Eventually.TrueAsync(() => _lines.Contains("ready"));
        _started.KillLeftovers();

        (await process.Exited).Should().Be(137);
    }

    private async Task<IContainerProcess> StartAsync(string script)
    {
        var image = await _runtime.PullAsync("shell", CancellationToken.None);
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, Guid.NewGuid().ToString("N"))).FullName;
        var environment = new Dictionary<string, string> { ["PATH"] = "/bin", ["GREETING"] = "hello" };
        return _runtime.Start(new ContainerStart(image, ["sh", "-c", script], "/work", "0", environment, folder, _lines.Enqueue));
    }

    private static async Task<byte[]> ShellLayerAsync()
    {
        var files = new Dictionary<string, string> { ["/bin/sh"] = "/bin/sh", ["/bin/sleep"] = "/bin/sleep" };
        foreach (var program in files.Keys.ToList())
        {
            var closure = await Command.RunAsync("ldd", [program]);
            foreach (Match library in LibraryPath().Matches(closure.Output))
                files[library.Value] = library.Value;
        }
        return TestImage.Tar(files.Select(file => new PaxTarEntry(TarEntryType.RegularFile, file.Key[1..])
        {
            DataStream = new MemoryStream(File.ReadAllBytes(file.Value)),
            Mode = (UnixFileMode)0b111_101_101,
        }));
    }

    [GeneratedRegex(@"/\S+\.so\S*")]
    private static partial Regex LibraryPath();

    private sealed class ShellImage(byte[] layer) : IImageStore
    {
        public string RegistryHost => "";

        public StoredImage Resolve(string reference) => new("sha256:shell", "sha256:shell", new JsonObject { ["config"] = new JsonObject() }, [new StoredLayer("layer", "layer", "application/vnd.oci.image.layer.v1.tar", layer.Length)]);

        public Stream OpenBlob(string digest) => new MemoryStream(layer);
    }
}
