using System.Globalization;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>The user of an image's config (`1654`, `app`, `app:group`) by the image's own passwd and group files.</summary>
internal sealed record ImageUser(uint User, uint Group, string? Home)
{
    /// <summary>Flags of unshare and nsenter.</summary>
    public string Flags => string.Create(CultureInfo.InvariantCulture, $"--setgid {Group} --setuid {User}");

    public static ImageUser Find(string root, string text)
    {
        var parts = text.Split(':', 2);
        var passwd = Lines(root, "etc/passwd").FirstOrDefault(line => line.Length > 5 && (line[0] == parts[0] || line[2] == parts[0]));
        var user = Number(passwd?[2]) ?? Number(parts[0])
            ?? throw new TaskFailedException($"CannotStartContainerError: unable to find user {parts[0]}: no matching entries in passwd file");
        if (parts.Length == 1)
            return new ImageUser(user, Number(passwd?[3]) ?? 0, passwd?[5]);
        var group = Number(parts[1]) ?? Number(Lines(root, "etc/group").FirstOrDefault(line => line.Length > 2 && line[0] == parts[1])?[2])
            ?? throw new TaskFailedException($"CannotStartContainerError: unable to find group {parts[1]}: no matching entries in group file");
        return new ImageUser(user, group, passwd?[5]);
    }

    public IReadOnlyDictionary<string, string> WithHome(IReadOnlyDictionary<string, string> environment) =>
        environment.ContainsKey("HOME") ? environment : new Dictionary<string, string>(environment) { ["HOME"] = Home ?? "/" };

    private static uint? Number(string? text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static IEnumerable<string[]> Lines(string root, string path)
    {
        var file = new RootFolder(root).Follow(path);
        return File.Exists(file) ? File.ReadLines(file).Select(line => line.Split(':')) : [];
    }
}
