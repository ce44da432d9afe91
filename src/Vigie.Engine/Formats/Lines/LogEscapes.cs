using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Lines;

/// <summary>The escapes that servers write into text they do not trust: <c>\"</c>, <c>\\</c>, <c>\n</c>, <c>\t</c>, <c>\x22</c>.</summary>
internal static class LogEscapes
{
    /// <summary>Resolves them; what is no escape stays as it is written.</summary>
    /// <param name="text">The text.</param>
    /// <param name="target">At least as long.</param>
    /// <returns>The bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> text, Span<byte> target)
    {
        var written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if (b != '\\' || i + 1 == text.Length)
            {
                target[written++] = b;
                continue;
            }

            var next = text[++i];
            if (next == 'x' && i + 2 < text.Length && JsonText.HexDigit(text[i + 1]) is >= 0 and var high && JsonText.HexDigit(text[i + 2]) is >= 0 and var low)
            {
                target[written++] = (byte)(high << 4 | low);
                i += 2;
                continue;
            }

            var plain = next switch
            {
                (byte)'"' or (byte)'\\' or (byte)'\'' => next,
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                _ => (byte)0,
            };
            if (plain == 0) target[written++] = b;
            target[written++] = plain == 0 ? next : plain;
        }

        return written;
    }

    /// <summary>Decodes hexadecimal digits in pairs.</summary>
    /// <returns>The bytes written, or -1 when it is not such a text.</returns>
    public static int DecodeHex(ReadOnlySpan<byte> text, Span<byte> target)
    {
        if ((text.Length & 1) != 0) return -1;
        for (var i = 0; i < text.Length; i += 2)
        {
            var (high, low) = (JsonText.HexDigit(text[i]), JsonText.HexDigit(text[i + 1]));
            if (high < 0 || low < 0) return -1;
            target[i / 2] = (byte)(high << 4 | low);
        }

        return text.Length / 2;
    }
}
