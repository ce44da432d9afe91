using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Vigie.Engine.Sigma;

/// <summary>
/// When the text of a field counts as an address for <c>cidr</c>: four decimal numbers, or IPv6 in any of the forms of RFC 4291 §2.2,
/// with or without a zone (<c>%eth0</c>). Nothing shorter: <c>1</c> or <c>0x7f.1</c>, which system libraries take for addresses, are none.
/// Addresses are 16 bytes; IPv4 and IPv4-mapped IPv6 (RFC 4291 §2.5.5.2) are the same ones.
/// </summary>
public static class FieldAddress
{
    private static readonly SearchValues<byte> Version6 = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>The bits before an IPv4 address in its 16 bytes.</summary>
    public const int MappedPrefix = 96;

    /// <summary>Reads an address.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="address">16 bytes to fill.</param>
    /// <param name="isV4">Whether it is an IPv4 address, mapped ones included.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, Span<byte> address, out bool isV4)
    {
        isV4 = TryV4(utf8, address);
        if (isV4) return true;
        if (utf8.Length is < 2 or > 80 || !utf8.Contains((byte)':')) return false;
        var zone = utf8.IndexOf((byte)'%');
        if (zone >= 0) utf8 = utf8[..zone];
        if (utf8.IndexOfAnyExcept(Version6) >= 0) return false;
        if (!TryV6(utf8, address)) return false;
        isV4 = IsMapped(address);
        return true;
    }

    /// <summary>Whether <paramref name="utf8"/> is an address of the network. An IPv4 address is never one of an IPv6 network, not even of <c>::/0</c>.</summary>
    public static bool IsIn(ReadOnlySpan<byte> utf8, ValueTest.Cidr network)
    {
        Span<byte> address = stackalloc byte[16];
        return TryParse(utf8, address, out var isV4) && isV4 == network.IsV4 && SamePrefix(address, network.Network.AsSpan(), network.PrefixLength);
    }

    /// <summary>Reads <c>address/bits</c>, or an address alone, which is a network of one. Bits behind the prefix may be set; they do not count.</summary>
    public static ValueTest.Cidr? TryNetwork(string written)
    {
        var slash = written.IndexOf('/', StringComparison.Ordinal);
        Span<byte> utf8 = stackalloc byte[80];
        var address = slash < 0 ? written : written[..slash];
        Span<byte> network = stackalloc byte[16];
        if (address.Length > 48 || !System.Text.Ascii.IsValid(address)) return null;
        utf8 = utf8[..System.Text.Encoding.ASCII.GetBytes(address, utf8)];
        if (utf8.Contains((byte)'%') || !TryParse(utf8, network, out _)) return null;
        var isDotted = !utf8.Contains((byte)':');
        var most = isDotted ? 32 : 128;
        var bits = most;
        if (slash >= 0 && (!int.TryParse(written.AsSpan(slash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out bits) || bits > most)) return null;
        if (isDotted) bits += MappedPrefix;
        for (var bit = bits; bit < 128; bit++) network[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new ValueTest.Cidr([.. network], bits, written);
    }

    /// <summary>Whether 16 bytes are an IPv4 address.</summary>
    public static bool IsMapped(ReadOnlySpan<byte> address) =>
        BinaryPrimitives.ReadUInt64BigEndian(address) == 0 && BinaryPrimitives.ReadUInt32BigEndian(address[8..]) == 0xFFFF;

    /// <summary>Whether two addresses of 16 bytes have their first bits in common.</summary>
    public static bool SamePrefix(ReadOnlySpan<byte> address, ReadOnlySpan<byte> network, int bits)
    {
        var whole = bits / 8;
        if (!address[..whole].SequenceEqual(network[..whole])) return false;
        var rest = bits % 8;
        return rest == 0 || (address[whole] ^ network[whole]) >> (8 - rest) == 0;
    }

    // Groups of up to four digits, one gap of zeros ("::"), the last two groups as four decimal numbers. Own, because IPAddress allocates.
    private static bool TryV6(ReadOnlySpan<byte> utf8, Span<byte> address)
    {
        address.Clear();
        var (length, gap) = (0, -1);
        if (utf8.StartsWith("::"u8))
        {
            gap = 0;
            utf8 = utf8[2..];
        }

        while (!utf8.IsEmpty)
        {
            var colon = utf8.IndexOf((byte)':');
            var group = colon < 0 ? utf8 : utf8[..colon];
            if (!TryGroup(group, colon < 0, address, ref length)) return false;
            if (colon < 0) break;
            utf8 = utf8[(colon + 1)..];
            if (utf8.IsEmpty) return false;
            if (utf8[0] != ':') continue;
            if (gap >= 0) return false;
            gap = length;
            utf8 = utf8[1..];
        }

        if (gap < 0 || length == 16) return gap < 0 && length == 16;
        var behind = length - gap;
        address.Slice(gap, behind).CopyTo(address[^behind..]);
        address[gap..^behind].Clear();
        return true;
    }

    private static bool TryGroup(ReadOnlySpan<byte> group, bool isLast, Span<byte> address, ref int length)
    {
        Span<byte> dotted = stackalloc byte[16];
        if (isLast && length <= 12 && TryV4(group, dotted))
        {
            dotted[12..].CopyTo(address[length..]);
            length += 4;
            return true;
        }

        if (group.Length is 0 or > 4 || length > 14 || !Utf8Parser.TryParse(group, out ushort value, out var used, 'x') || used != group.Length) return false;
        BinaryPrimitives.WriteUInt16BigEndian(address[length..], value);
        length += 2;
        return true;
    }

    private static bool TryV4(ReadOnlySpan<byte> utf8, Span<byte> address)
    {
        if (utf8.Length is < 7 or > 15) return false;
        address[..10].Clear();
        address[10] = address[11] = 0xFF;
        var part = 0;
        var digits = 0;
        var value = 0;
        foreach (var unit in utf8)
        {
            if (unit == '.')
            {
                if (digits == 0 || part == 3) return false;
                address[12 + part++] = (byte)value;
                digits = value = 0;
            }
            else if (unit is >= (byte)'0' and <= (byte)'9')
            {
                // A leading zero may mean octal: no one can tell, so it is no address.
                if (digits > 0 && value == 0) return false;
                value = (value * 10) + (unit - '0');
                if (++digits > 3 || value > 255) return false;
            }
            else
            {
                return false;
            }
        }

        if (part != 3 || digits == 0) return false;
        address[15] = (byte)value;
        return true;
    }
}
