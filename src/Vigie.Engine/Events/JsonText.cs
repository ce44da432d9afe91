using System.Text;

namespace Vigie.Engine.Events;

/// <summary>JSON strings to UTF-8 (RFC 8259 §7). Tolerant: what is no valid escape stays as it is written.</summary>
public static class JsonText
{
    /// <summary>Resolves the escapes of a string's inside.</summary>
    /// <param name="escaped">The bytes between the quotes.</param>
    /// <param name="target">At least as long as <paramref name="escaped"/>; must not overlap it.</param>
    /// <returns>The bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> target)
    {
        var written = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0 || plain == escaped.Length - 1)
            {
                escaped.CopyTo(target[written..]);
                return written + escaped.Length;
            }

            escaped[..plain].CopyTo(target[written..]);
            written += plain;
            escaped = escaped[plain..];
            escaped = escaped[(escaped[1] == 'u' ? UnescapeUnicode(escaped, target, ref written) : UnescapeShort(escaped, target, ref written))..];
        }
    }

    private static int UnescapeShort(ReadOnlySpan<byte> escaped, Span<byte> target, ref int written)
    {
        var plain = escaped[1] switch
        {
            (byte)'"' => (byte)'"',
            (byte)'\\' => (byte)'\\',
            (byte)'/' => (byte)'/',
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            _ => (byte)0,
        };
        if (plain == 0)
        {
            target[written++] = escaped[0];
            return 1;
        }

        target[written++] = plain;
        return 2;
    }

    private static int UnescapeUnicode(ReadOnlySpan<byte> escaped, Span<byte> target, ref int written)
    {
        if (!TryHex(escaped, out var unit))
        {
            target[written++] = escaped[0];
            return 1;
        }

        var taken = 6;
        if (char.IsHighSurrogate((char)unit) && TryHex(escaped[6..], out var low) && char.IsLowSurrogate((char)low))
        {
            taken = 12;
            written += new Rune((char)unit, (char)low).EncodeToUtf8(target[written..]);
            return taken;
        }

        var rune = Rune.TryCreate((char)unit, out var whole) ? whole : Rune.ReplacementChar;
        written += rune.EncodeToUtf8(target[written..]);
        return taken;
    }

    private static bool TryHex(ReadOnlySpan<byte> escaped, out int unit)
    {
        unit = 0;
        if (escaped.Length < 6 || escaped[0] != '\\' || escaped[1] != 'u') return false;
        for (var i = 2; i < 6; i++)
        {
            var digit = HexDigit(escaped[i]);
            if (digit < 0) return false;
            unit = (unit << 4) | digit;
        }

        return true;
    }

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int HexDigit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
