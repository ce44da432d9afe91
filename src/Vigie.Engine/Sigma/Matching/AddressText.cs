using System.Buffers.Text;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>IP addresses in text, read without allocating.</summary>
internal static class AddressText
{
    private const int LongestText = 45;

    /// <summary>Reads an IPv4 address in four decimal parts or an IPv6 address (RFC 4291 §2.2) as 16 bytes, IPv4 mapped.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, Span<byte> address)
    {
        if (text.Length is < 2 or > LongestText) return false;
        if (text.IndexOf((byte)':') >= 0) return TryReadV6(text, address);
        address[..10].Clear();
        address[10..12].Fill(0xFF);
        return TryReadV4(text, address[12..16]);
    }

    private static bool TryReadV4(ReadOnlySpan<byte> text, Span<byte> address)
    {
        for (var i = 0; i < 4; i++)
        {
            var end = i == 3 ? text.Length : text.IndexOf((byte)'.');
            if (end is < 1 or > 3) return false;
            var number = 0;
            foreach (var digit in text[..end])
            {
                if (digit is < (byte)'0' or > (byte)'9') return false;
                number = (number * 10) + digit - '0';
            }

            if (number > 255) return false;
            address[i] = (byte)number;
            if (i < 3) text = text[(end + 1)..];
        }

        return true;
    }

    private static bool TryReadV6(ReadOnlySpan<byte> text, Span<byte> address)
    {
        var scope = text.IndexOf((byte)'%');
        if (scope >= 0) text = text[..scope];
        address[..16].Clear();
        var (written, gap) = (0, -1);
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            if (written == 16) return false;
            if (text.IndexOf((byte)':') < 0 && text.IndexOf((byte)'.') >= 0)
            {
                if (written > 12 || !TryReadV4(text, address.Slice(written, 4))) return false;
                written += 4;
                break;
            }

            if (!TryReadGroup(ref text, address.Slice(written, 2))) return false;
            written += 2;
            if (text.IsEmpty) break;
            text = text[1..];
            if (text.IsEmpty) return false;
            if (text[0] != ':') continue;
            if (gap >= 0) return false;
            gap = written;
            text = text[1..];
        }

        if (gap < 0) return written == 16;
        if (written == 16) return false;
        var tail = written - gap;
        address.Slice(gap, tail).CopyTo(address.Slice(16 - tail, tail));
        address[gap..(16 - tail)].Clear();
        return true;
    }

    // Leaves the text at the colon behind the group.
    private static bool TryReadGroup(ref ReadOnlySpan<byte> text, Span<byte> group)
    {
        var end = text.IndexOf((byte)':');
        if (end < 0) end = text.Length;
        if (end is < 1 or > 4 || !Utf8Parser.TryParse(text[..end], out ushort value, out var taken, 'x') || taken != end) return false;
        group[0] = (byte)(value >> 8);
        group[1] = (byte)value;
        text = text[end..];
        return true;
    }
}
