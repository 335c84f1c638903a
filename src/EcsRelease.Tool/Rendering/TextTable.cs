namespace EcsRelease.Tool.Rendering;

/// <param name="Drop">Where the terminal is too narrow the columns with the highest number go first; 0 = it stays.</param>
/// <param name="IsCut">Its texts give up what is missing before any column goes.</param>
internal sealed record TextTableColumn(string Name, int Drop = 0, bool IsCut = false);

/// <summary>Plain columns, two spaces apart. On a terminal a row is one line: a column of texts is cut down to
/// <see cref="Least"/> letters, then columns go. In files all of it is written.</summary>
internal static class TextTable
{
    private const int Gap = 2;
    private const int Least = 10;

    /// <param name="rows">As many texts as columns each; a column of empty texts is left out.</param>
    /// <param name="width">Of the terminal.</param>
    public static IEnumerable<string> Lines(int width, IReadOnlyList<TextTableColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var texts = rows.Select(row => row.Select(InertText.Of).ToList()).ToList();
        var widths = columns.Select((column, at) => texts.Max(row => (int?)row[at].Length) is > 0 and var widest ? Math.Max(widest, column.Name.Length) : 0).ToList();
        // A row as wide as the terminal breaks on some.
        Narrow(columns, widths, width - 1);
        return texts.Prepend([.. columns.Select(column => column.Name)]).Select(Line);

        string Line(List<string> cells) => string.Join(new string(' ', Gap), cells
            .Select((text, at) => (Text: text, Width: widths[at])).Where(cell => cell.Width > 0)
            .Select(cell => cell.Text.Length > cell.Width ? cell.Text[..(cell.Width - 1)] + "…" : cell.Text.PadRight(cell.Width))).TrimEnd();
    }

    private static void Narrow(IReadOnlyList<TextTableColumn> columns, List<int> widths, int room)
    {
        var cut = columns.Select((column, at) => column.IsCut ? at : -1).FirstOrDefault(at => at >= 0 && widths[at] > 0, -1);
        while (true)
        {
            var over = widths.Where(width => width > 0).Sum(width => width + Gap) - Gap - room;
            if (over <= 0)
                return;
            if (cut >= 0 && widths[cut] - over >= Least)
            {
                widths[cut] -= over;
                return;
            }
            var next = Enumerable.Range(0, columns.Count).Where(at => widths[at] > 0 && columns[at].Drop > 0).OrderByDescending(at => columns[at].Drop).FirstOrDefault(-1);
            if (next < 0)
                return;
            widths[next] = 0;
            cut = next == cut ? -1 : cut;
        }
    }
}
