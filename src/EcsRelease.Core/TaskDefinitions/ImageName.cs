using System.Text.RegularExpressions;

namespace EcsRelease.TaskDefinitions;

/// <summary>Reads the image name of a container definition: `REPOSITORY[:TAG][@DIGEST]`.</summary>
internal static partial class ImageName
{
    /// <summary>A digest decides which image runs; a tag beside it says nothing.</summary>
    public static string WithoutTagOfDigest(string image)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return image;
        var colon = TagColon(image[..at]);
        return colon < 0 ? image : image[..colon] + image[at..];
    }

    /// <summary>`HOST/NAME` without tag and digest.</summary>
    public static string Repository(string image)
    {
        var name = image.Split('@')[0];
        var colon = TagColon(name);
        return colon < 0 ? name : name[..colon];
    }

    /// <summary>The commit that the tag is (SHA, SHA-SUFFIX or SHA-dirty-HASH), else null.</summary>
    public static string? Commit(string image)
    {
        var name = image.Split('@')[0];
        var colon = TagColon(name);
        return colon >= 0 && CommitTag().Match(name[(colon + 1)..]) is { Success: true } match ? match.Groups[1].Value : null;
    }

    // A colon before the last slash belongs to the registry's port.
    private static int TagColon(string name)
    {
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? colon : -1;
    }

    [GeneratedRegex("^([0-9a-f]{40}|[0-9a-f]{64})(-.+)?$")]
    private static partial Regex CommitTag();
}
