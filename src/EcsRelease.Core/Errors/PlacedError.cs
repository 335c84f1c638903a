namespace EcsRelease;

/// <summary>An error and the place in a file that it is about.</summary>
public sealed record PlacedError(EcsReleaseException Error, string File, int Line = 0, int Column = 0)
{
    /// <summary>Without the place, which whoever shows this puts before it.</summary>
    public string Message => Error.Place is { } place && Error.Message.StartsWith($"{place}: ", StringComparison.Ordinal) ? Error.Message[$"{place}: ".Length..] : Error.Message;

    /// <summary>Where the error says that it is, else in <paramref name="file"/>.</summary>
    public static PlacedError Of(EcsReleaseException error, string file) =>
        error.Place is { } place ? new(error, place.File, place.Line, place.Column) : new(error, file);
}

/// <summary>A place in a file, `NAME(LINE,COLUMN)` as MSBuild and editors read it.</summary>
/// <param name="File">Full path.</param>
/// <param name="Name">As the user wrote it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 characters.</param>
public sealed record FilePlace(string File, string Name, int Line, int Column)
{
    public override string ToString() => $"{Name}({Line},{Column})";
}
