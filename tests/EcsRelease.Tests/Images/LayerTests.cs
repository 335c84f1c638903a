using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using EcsRelease.Images;

namespace EcsRelease.Tests.Images;

[Parallelizable(ParallelScope.All)]
public class LayerTests
{
    // Made with .NET 10.0.12 on linux-x64. Another digest means that every layer of every user is pushed again.
    private const string GoldenDiffId = "sha256:98df644943a00152e32c58c627f45cf11e17ecaf93819a00a56a6bcadc95b896";
    private const string GoldenDigest = "sha256:4f433aaa4c9e8f231dae74cf6d514607c3224490be1d852dbf94bd135b62595e";

    [Test]
    public async Task The_golden_layer_has_the_digest_it_always_had()
    {
        using var target = new MemoryStream();

        var result = await GzipLayer.WriteAsync(TarLayer.Order(Golden()), target, default);

        (result.DiffId, result.Digest).Should().Be((GoldenDiffId, GoldenDigest));
    }

    [Test]
    public async Task The_order_in_which_files_are_found_does_not_matter()
    {
        var forward = await TarLayer.DiffIdAsync(TarLayer.Order(Golden()), default);
        var backward = await TarLayer.DiffIdAsync(TarLayer.Order(Golden().Reverse()), default);

        backward.Should().Be(forward);
    }

    [Test]
    public async Task A_tar_reader_finds_everything_again()
    {
        var longName = "app/" + new string('n', 300) + "/übung.txt";
        using var target = new MemoryStream();
        LayerEntry[] entries = [LayerEntry.File(longName, "text"u8.ToArray()), LayerEntry.Link("bin", "usr/bin"), LayerEntry.Directory("tmp") with { Mode = (UnixFileMode)0b1_111_111_111, Owner = 1654 }];

        await GzipLayer.WriteAsync(TarLayer.Order(entries), target, default);

        target.Position = 0;
        using var reader = new TarReader(new GZipStream(target, CompressionMode.Decompress));
        var found = new List<TarEntry>();
        while (await reader.GetNextEntryAsync(copyData: true) is { } entry)
            found.Add(entry);
        found.Select(entry => entry.Name).Should().Equal("app/", "app/" + new string('n', 300) + "/", "bin", "tmp/", longName);
        found.Should().OnlyContain(entry => entry.ModificationTime == LayerEntry.FixedTime);
        new StreamReader(found[4].DataStream!).ReadToEnd().Should().Be("text");
        found[2].LinkName.Should().Be("usr/bin");
        ((int)found[3].Mode, found[3].Uid, found[3].Gid).Should().Be((0b1_111_111_111, 1654, 1654));
    }

    [Test]
    public async Task What_files_of_one_kind_have_in_common_is_compressed_once()
    {
        // As symbol files and assemblies of two projects: noise that the former share, with noise of their own between.
        byte[] shared = Noise(1), first = Noise(2), second = Noise(3);
        using var target = new MemoryStream();

        await GzipLayer.WriteAsync(TarLayer.Order(
        [
            LayerEntry.File("a.dll", first), LayerEntry.File("a.pdb", shared), LayerEntry.File("b.dll", second), LayerEntry.File("b.pdb", shared),
        ]), target, default);

        target.Length.Should().BeLessThan(3 * shared.Length + 1000);

        static byte[] Noise(int seed)
        {
            var bytes = new byte[20_000];
            new Random(seed).NextBytes(bytes);
            return bytes;
        }
    }

    [Test]
    public async Task The_gzip_header_names_no_system_and_no_time()
    {
        using var target = new MemoryStream();

        await GzipLayer.WriteAsync(TarLayer.Order(Golden()), target, default);

        target.ToArray()[..10].Should().Equal(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff);
    }

    [Test]
    public async Task A_layer_is_compressed_once_and_then_found()
    {
        using var folder = new TemporaryFolder();
        var store = new LayerStore(folder.Path, TimeProvider.System);
        var first = await store.GetOrAddAsync(TarLayer.Order(Golden()), default);
        var written = File.ReadAllBytes(first.File);
        // If it were compressed again, this mark would be gone.
        written[9] = 1;
        File.WriteAllBytes(first.File, written);

        var second = await store.GetOrAddAsync(TarLayer.Order(Golden()), default);

        second.Should().Be(first);
        File.ReadAllBytes(second.File)[9].Should().Be(1);
        Directory.GetFiles(folder.Path).Should().Equal(first.File);
    }

    [Test]
    public async Task Layers_are_added_at_the_same_time_as_others()
    {
        using var folder = new TemporaryFolder();
        var store = new LayerStore(folder.Path, TimeProvider.System);

        var layers = await Task.WhenAll(Enumerable.Range(0, 200).Select(number =>
            Task.Run(() => store.GetOrAddAsync([LayerEntry.File("file", BitConverter.GetBytes(number))], default))));

        layers.Should().OnlyContain(layer => File.Exists(layer.File)).And.OnlyHaveUniqueItems(layer => layer.DiffId);
    }

    [Test]
    public async Task A_stored_layer_that_was_cut_short_is_made_again()
    {
        using var folder = new TemporaryFolder();
        var store = new LayerStore(folder.Path, TimeProvider.System);
        var first = await store.GetOrAddAsync(TarLayer.Order(Golden()), default);
        using (var file = File.OpenWrite(first.File))
            file.SetLength(5);

        var second = await store.GetOrAddAsync(TarLayer.Order(Golden()), default);

        new FileInfo(second.File).Length.Should().Be(first.Blob.Size);
    }

    [Test]
    public async Task Beyond_its_capacity_the_store_forgets_what_was_longest_not_used()
    {
        using var folder = new TemporaryFolder();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(-10));
        var store = new LayerStore(folder.Path, time, capacity: 500);
        var layers = new List<StoredLayer>();
        foreach (var name in (string[])["a", "b"])
        {
            layers.Add(await store.GetOrAddAsync([LayerEntry.File(name, Encoding.ASCII.GetBytes(name))], default));
            time.Advance(TimeSpan.FromDays(1));
            store.Find(layers[^1].DiffId);
        }
        time.Advance(TimeSpan.FromDays(1));
        store.Find(layers[0].DiffId);

        for (var index = 0; Directory.GetFiles(folder.Path).Length == index + 2; index++)
            await store.GetOrAddAsync([LayerEntry.File("more" + index, Guid.NewGuid().ToByteArray())], default);

        store.Find(layers[1].DiffId).Should().BeNull("it was used before the other");
        store.Find(layers[0].DiffId).Should().NotBeNull();
    }

    [Test]
    public async Task A_store_that_cannot_be_written_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("layers", "a file where the folder should be");

        var adding = () => new LayerStore(file, TimeProvider.System).GetOrAddAsync(TarLayer.Order(Golden()), default);

        (await adding.Should().ThrowAsync<EcsReleaseException>()).Which.Message.Should().Contain(file).And.Contain("ECS_RELEASE_HOME");
    }

    private static IEnumerable<LayerEntry> Golden()
    {
        // Text that a compressor has choices about.
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{number * 7919 % 1000:x} orders, {number * 104729 % 77} lines; "));
        yield return LayerEntry.File("app/a.txt", Encoding.ASCII.GetBytes(text));
        yield return LayerEntry.File("app/wwwroot/b.txt", Encoding.ASCII.GetBytes(text[..1000])) with { ModifiedAt = LayerEntry.FixedTime.AddSeconds(77) };
        yield return LayerEntry.Link("app/c", "a.txt");
    }
}
