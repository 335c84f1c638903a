using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.Registry;

namespace EcsRelease.Images;

/// <summary>A base image made of this machine's .NET runtime and the system libraries that it needs, shaped like
/// Microsoft's: for trying things out where no registry is reached. Needs no rights beyond reading.</summary>
/// <param name="folder">Where its layer's diffID is remembered by its files' names, sizes and times.</param>
internal sealed class LocalBase(LayerStore store, string folder)
{
    public const string Name = "local";
    private const int AppUser = 1654;

    /// <exception cref="EcsReleaseException">ECSR3014.</exception>
    public async Task<BaseImage> MakeAsync(PublishedProject project, string platform, CancellationToken cancellationToken)
    {
        RequireHost(platform, project.Container);
        var frameworks = await LocalFrameworks.FindAsync(project, cancellationToken);
        var layer = await LayerAsync(TarLayer.Order(Entries(frameworks)), cancellationToken);
        return new BaseImage($"{Name}@{layer.Blob.Digest}", layer.Blob.Digest, false, Config(platform, frameworks, layer.DiffId), [LayersBuilder.Stored(layer, isDocker: false)]);
    }

    private static void RequireHost(string platform, ContainerSettings settings)
    {
        var here = RuntimeInformation.OSArchitecture switch { Architecture.X64 => "amd64", Architecture.Arm64 => "arm64", var other => other.ToString() };
        if (!OperatingSystem.IsLinux())
            throw Errors.LocalBaseImpossible("it runs no Linux");
        if (RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) || settings.RuntimeIdentifiers.Any(rid => rid.Contains("musl", StringComparison.Ordinal)))
            throw Errors.LocalBaseImpossible("only glibc systems are taken apart, not musl ones");
        if (platform != "linux/" + here)
            throw Errors.LocalBaseImpossible($"it is linux/{here}, the image is to be {platform}");
    }

    // Compressing takes seconds, hashing some tenths: neither is done again for files that look the same.
    private async Task<StoredLayer> LayerAsync(IReadOnlyList<LayerEntry> entries, CancellationToken cancellationToken)
    {
        var memory = Path.Combine(folder, $"local-{Fingerprint(entries)}.txt");
        if (File.Exists(memory) && store.Find((await File.ReadAllTextAsync(memory, cancellationToken)).Trim()) is { } known)
            return known;
        var layer = await store.GetOrAddAsync(entries, cancellationToken);
        Directory.CreateDirectory(folder);
        var temporary = memory + "." + Path.GetRandomFileName();
        await File.WriteAllTextAsync(temporary, layer.DiffId, cancellationToken);
        File.Move(temporary, memory, overwrite: true);
        return layer;
    }

    private static string Fingerprint(IReadOnlyList<LayerEntry> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in entries)
        {
            var source = entry.SourceFile is { } file ? new FileInfo(file) : null;
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{entry.Path}|{entry.Mode}|{entry.Owner}|{entry.LinkTarget}|{source?.FullName}|{source?.Length}|{source?.LastWriteTimeUtc.Ticks}\n")));
            if (entry.Content is { } content)
                hash.AppendData(content.Span);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    private static IEnumerable<LayerEntry> Entries(LocalFrameworks frameworks)
    {
        var libraries = new SystemLibraries();
        foreach (var binary in frameworks.Binaries)
            libraries.AddNeedsOf(binary);
        if (!libraries.TryAdd("libssl.so.3") && !libraries.TryAdd("libssl.so.1.1"))
            throw Errors.LocalBaseImpossible("it has no OpenSSL (libssl.so.3)");
        foreach (var name in (string[])["libcrypto.so.3", "libgcc_s.so.1", "libstdc++.so.6", "libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2"])
            libraries.TryAdd(name);
        return [.. System(), .. frameworks.Entries, .. libraries.Entries];
    }

    private static IEnumerable<LayerEntry> System()
    {
        const UnixFileMode everyone = (UnixFileMode)0b111_111_111;
        yield return LayerEntry.File("etc/passwd", Encoding.ASCII.GetBytes($"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\napp:x:{AppUser}:{AppUser}::/home/app:/bin/sh\n"));
        yield return LayerEntry.File("etc/group", Encoding.ASCII.GetBytes($"root:x:0:\nnogroup:x:65534:\napp:x:{AppUser}:\n"));
        yield return LayerEntry.File("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"u8.ToArray());
        yield return LayerEntry.Directory("root") with { Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute };
        yield return LayerEntry.Directory("home/app") with { Owner = AppUser };
        foreach (var folder in (string[])["tmp", "var/tmp"])
            yield return LayerEntry.Directory(folder) with { Mode = everyone | UnixFileMode.StickyBit };
        foreach (var folder in (string[])["dev", "proc", "sys", "run", "usr/bin"])
            yield return LayerEntry.Directory(folder);
        yield return LayerEntry.Link("usr/bin/dotnet", "../share/dotnet/dotnet");
        foreach (var bundle in (string[])["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"])
            if (File.Exists(bundle))
            {
                yield return LayerEntry.File("etc/ssl/certs/ca-certificates.crt", bundle);
                break;
            }
        if (File.Exists("/etc/os-release"))
            yield return LayerEntry.File("etc/os-release", "/etc/os-release");
    }

    private static JsonObject Config(string platform, LocalFrameworks frameworks, string diffId) => new()
    {
        ["architecture"] = platform.Split('/')[1],
        ["os"] = "linux",
        ["config"] = new JsonObject
        {
            ["Env"] = new JsonArray(
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                $"APP_UID={AppUser}",
                "ASPNETCORE_HTTP_PORTS=8080",
                "DOTNET_RUNNING_IN_CONTAINER=true",
                $"DOTNET_VERSION={frameworks.RuntimeVersion}",
                // It carries no ICU, which alone would add a quarter to it.
                "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1",
                // OpenSSL's own default folder differs from system to system.
                "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"),
        },
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(diffId) },
        ["history"] = new JsonArray(new JsonObject { ["created_by"] = $"ecs-release local base .NET {frameworks.RuntimeVersion}" }),
    };
}
