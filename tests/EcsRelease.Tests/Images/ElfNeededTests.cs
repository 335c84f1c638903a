using System.Runtime.InteropServices;
using EcsRelease.Images;

namespace EcsRelease.Tests.Images;

[Parallelizable(ParallelScope.All)]
public class ElfNeededTests
{
    [Test]
    public void The_runtime_needs_the_C_library_and_the_host_names_its_loader()
    {
        RequireLinux();
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();

        ElfNeeded.Read(Path.Combine(runtime, "libcoreclr.so"))!.Libraries.Should().Contain(name => name.StartsWith("libc.", StringComparison.Ordinal));
        ElfNeeded.Read(Path.Combine(runtime, "..", "..", "..", "dotnet"))!.Interpreter.Should().StartWith("/lib").And.Contain("ld-");
    }

    [Test]
    public void What_is_no_ELF_file_needs_nothing()
    {
        ElfNeeded.Read(typeof(ElfNeededTests).Assembly.Location).Should().BeNull();
    }

    [Test]
    public void A_damaged_file_never_yields_half_an_answer()
    {
        RequireLinux();
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libclrgc.so"));
        var expected = ElfNeeded.Read(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libclrgc.so"))!.Libraries;
        var random = new Random(1);

        for (var round = 0; round < 100; round++)
        {
            var file = Path.Combine(folder.Path, "cut.so");
            File.WriteAllBytes(file, whole[..random.Next(64, whole.Length)]);
            try
            {
                ElfNeeded.Read(file)!.Libraries.Should().Equal(expected);
            }
            catch (InvalidDataException damaged)
            {
                damaged.Message.Should().NotBeEmpty();
            }
        }
    }

    private static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("ELF files of the runtime exist on Linux only");
    }
}
