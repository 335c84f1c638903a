namespace EcsRelease.MSBuild;

/// <summary>A few lines below the terminal logger's own, drawn again and again in place. The logger leaves the cursor at
/// the first column below its frame and redraws from there, so each drawing ends where it began and no line is ended
/// by a newline.</summary>
/// <param name="height">Rows of the terminal; null = as many as it takes.</param>
internal sealed class LiveRegion(TextWriter terminal, Func<int> width, Func<int>? height = null)
{
    private const string EraseBelow = "\r\e[J";

    /// <summary>Null in worker nodes, whose output is redirected, in a pipe, and on a terminal that cannot.</summary>
    public static LiveRegion? OfThisProcess() => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb"
        ? new(Console.Out, () => Console.WindowWidth, () => Console.WindowHeight)
        : null;

    public void Draw(IReadOnlyList<string> lines)
    {
        var limit = Math.Max(20, width() - 1);
        // More rows than the terminal has cannot be drawn over again.
        if (height is not null && lines.Count >= height())
            lines = [.. lines.Take(Math.Max(1, height() - 1))];
        var back = lines.Count > 1 ? $"\e[{lines.Count - 1}F" : "\r";
        terminal.Write(EraseBelow + string.Join('\n', lines.Select(line => Fit(line, limit))) + back);
        terminal.Flush();
    }

    public void Erase()
    {
        terminal.Write(EraseBelow);
        terminal.Flush();
    }

    // What comes from a service (events, log lines) may hold control characters.
    private static string Fit(string line, int limit)
    {
        var plain = new string([.. line.Select(c => char.IsControl(c) ? ' ' : c)]);
        return plain.Length <= limit ? plain : plain[..(limit - 1)] + "…";
    }
}
