using System.Text;

namespace EcsRelease.Tests.Matrix;

/// <summary>One case of the rollout matrix and how it went.</summary>
/// <param name="Row">A row of the success rule, or the complaint that it answers.</param>
/// <param name="Expected">The outcome of the release record.</param>
/// <param name="Seen">The same as it came; another word where it did not come so far.</param>
internal sealed record MatrixRow(string Row, string Case, string Expected, string Seen)
{
    private static readonly string[] s_good = ["succeeded", "unchanged"];

    public bool IsFalseSuccess => !s_good.Contains(Expected) && s_good.Contains(Seen);

    public bool IsFalseFailure => s_good.Contains(Expected) && !s_good.Contains(Seen);

    public bool IsRight => Expected == Seen;

    private string Judgement => IsFalseSuccess ? "FALSE SUCCESS" : IsFalseFailure ? "FALSE FAILURE" : IsRight ? "" : "WRONG";

    public IReadOnlyList<string> Columns => [Row, Case, Expected, Seen, Judgement];
}

/// <summary>The matrix as text; its last line counts what must be 0.</summary>
internal sealed class RowTable(IReadOnlyList<MatrixRow> rows)
{
    private static readonly string[] s_heads = ["row or complaint", "case", "expected", "seen", "false success / false failure"];

    public IReadOnlyList<MatrixRow> Wrong => [.. rows.Where(row => !row.IsRight)];

    public string Count => $"{rows.Count} cases: {rows.Count(row => row.IsFalseSuccess)} false successes, {rows.Count(row => row.IsFalseFailure)} false failures";

    public override string ToString()
    {
        var lines = rows.Select(row => row.Columns).Prepend(s_heads).ToList();
        var widths = Enumerable.Range(0, s_heads.Length).Select(column => lines.Max(line => line[column].Length)).ToList();
        var text = new StringBuilder();
        foreach (var line in lines)
            text.AppendLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return text.Append(Count).ToString();
    }
}
