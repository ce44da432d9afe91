using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Vigie.Watches.Domains.Dns;

/// <summary>
/// A domain name as the wire knows it (RFC 1035 §3.1): labels of 1 to 63 octets, at most 255 octets with their
/// lengths. Kept in presentation form (<c>\.</c>, <c>\\</c> and <c>\DDD</c> escapes), without the closing dot;
/// two names are equal when they differ in ASCII case alone (RFC 4343).
/// </summary>
internal readonly struct DnsName : IEquatable<DnsName>
{
    /// <summary>Octets of the longest name on the wire, the root's empty label included.</summary>
    public const int MaxWireLength = 255;

    /// <summary>Octets of the longest label.</summary>
    public const int MaxLabelLength = 63;

    private readonly string? _text;

    private DnsName(string text) => _text = text;

    /// <summary>The root, which is also the exchange of a null MX (RFC 7505).</summary>
    public static DnsName Root { get; }

    public bool IsRoot => _text is null or "";

    /// <summary>The name in presentation form; <c>.</c> for the root.</summary>
    public override string ToString() => IsRoot ? "." : _text!;

    /// <summary>Reads a name in presentation form; a closing dot is allowed.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DnsName name)
    {
        name = default;
        if (string.IsNullOrEmpty(text)) return false;
        if (text == ".") return true;

        Span<byte> wire = stackalloc byte[MaxWireLength];
        if (!TryEncode(text, wire, out var written)) return false;
        name = FromWire(wire[..written]);
        return true;
    }

    /// <summary>Reads a name that the program itself wrote or has validated.</summary>
    /// <exception cref="FormatException">It is not a domain name.</exception>
    public static DnsName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"\"{text}\" is not a domain name");

    /// <summary>The name's uncompressed octets, the root's empty label included.</summary>
    /// <returns>How many octets were written, at most <see cref="MaxWireLength"/>.</returns>
    public int Encode(Span<byte> wire)
    {
        if (IsRoot)
        {
            wire[0] = 0;
            return 1;
        }

        // Invariant: _text only ever comes from FromWire, so it encodes again.
        if (!TryEncode(_text!, wire, out var written)) throw new InvalidOperationException($"\"{_text}\" does not encode");
        return written;
    }

    /// <summary>Makes a name of well-formed uncompressed octets.</summary>
    internal static DnsName FromWire(ReadOnlySpan<byte> wire)
    {
        var text = new StringBuilder(wire.Length);
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            if (text.Length > 0) text.Append('.');
            AppendLabel(text, wire.Slice(at + 1, wire[at]));
        }

        return new DnsName(text.ToString());
    }

    public bool Equals(DnsName other) => string.Equals(_text ?? "", other._text ?? "", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the names agree in case too, which is what a server that echoes a question must do.</summary>
    public bool EqualsInCase(DnsName other) => string.Equals(_text ?? "", other._text ?? "", StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is DnsName other && Equals(other);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(_text ?? "");

    public static bool operator ==(DnsName left, DnsName right) => left.Equals(right);

    public static bool operator !=(DnsName left, DnsName right) => !left.Equals(right);

    /// <summary>
    /// The same name with every letter's case chosen by <paramref name="bits"/>: a forger has to guess the case too
    /// (draft-vixie-dnsext-dns0x20).
    /// </summary>
    public DnsName WithCase(Func<bool> bits)
    {
        if (IsRoot) return this;
        return new DnsName(string.Create(_text!.Length, (_text, bits), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var c = state._text[i];
                span[i] = char.IsAsciiLetter(c) ? (state.bits() ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)) : c;
            }
        }));
    }

    /// <summary>The name in lower case, as RFC 4034 §6.2 makes names canonical.</summary>
    public DnsName Lower() => IsRoot ? this : new DnsName(_text!.ToLowerInvariant());

    private static bool TryEncode(string text, Span<byte> wire, out int written)
    {
        written = 0;
        var lengthAt = 0;
        var at = 1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '.')
            {
                if (!EndLabel(wire, ref lengthAt, ref at)) return false;
                if (i == text.Length - 1) break;
                continue;
            }

            if (!TryReadOctet(text, ref i, out var octet)) return false;
            if (at - lengthAt > MaxLabelLength || at >= MaxWireLength - 1) return false;
            wire[at++] = octet;
        }

        if (text[^1] != '.' || at - lengthAt > 1)
        {
            if (!EndLabel(wire, ref lengthAt, ref at)) return false;
        }

        wire[lengthAt] = 0;
        written = at;
        return written <= MaxWireLength;
    }

    // Invariant: wire[lengthAt] is where the open label's length goes, at is the next free octet.
    private static bool EndLabel(Span<byte> wire, ref int lengthAt, ref int at)
    {
        var length = at - lengthAt - 1;
        if (length is < 1 or > MaxLabelLength || at >= MaxWireLength) return false;
        wire[lengthAt] = (byte)length;
        lengthAt = at++;
        return true;
    }

    private static bool TryReadOctet(string text, ref int i, out byte octet)
    {
        octet = 0;
        var c = text[i];
        if (c is <= ' ' or > '~') return false;
        if (c != '\\')
        {
            octet = (byte)c;
            return true;
        }

        if (i + 1 >= text.Length) return false;
        if (!char.IsAsciiDigit(text[i + 1]))
        {
            if (text[i + 1] is <= ' ' or > '~') return false;
            octet = (byte)text[++i];
            return true;
        }

        if (i + 3 >= text.Length || !byte.TryParse(text.AsSpan(i + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out octet)) return false;
        i += 3;
        return true;
    }

    private static void AppendLabel(StringBuilder text, ReadOnlySpan<byte> label)
    {
        foreach (var octet in label)
        {
            if (octet is (byte)'.' or (byte)'\\') text.Append('\\').Append((char)octet);
            else if (octet is > (byte)' ' and <= (byte)'~') text.Append((char)octet);
            else text.Append('\\').Append(octet.ToString("000", CultureInfo.InvariantCulture));
        }
    }
}
