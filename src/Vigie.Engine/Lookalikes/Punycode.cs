using System.Diagnostics.CodeAnalysis;

namespace Vigie.Engine.Lookalikes;

/// <summary>Punycode (RFC 3492) of one label, without the <c>xn--</c> before it. Bounded, allocates nothing, never throws.</summary>
internal static class Punycode
{
    // RFC 3492 §5.
    private const int Base = 36;
    private const int TMin = 1;
    private const int TMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialN = 128;

    /// <summary>Encodes <paramref name="label"/> (UTF-16, well formed); false where <paramref name="target"/> is too short.</summary>
    public static bool TryEncode(ReadOnlySpan<char> label, Span<char> target, out int written)
    {
        written = 0;
        foreach (var c in label)
        {
            if (c >= 0x80) continue;
            if (written == target.Length) return false;
            target[written++] = c;
        }

        var basic = written;
        if (basic > 0)
        {
            if (written == target.Length) return false;
            target[written++] = '-';
        }

        int n = InitialN, delta = 0, bias = InitialBias, handled = basic, length = CodePoints(label);
        while (handled < length)
        {
            var next = SmallestFrom(label, n);
            if ((long)delta + (long)(next - n) * (handled + 1) > int.MaxValue) return false;
            delta += (next - n) * (handled + 1);
            n = next;
            for (var i = 0; i < label.Length;)
            {
                var c = CodePointAt(label, ref i);
                if (c < n) delta++;
                if (c != n) continue;
                if (!WriteInteger(delta, bias, target, ref written)) return false;
                bias = Adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }

            delta++;
            n++;
        }

        return true;
    }

    /// <summary>Decodes what <see cref="TryEncode"/> wrote; false for anything that is not punycode of at most 63 code points.</summary>
    public static bool TryDecode(ReadOnlySpan<char> encoded, [NotNullWhen(true)] out string? label)
    {
        label = null;
        Span<int> points = stackalloc int[DomainNames.MaxLabelLength];
        if (encoded.Length > points.Length) return false;

        var dash = encoded.LastIndexOf('-');
        var count = 0;
        foreach (var c in encoded[..Math.Max(dash, 0)])
        {
            if (c >= 0x80) return false;
            points[count++] = c;
        }

        int n = InitialN, i = 0, bias = InitialBias;
        for (var at = dash > 0 ? dash + 1 : 0; at < encoded.Length;)
        {
            var before = i;
            if (!ReadInteger(encoded, ref at, bias, ref i)) return false;
            if (count == points.Length) return false;
            count++;
            bias = Adapt(i - before, count, before == 0);
            if (n > int.MaxValue - i / count) return false;
            n += i / count;
            i %= count;
            if (n > 0x10FFFF || n is >= 0xD800 and <= 0xDFFF) return false;
            points[i..(count - 1)].CopyTo(points[(i + 1)..]);
            points[i++] = n;
        }

        label = Text(points[..count]);
        return true;
    }

    private static bool ReadInteger(ReadOnlySpan<char> encoded, ref int at, int bias, ref int i)
    {
        long value = i, weight = 1;
        for (var k = Base; ; k += Base)
        {
            if (at >= encoded.Length) return false;
            var digit = DigitOf(encoded[at++]);
            if (digit < 0) return false;
            value += digit * weight;
            if (value > int.MaxValue) return false;
            var t = Threshold(k, bias);
            if (digit < t) break;
            weight *= Base - t;
            if (weight > int.MaxValue) return false;
        }

        i = (int)value;
        return true;
    }

    private static bool WriteInteger(int value, int bias, Span<char> target, ref int written)
    {
        for (var k = Base; ; k += Base)
        {
            var t = Threshold(k, bias);
            if (written == target.Length) return false;
            if (value < t) break;
            target[written++] = Digit(t + (value - t) % (Base - t));
            value = (value - t) / (Base - t);
        }

        target[written++] = Digit(value);
        return true;
    }

    private static int Threshold(int k, int bias) => k <= bias ? TMin : k >= bias + TMax ? TMax : k - bias;

    private static int Adapt(int delta, int points, bool first)
    {
        delta = first ? delta / Damp : delta / 2;
        delta += delta / points;
        var k = 0;
        while (delta > (Base - TMin) * TMax / 2)
        {
            delta /= Base - TMin;
            k += Base;
        }

        return k + (Base - TMin + 1) * delta / (delta + Skew);
    }

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int DigitOf(char c) => c switch
    {
        >= 'a' and <= 'z' => c - 'a',
        >= 'A' and <= 'Z' => c - 'A',
        >= '0' and <= '9' => c - '0' + 26,
        _ => -1,
    };

    private static int CodePoints(ReadOnlySpan<char> label)
    {
        var count = 0;
        for (var i = 0; i < label.Length; count++) CodePointAt(label, ref i);
        return count;
    }

    private static int SmallestFrom(ReadOnlySpan<char> label, int n)
    {
        var smallest = int.MaxValue;
        for (var i = 0; i < label.Length;)
        {
            var c = CodePointAt(label, ref i);
            if (c >= n && c < smallest) smallest = c;
        }

        return smallest;
    }

    private static int CodePointAt(ReadOnlySpan<char> label, ref int i)
    {
        var c = label[i++];
        return char.IsHighSurrogate(c) && i < label.Length && char.IsLowSurrogate(label[i]) ? char.ConvertToUtf32(c, label[i++]) : c;
    }

    private static string Text(ReadOnlySpan<int> points)
    {
        Span<char> text = stackalloc char[points.Length * 2];
        var length = 0;
        foreach (var point in points)
        {
            if (point < 0x10000) text[length++] = (char)point;
            else length += new System.Text.Rune(point).EncodeToUtf16(text[length..]);
        }

        return text[..length].ToString();
    }
}
