using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EcsRelease.Git;

/// <summary>A name for the content of a dirty tree: equal for equal content, whatever the user's git settings.</summary>
internal static class ChangedFiles
{
    /// <returns>12 hex digits.</returns>
    public static async Task<string> HashAsync(string root, IReadOnlyList<string> changes, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var change in changes)
        {
            var path = Path.Combine(root, change);
            Add(hash, change);
            if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
                await AddDirectoryAsync(hash, path, environment, cancellationToken);
            else
                await AddFileAsync(hash, path, cancellationToken);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    // A submodule, or a repository of its own that lies in the tree.
    private static async Task AddDirectoryAsync(IncrementalHash hash, string path, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        if (!Path.Exists(Path.Combine(path, ".git")))
            return;
        try
        {
            Add(hash, (await GitRepository.ReadAsync(path, environment, cancellationToken)).Tag(null));
        }
        catch (EcsReleaseException exception) when (exception.Code == "ECSR2002")
        {
            Add(hash, exception.Code);
        }
    }

    private static async Task AddFileAsync(IncrementalHash hash, string path, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is { } target)
        {
            Add(hash, "link");
            Add(hash, target);
        }
        else if (!file.Exists)
        {
            Add(hash, "deleted");
        }
        else
        {
            var isExecutable = !OperatingSystem.IsWindows() && (file.UnixFileMode & UnixFileMode.UserExecute) != 0;
            Add(hash, isExecutable ? "executable" : "file");
            await using var content = file.OpenRead();
            hash.AppendData(await SHA256.HashDataAsync(content, cancellationToken));
        }
    }

    private static void Add(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
