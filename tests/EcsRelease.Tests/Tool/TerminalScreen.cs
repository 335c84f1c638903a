using System.Globalization;
using System.Text;

namespace EcsRelease.Tests.Tool;

/// <summary>What stands on a terminal after all of this was written to it (ECMA-48: CR, LF, cursor up, erase in line and display).</summary>
internal sealed class TerminalScreen : StringWriter
{
    public IReadOnlyList<string> Rows
    {
        get
        {
            var rows = new List<StringBuilder> { new() };
            var (row, column) = (0, 0);
            var text = ToString();
            for (var i = 0; i < text.Length; i++)
                switch (text[i])
                {
                    case '\r':
                        column = 0;
                        break;
                    case '\n':
                        (row, column) = (row + 1, 0);
                        if (row == rows.Count)
                            rows.Add(new());
                        break;
                    case '\e':
                        var end = i + 2;
                        while (!char.IsAsciiLetter(text[end]))
                            end++;
                        Control(text[end], text[(i + 2)..end]);
                        i = end;
                        break;
                    default:
                        var line = rows[row];
                        line.Append(' ', Math.Max(0, column - line.Length));
                        if (column < line.Length)
                            line[column] = text[i];
                        else
                            line.Append(text[i]);
                        column++;
                        break;
                }
            return [.. rows.Select(line => line.ToString().TrimEnd())];

            void Control(char command, string argument)
            {
                if (command == 'A')
                    row = Math.Max(0, row - (argument.Length == 0 ? 1 : int.Parse(argument, CultureInfo.InvariantCulture)));
                if (command == 'K' && argument == "2")
                    rows[row].Clear();
                if (command is 'J' or 'K' && argument is "" or "0")
                    rows[row].Length = Math.Min(rows[row].Length, column);
                if (command == 'J' && argument is "" or "0")
                    rows.RemoveRange(row + 1, rows.Count - row - 1);
            }
        }
    }
}
