using System.Buffers.Binary;
using System.Text;

namespace EcsRelease.Images;

/// <summary>What a Linux binary needs to be loaded (System V ABI, "Program Loading and Dynamic Linking").</summary>
/// <param name="Libraries">DT_NEEDED, in order.</param>
/// <param name="Interpreter">PT_INTERP, the dynamic loader; null for libraries.</param>
internal sealed record ElfNeeded(IReadOnlyList<string> Libraries, string? Interpreter)
{
    private const int HeaderLength = 64;
    private const uint Load = 1, Dynamic = 2, Interp = 3;
    private const long Needed = 1, StringTable = 5, StringTableSize = 10;
    private const int Largest = 16 * 1024 * 1024;

    private sealed record Segment(uint Type, ulong Offset, ulong Address, ulong Length);

    /// <summary>Null when the file is not a 64-bit little-endian ELF one.</summary>
    /// <exception cref="InvalidDataException">It is one, but damaged.</exception>
    public static ElfNeeded? Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length < HeaderLength)
            return null;
        var header = Bytes(stream, 0, HeaderLength);
        if (!header.AsSpan().StartsWith("\u007fELF"u8) || header[4] != 2 || header[5] != 1)
            return null;
        var segments = Segments(stream, header);
        var interpreter = segments.FirstOrDefault(segment => segment.Type == Interp) is { } interp ? Text(Bytes(stream, interp.Offset, interp.Length), 0) : null;
        return segments.FirstOrDefault(segment => segment.Type == Dynamic) is { } dynamic
            ? new ElfNeeded(NeededOf(stream, segments, Bytes(stream, dynamic.Offset, dynamic.Length)), interpreter)
            : new ElfNeeded([], interpreter);
    }

    private static List<Segment> Segments(FileStream stream, byte[] header)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(54));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56));
        if (count > 0 && length < 56)
            throw new InvalidDataException("its program headers are too short");
        var table = Bytes(stream, BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(32)), (ulong)length * count);
        return [.. Enumerable.Range(0, count).Select(index => SegmentOf(table.AsSpan(index * length, length)))];
    }

    private static Segment SegmentOf(ReadOnlySpan<byte> entry) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(entry),
        BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]));

    private static List<string> NeededOf(FileStream stream, List<Segment> segments, byte[] dynamic)
    {
        var names = new List<int>();
        ulong table = 0, size = 0;
        for (var at = 0; at + 16 <= dynamic.Length; at += 16)
        {
            var value = BinaryPrimitives.ReadUInt64LittleEndian(dynamic.AsSpan(at + 8));
            switch (BinaryPrimitives.ReadInt64LittleEndian(dynamic.AsSpan(at)))
            {
                case Needed: names.Add((int)value); break;
                case StringTable: table = value; break;
                case StringTableSize: size = value; break;
            }
        }
        if (names.Count == 0)
            return [];
        var home = segments.FirstOrDefault(segment => segment.Type == Load && segment.Address <= table && table - segment.Address < segment.Length)
            ?? throw new InvalidDataException("its string table lies in no segment");
        var strings = Bytes(stream, table - home.Address + home.Offset, size);
        return [.. names.Select(name => Text(strings, name))];
    }

    private static byte[] Bytes(FileStream stream, ulong offset, ulong length)
    {
        if (length > Largest || offset > (ulong)stream.Length || (ulong)stream.Length - offset < length)
            throw new InvalidDataException("it ends too early");
        var bytes = new byte[length];
        stream.Position = (long)offset;
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string Text(byte[] bytes, int start)
    {
        if (start < 0 || start >= bytes.Length)
            throw new InvalidDataException("a name lies outside its string table");
        var length = bytes.AsSpan(start).IndexOf((byte)0);
        return Encoding.UTF8.GetString(bytes, start, length < 0 ? bytes.Length - start : length);
    }
}
