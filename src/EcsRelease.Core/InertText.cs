namespace EcsRelease;

/// <summary>Text of somebody else (a container's log, AWS) that goes to a terminal or a CI log.</summary>
public static class InertText
{
    /// <summary>The text with control characters shown instead of obeyed, and without the marks of workflow commands,
    /// which GitHub's and Azure's runners obey anywhere in a line. (`::` counts only where a line begins: see <see cref="FailureReport"/>.)</summary>
    public static string Of(string text)
    {
        if (text.Any(sign => char.IsControl(sign) && sign != '\t'))
            text = string.Concat(text.Select(sign => char.IsControl(sign) && sign != '\t' ? $"\\x{(int)sign:x2}" : sign.ToString()));
        return text.Replace("##[", "# #[", StringComparison.Ordinal).Replace("##vso[", "# #vso[", StringComparison.Ordinal);
    }
}
