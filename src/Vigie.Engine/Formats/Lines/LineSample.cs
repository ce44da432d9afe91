namespace Vigie.Engine.Formats.Lines;

/// <summary>Whether one line is as a format writes them.</summary>
internal delegate bool LinePredicate(ReadOnlySpan<byte> line);

/// <summary>Looks at the first lines of a content to tell its format.</summary>
internal static class LineSample
{
    private const int MaxLines = 24;
    private const int MaxLength = 16 * 1024;

    /// <summary>How many percent of the first lines pass; comments and empty lines do not count; 0 when there is none.</summary>
    public static int Share(ReadOnlySpan<byte> head, LinePredicate passes)
    {
        var seen = 0;
        var passed = 0;
        var isWhole = head.Length < 64 * 1024;
        while (!head.IsEmpty && seen < MaxLines)
        {
            var line = Next(ref head, out var isComplete);

            // The head may end within a line; unless that is all there is, it says nothing.
            if (!isComplete && !isWhole && seen > 0) break;
            if (line.IsEmpty || line[0] == '#') continue;
            seen++;
            if (line.Length <= MaxLength && passes(line)) passed++;
        }

        return seen == 0 ? 0 : passed * 100 / seen;
    }

    /// <summary>Takes the first line off, without its line end, byte order mark and leading NULs.</summary>
    public static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> head, out bool isComplete)
    {
        var end = head.IndexOf((byte)'\n');
        isComplete = end >= 0;
        var line = isComplete ? head[..end] : head;
        head = isComplete ? head[(end + 1)..] : [];
        if (line.StartsWith("\uFEFF"u8)) line = line[3..];
        return line.TrimStart((byte)0).TrimEnd((byte)'\r');
    }

    /// <summary>The sureness of a format whose lines pass in <paramref name="share"/> percent of the cases: nothing under a half.</summary>
    public static int Sureness(int share, int best) => share < 50 ? 0 : best * share / 100;
}
