using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>One explanation of a failure; absent parts are not known.</summary>
/// <param name="Cause">A sentence without its full stop.</param>
internal sealed record FailureFinding(string? Cause, string? Means, string? Next)
{
    /// <param name="text">AWS's text that is known.</param>
    /// <param name="more">Said behind it, e.g. `3 tasks`.</param>
    public static FailureFinding Of(KnownFailure known, FailureScene scene, string? container, string text, params IEnumerable<string?> more)
    {
        // The image is named before, and its name is long.
        var rest = known.Cause?.Contains("{image}", StringComparison.Ordinal) == true && scene.Image(container, text) is { } image
            ? text.Replace(image, "…", StringComparison.Ordinal)
            : text;
        var said = string.Join("; ", new[] { Excerpt.Of(rest) }.Concat(more.OfType<string>()));
        return new(
            known.Cause is { } cause ? $"{scene.Fill(cause, container, text)} ({said})" : said,
            scene.Fill(known.Means, container, text),
            scene.Next(known, container, text));
    }
}
