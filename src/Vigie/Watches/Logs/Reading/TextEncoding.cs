namespace Vigie.Watches.Logs.Reading;

/// <summary>Which UTF-16 a content is in.</summary>
internal enum Utf16
{
    /// <summary>None: it is bytes, or UTF-8.</summary>
    No,

    /// <summary>Little end first, as Windows writes it.</summary>
    LittleEndian,

    /// <summary>Big end first.</summary>
    BigEndian,
}

/// <summary>Tells UTF-16 text from everything else by its first bytes.</summary>
internal static class TextEncoding
{
    /// <summary>By the byte order mark (Unicode §23.8), else by every second byte being zero and the others ASCII text.</summary>
    public static Utf16 Utf16Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Utf16.LittleEndian;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Utf16.BigEndian;
        const int enough = 16;
        if (head.Length < enough) return Utf16.No;
        if (IsAsciiAt(head, 0)) return Utf16.LittleEndian;
        return IsAsciiAt(head, 1) ? Utf16.BigEndian : Utf16.No;
    }

    private static bool IsAsciiAt(ReadOnlySpan<byte> head, int first)
    {
        const int looked = 128;
        for (var i = 0; i + 1 < Math.Min(head.Length, looked); i += 2)
        {
            var (text, zero) = (head[i + first], head[i + 1 - first]);
            if (zero != 0 || text is not ((>= 0x20 and < 0x7F) or (byte)'\r' or (byte)'\n' or (byte)'\t')) return false;
        }

        return true;
    }
}
