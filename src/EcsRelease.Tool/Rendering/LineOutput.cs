namespace EcsRelease.Tool.Rendering;

/// <summary>Lines of a container's log on an output: as they are where a program reads them, with control characters
/// shown and not obeyed on a terminal and in CI.</summary>
internal sealed class LineOutput(TextWriter writer)
{
    private readonly bool isRaw = Consoles.IsForPrograms(writer);

    public void Write(string line) => Write("", line);

    /// <param name="prefix">Ours.</param>
    /// <param name="line">The container's.</param>
    public void Write(string prefix, string line) => WriteRaw(prefix + (isRaw ? line : InertText.Of(line)));

    public void WriteRaw(string line)
    {
        writer.Write(line + "\n");
        writer.Flush();
    }
}
