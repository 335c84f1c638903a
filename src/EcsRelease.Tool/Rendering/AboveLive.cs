using Spectre.Console.Rendering;

namespace EcsRelease.Tool.Rendering;

/// <summary>A lasting line while a live display runs. The display puts the cursor on its own first row, lets the line be
/// written, and draws itself anew below; it erases nothing, so the rest of its rows would stay beside the line.</summary>
internal sealed class AboveLive(IRenderable line) : IRenderable
{
    private const string EraseBelow = "\e[J";

    public Measurement Measure(RenderOptions options, int maxWidth) => line.Measure(options, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => line.Render(options, maxWidth).Prepend(Segment.Control(EraseBelow));
}
