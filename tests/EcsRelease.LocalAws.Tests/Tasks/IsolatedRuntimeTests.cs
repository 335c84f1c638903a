using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.LocalAws.Images;
using EcsRelease.LocalAws.Tasks;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Tasks;

/// <summary>The runtime `isolated` with an image that holds this machine's shell: its own files, processes, user, signals and exit codes.</summary>
[TestFixture]
[SupportedOSPlatform("linux")]
public sealed partial class IsolatedRuntimeTests
{
    private TemporaryFolder _folder = null!;
    private IsolatedRuntime _runtime = null!;
    private StartedProcesses _started = null!;
    private ConcurrentQueue<string> _lines = null!;
    private string _victim = null!;

    [SetUp]
    public async Task Prepare()
    {
        _folder = new TemporaryFolder();
        _lines = [];
        Directory.CreateDirectory(Path.Combine(_folder.Path, "probe"));
        if (!await IsolatedRuntime.WorksAsync(Path.Combine(_folder.Path, "probe"), IsolatedRuntime.Unshare, CancellationToken.None))
            Assert.Ignore("unshare, mounts or overlay file systems are missing or denied here.");
        _victim = Directory.CreateDirectory(_folder.In("victim"), OwnerOnly).FullName;
        File.WriteAllText(Path.Combine(_victim, "hosts"), "mine");
        await UseImageAsync();
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
    public async Task Its_memory_is_seen_with_that_of_its_children_and_its_kill_is_told()
    {
        var process = await StartAsync("echo ready; sh -c 'x=x; i=0; while [ $i -lt 25 ]; do x=$x$x; i=$((i+1)); done; while :; do sleep 0.05; done'");
        await Eventually.TrueAsync(() => process.MemoryInUse() > 32 * 1024 * 1024);
        process.KillForMemory();

        (await process.Exited).Should().Be(137);
        (process.OutOfMemory, process.MemoryInUse()).Should().Be((true, 0));
    }

    [Test]
    public async Task Processes_of_a_killed_server_are_ended_at_the_next_start()
    {
        var process = await StartAsync("echo ready; while :; do sleep 0.05; done");
        await Eventually.TrueAsync(() => _lines.Contains("ready"));
        _started.KillLeftovers();

        (await process.Exited).Should().Be(137);
    }

    [TestCase("etc")]
    [TestCase("proc")]
    [TestCase("dev")]
    public async Task A_folder_of_the_image_that_is_a_link_leads_to_nothing_on_this_machine(string name)
    {
        await UseImageAsync(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = _victim });

        await (await StartAsync("test -e /etc/hosts && echo hosts; : > /tmp/written && : > /dev/null && read up < /proc/uptime && echo works")).Exited;

        _lines.Should().Equal("hosts", "works");
        TheVictimIsUntouched();
    }

    /// <summary>Here the folder that the link means on this machine lies under /tmp, so in the image the link means itself.</summary>
    [Test]
    public async Task A_link_that_goes_in_circles_is_told_and_changes_nothing_on_this_machine()
    {
        await UseImageAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "tmp") { LinkName = "/tmp/" + Path.GetRelativePath("/tmp", _victim) });

        await FluentActions.Awaiting(() => StartAsync("echo ran")).Should().ThrowAsync<InvalidDataException>().WithMessage("too many symbolic links in 'tmp'");

        TheVictimIsUntouched();
    }

    [TestCase("dev", "proc/1/root")]
    [TestCase("etc", "proc/1/root")]
    [TestCase("tmp", "dev/../proc/1/root")]
    public async Task A_link_through_proc_leads_to_nothing_on_this_machine(string name, string through)
    {
        await UseImageAsync(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = through + _victim });

        await (await StartAsync("echo ran")).Exited;

        _lines.Should().Equal("ran");
        TheVictimIsUntouched();
    }

    [Test]
    public async Task An_etc_that_is_a_link_inside_of_the_image_keeps_what_it_holds()
    {
        await UseImageAsync(
            new PaxTarEntry(TarEntryType.RegularFile, "usr/etc/app.conf") { DataStream = new MemoryStream("x"u8.ToArray()) },
            new PaxTarEntry(TarEntryType.SymbolicLink, "etc") { LinkName = "usr/etc" });

        await (await StartAsync("test -e /etc/app.conf && test -e /etc/hosts && echo both")).Exited;

        _lines.Should().Equal("both");
    }

    [Test]
    public async Task A_working_directory_never_leaves_the_image()
    {
        await UseImageAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "out") { LinkName = _victim });

        await (await StartAsync("echo dots", "/../../../../../../../../../.." + _victim + "/made")).Exited;
        await (await StartAsync("echo link", "/out/made")).Exited;
        await (await StartAsync("pwd", "work/./deep/..")).Exited;

        _lines.Should().Equal("dots", "link", "/work");
        TheVictimIsUntouched();
    }

    private static UnixFileMode OwnerOnly => UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private void TheVictimIsUntouched()
    {
        File.GetUnixFileMode(_victim).Should().Be(OwnerOnly);
        Directory.GetFileSystemEntries(_victim).Should().Equal(Path.Combine(_victim, "hosts"));
        File.ReadAllText(Path.Combine(_victim, "hosts")).Should().Be("mine");
    }

    /// <summary>The image with a shell, and more entries after it.</summary>
    private async Task UseImageAsync(params TarEntry[] more)
    {
        var settings = new LocalAwsSettings { Folder = _folder.In(Guid.NewGuid().ToString("N")) };
        _started = new StartedProcesses(settings);
        _runtime = new IsolatedRuntime(new ImageRoots(new ShellImage(await ShellLayerAsync(more)), settings), _started);
    }

    private async Task<IContainerProcess> StartAsync(string script, string workingDirectory = "/work")
    {
        var image = await _runtime.PullAsync("shell", CpuArchitecture.Host, CancellationToken.None);
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, Guid.NewGuid().ToString("N"))).FullName;
        var environment = new Dictionary<string, string> { ["PATH"] = "/bin", ["GREETING"] = "hello" };
        return _runtime.Start(new ContainerStart(image, ["sh", "-c", script], workingDirectory, "0", environment, folder, _lines.Enqueue));
    }

    private static async Task<byte[]> ShellLayerAsync(IEnumerable<TarEntry> more)
    {
        var files = new Dictionary<string, string> { ["/bin/sh"] = "/bin/sh", ["/bin/sleep"] = "/bin/sleep" };
        foreach (var program in files.Keys.ToList())
        {
            var closure = await Command.RunAsync("ldd", [program]);
            foreach (Match library in LibraryPath().Matches(closure.Output))
                files[library.Value] = library.Value;
        }
        var shell = files.Select(file => new PaxTarEntry(TarEntryType.RegularFile, file.Key[1..])
        {
            DataStream = new MemoryStream(File.ReadAllBytes(file.Value)),
            Mode = (UnixFileMode)0b111_101_101,
        });
        return TestImage.Tar(shell.Concat(more));
    }

    [GeneratedRegex(@"/\S+\.so\S*")]
    private static partial Regex LibraryPath();

    private sealed class ShellImage(byte[] layer) : IImageStore
    {
        public string RegistryHost => "";

        public string DigestOf(string reference) => "sha256:shell";

        public StoredImage Resolve(string reference, string architecture) => new("sha256:shell", "sha256:shell", new JsonObject { ["config"] = new JsonObject() }, [new StoredLayer("layer", "layer", "application/vnd.oci.image.layer.v1.tar", layer.Length)]);

        public Stream OpenBlob(string digest) => new MemoryStream(layer);
    }
}
