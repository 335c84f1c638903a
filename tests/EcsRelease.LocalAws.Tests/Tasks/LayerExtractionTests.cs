using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using EcsRelease.LocalAws.Images;
using EcsRelease.LocalAws.Tasks;

namespace EcsRelease.LocalAws.Tests.Tasks;

/// <summary>OCI image-spec layer.md: changes, whiteouts and opaque folders; and nothing ever outside of the root.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LayerExtractionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("layers-").FullName;

    private string Root => Path.Combine(_folder, "root");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Later_layers_replace_and_remove_what_earlier_ones_have()
    {
        Extract([File("a/kept", "1"), File("a/gone", "1"), File("a/changed", "1")], [File("a/changed", "2"), File("a/.wh.gone", "")]);

        Files().Should().BeEquivalentTo("a/changed", "a/kept");
        System.IO.File.ReadAllText(Path.Combine(Root, "a/changed")).Should().Be("2");
    }

    [Test]
    public void An_opaque_folder_hides_lower_layers_but_not_its_own_whatever_the_order()
    {
        Extract([File("a/old", "1"), File("a/deep/old", "1")], [File("a/new", "2"), File("a/deep/new", "2"), File("a/.wh..wh..opq", "")]);

        Files().Should().BeEquivalentTo("a/deep/new", "a/new");
    }

    [Test]
    public void A_folder_becomes_a_file_and_back()
    {
        Extract([File("a/b", "1")], [File("a", "2")], [File("a/c", "3")]);

        Files().Should().BeEquivalentTo("a/c");
    }

    [Test]
    public void Modes_and_links_are_kept()
    {
        Extract([
            new PaxTarEntry(TarEntryType.RegularFile, "bin/tool") { DataStream = Bytes("x"), Mode = (UnixFileMode)0b111_101_101 },
            new PaxTarEntry(TarEntryType.SymbolicLink, "tool") { LinkName = "bin/tool" },
            new PaxTarEntry(TarEntryType.HardLink, "again") { LinkName = "bin/tool" }]);

        System.IO.File.ReadAllText(Path.Combine(Root, "again")).Should().Be("x");
        new FileInfo(Path.Combine(Root, "tool")).LinkTarget.Should().Be("bin/tool");
        if (!OperatingSystem.IsWindows())
            System.IO.File.GetUnixFileMode(Path.Combine(Root, "bin/tool")).Should().HaveFlag(UnixFileMode.UserExecute);
    }

    [TestCase("/etc")]
    [TestCase("../../../../../../../../etc")]
    [TestCase("OUTSIDE")]
    public void A_link_out_of_the_image_leads_to_a_place_inside(string target)
    {
        var outside = Directory.CreateDirectory(Path.Combine(_folder, "outside")).FullName;
        Extract([new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = target.Replace("OUTSIDE", outside, StringComparison.Ordinal) }], [File("link/stolen", "1")]);

        Directory.GetFiles(outside).Should().BeEmpty();
        System.IO.File.Exists("/etc/stolen").Should().BeFalse();
        Files().Should().Contain(file => file.EndsWith("/stolen", StringComparison.Ordinal));
    }

    [TestCase("../stolen")]
    [TestCase("a/../../stolen")]
    public void A_path_with_dots_is_refused(string path)
    {
        FluentActions.Invoking(() => Extract([File(path, "1")])).Should().Throw<TaskFailedException>().WithMessage("CannotPullContainerError: failed to extract layer *leads out of the image*");
        System.IO.File.Exists(Path.Combine(_folder, "stolen")).Should().BeFalse();
    }

    [Test]
    public void A_hard_link_to_a_file_outside_is_refused()
    {
        System.IO.File.WriteAllText(Path.Combine(_folder, "secret"), "x");
        FluentActions.Invoking(() => Extract([new PaxTarEntry(TarEntryType.HardLink, "mine") { LinkName = "../secret" }])).Should().Throw<TaskFailedException>();
    }

    [Test]
    public void A_whiteout_removes_a_link_and_not_what_it_points_to()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_folder, "outside")).FullName;
        System.IO.File.WriteAllText(Path.Combine(outside, "kept"), "x");
        Extract([new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = outside }], [File(".wh.link", "")]);

        System.IO.File.Exists(Path.Combine(outside, "kept")).Should().BeTrue();
        Files().Should().BeEmpty();
    }

    [TestCase(".wh.")]
    [TestCase(".wh..")]
    [TestCase(".wh...")]
    [TestCase("a/.wh...")]
    [TestCase("a/.wh../")]
    public void A_whiteout_of_the_folder_that_it_lies_in_or_of_one_above_is_refused(string path)
    {
        System.IO.File.WriteAllText(Path.Combine(_folder, "kept"), "x");

        FluentActions.Invoking(() => Extract([File("a/b", "1")], [File(path, "")])).Should().Throw<TaskFailedException>().WithMessage("*the whiteout '.wh.*' names no file");

        System.IO.File.Exists(Path.Combine(_folder, "kept")).Should().BeTrue();
        Files().Should().Equal("a/b");
    }

    [Test]
    public void A_layer_that_is_no_archive_is_told()
    {
        var extraction = new LayerExtraction(Root, new Layers([Encoding.UTF8.GetBytes("no gzip")]));
        FluentActions.Invoking(() => extraction.Extract([Layer(0)], CancellationToken.None)).Should().Throw<TaskFailedException>().WithMessage("CannotPullContainerError: failed to extract layer 0*");
    }

    private void Extract(params TarEntry[][] layers)
    {
        Directory.CreateDirectory(Root);
        var store = new Layers([.. layers.Select(entries => Compressed(TestImage.Tar(entries)))]);
        new LayerExtraction(Root, store).Extract(Enumerable.Range(0, layers.Length).Select(Layer), CancellationToken.None);
    }

    /// <summary>Without what links lead to: a link to /etc means this machine's here.</summary>
    private IEnumerable<string> Files() => Directory
        .GetFiles(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false })
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'));

    private static StoredLayer Layer(int number) =>
        new(number.ToString(System.Globalization.CultureInfo.InvariantCulture), "", "application/vnd.oci.image.layer.v1.tar+gzip", 0);

    private static PaxTarEntry File(string path, string content) => new(TarEntryType.RegularFile, path) { DataStream = Bytes(content) };

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static byte[] Compressed(byte[] bytes)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    private sealed class Layers(byte[][] layers) : IImageStore
    {
        public string RegistryHost => "";

        public string DigestOf(string reference) => throw new ImageNotFoundException(reference);

        public StoredImage Resolve(string reference, string architecture) => throw new ImageNotFoundException(reference);

        public Stream OpenBlob(string digest) => new MemoryStream(layers[int.Parse(digest, System.Globalization.CultureInfo.InvariantCulture)]);
    }
}
