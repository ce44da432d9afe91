namespace Vigie.Engine.Formats.Lines;

/// <summary>How a text is encoded, as far as a reader of logs must care.</summary>
public enum TextEncoding
{
    /// <summary>UTF-8, or what can be read like it (ASCII; Latin-1 outside of whose ASCII part nothing is understood), or no text at all.</summary>
    Utf8,

    /// <summary>UTF-16, low byte first: what PowerShell and many Windows programs write.</summary>
    Utf16LittleEndian,

    /// <summary>UTF-16, high byte first.</summary>
    Utf16BigEndian,
}

/// <summary>Tells UTF-16 text from everything else, by its byte order mark or, without one, by where its zero bytes lie.</summary>
public static class TextEncodingSniffer
{
    private const int MaxSample = 4096;
    private const int LeastUnits = 8;

    /// <summary>The encoding of a content that begins with <paramref name="head"/>.</summary>
    /// <param name="head">The first bytes, decompressed.</param>
    /// <param name="markLength">How many of them are a byte order mark.</param>
    public static TextEncoding Sniff(ReadOnlySpan<byte> head, out int markLength)
    {
        markLength = 0;
        if (head.StartsWith("\uFEFF"u8))
        {
            markLength = 3;
            return TextEncoding.Utf8;
        }

        if (head.Length >= 2 && head[0] == 0xFF && head[1] == 0xFE || head.Length >= 2 && head[0] == 0xFE && head[1] == 0xFF)
        {
            // FF FE 00 00 is UTF-32, which no log is written in.
            if (head.Length >= 4 && head[0] == 0xFF && head[2] == 0 && head[3] == 0) return TextEncoding.Utf8;
            markLength = 2;
            return head[0] == 0xFF ? TextEncoding.Utf16LittleEndian : TextEncoding.Utf16BigEndian;
        }

        return ByZeros(head[..Math.Min(head.Length & ~1, MaxSample)]);
    }

    // Of logs in any language most units are ASCII: blanks, digits, names, brackets. Binary formats have zeros at both places, and control characters.
    private static TextEncoding ByZeros(ReadOnlySpan<byte> sample)
    {
        var units = sample.Length / 2;
        if (units < LeastUnits) return TextEncoding.Utf8;
        var (little, big, both) = (0, 0, 0);
        for (var i = 0; i < sample.Length; i += 2)
        {
            var (first, second) = (sample[i], sample[i + 1]);
            if (first == 0 && second == 0) both++;
            else if (second == 0 && IsPlain(first)) little++;
            else if (first == 0 && IsPlain(second)) big++;
        }

        if (both * 50 > units) return TextEncoding.Utf8;
        if (little * 10 >= units * 6 && big * 20 < units) return TextEncoding.Utf16LittleEndian;
        return big * 10 >= units * 6 && little * 20 < units ? TextEncoding.Utf16BigEndian : TextEncoding.Utf8;
    }

    private static bool IsPlain(byte b) => b is >= 0x20 and < 0x7F or (byte)'\r' or (byte)'\n' or (byte)'\t';
}
