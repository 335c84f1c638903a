using System.Text.RegularExpressions;

namespace EcsRelease;

/// <summary>A value as one word of a command to paste (POSIX shell, and PowerShell for what has no quote in it).</summary>
public static partial class ShellWord
{
    /// <summary>In single quotes when it needs them.</summary>
    public static string Of(string value) => Plain().IsMatch(value) ? value : $"'{value.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[\p{L}\p{Nd}_@%+=:,./-]+\z")]
    private static partial Regex Plain();
}
