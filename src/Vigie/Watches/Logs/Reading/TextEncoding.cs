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
    /// <summary>By the byte order mark (Unicode §23.8), else by nearly every second byte being zero and the others text.</summary>
    public static Utf16 Utf16Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Utf16.LittleEndian;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Utf16.BigEndian;
        const int enough = 16;
        if (head.Length < enough) return Utf16.No;
        if (IsTextAt(head, 0)) return Utf16.LittleEndian;
        return IsTextAt(head, 1) ? Utf16.BigEndian : Utf16.No;
    }

    private static bool IsTextAt(ReadOnlySpan<byte> head, int first)
    {
        const int looked = 256;
        var (pairs, zeros) = (Math.Min(head.Length, looked) / 2, 0);
        for (var i = 0; i < pairs; i++)
        {
            if (head[2 * i + first] is < 0x20 and not ((byte)'\r' or (byte)'\n' or (byte)'\t')) return false;
            if (head[2 * i + 1 - first] == 0) zeros++;
        }

        return zeros * 10 >= pairs * 9;
    }
}
