using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;

namespace Vigie.Engine.Formats.Evtx;

/// <summary>Values of binary XML as Windows writes them in text: numbers, times, identifiers.</summary>
internal static class BinXmlValues
{
    /// <summary>No value but strings and binary data is longer.</summary>
    public const int LongestText = 256;

    // A SID has at most 15 sub-authorities ([MS-DTYP] 2.4.2).
    private const int MostSubAuthorities = 15;
    private const long FileTimeEpochTicks = 504_911_232_000_000_000;

    // Windows-1252 from 0x80 to 0x9F; the rest of it is Latin-1.
    private const string Windows1252 = "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    /// <summary>How many bytes a value of a type takes; 0 for those that vary.</summary>
    public static int SizeOf(byte type) => type switch
    {
        BinXmlType.Int8 or BinXmlType.UInt8 => 1,
        BinXmlType.Int16 or BinXmlType.UInt16 => 2,
        BinXmlType.Int32 or BinXmlType.UInt32 or BinXmlType.Real32 or BinXmlType.Bool or BinXmlType.HexInt32 => 4,
        BinXmlType.Int64 or BinXmlType.UInt64 or BinXmlType.Real64 or BinXmlType.FileTime or BinXmlType.HexInt64 => 8,
        BinXmlType.Guid or BinXmlType.SystemTime => 16,
        _ => 0,
    };

    /// <summary>Writes a value of a short type.</summary>
    /// <param name="type">A <see cref="BinXmlType"/>, without the array bit.</param>
    /// <param name="bytes">The value.</param>
    /// <param name="text">At least <see cref="LongestText"/> bytes.</param>
    /// <returns>The length written, or -1 when the type is no short one or the bytes do not fit it.</returns>
    public static int Format(byte type, ReadOnlySpan<byte> bytes, Span<byte> text)
    {
        if (SizeOf(type) is var size && size > bytes.Length) return -1;
        switch (type)
        {
            case BinXmlType.Int8: return Signed((sbyte)bytes[0], text);
            case BinXmlType.UInt8: return Unsigned(bytes[0], text);
            case BinXmlType.Int16: return Signed(BinaryPrimitives.ReadInt16LittleEndian(bytes), text);
            case BinXmlType.UInt16: return Unsigned(BinaryPrimitives.ReadUInt16LittleEndian(bytes), text);
            case BinXmlType.Int32: return Signed(BinaryPrimitives.ReadInt32LittleEndian(bytes), text);
            case BinXmlType.UInt32: return Unsigned(BinaryPrimitives.ReadUInt32LittleEndian(bytes), text);
            case BinXmlType.Int64: return Signed(BinaryPrimitives.ReadInt64LittleEndian(bytes), text);
            case BinXmlType.UInt64: return Unsigned(BinaryPrimitives.ReadUInt64LittleEndian(bytes), text);
            case BinXmlType.HexInt32: return Hex(BinaryPrimitives.ReadUInt32LittleEndian(bytes), text);
            case BinXmlType.HexInt64: return Hex(BinaryPrimitives.ReadUInt64LittleEndian(bytes), text);
            case BinXmlType.SizeT or BinXmlType.Handle when bytes.Length >= 8: return Hex(BinaryPrimitives.ReadUInt64LittleEndian(bytes), text);
            case BinXmlType.SizeT or BinXmlType.Handle when bytes.Length >= 4: return Hex(BinaryPrimitives.ReadUInt32LittleEndian(bytes), text);
            case BinXmlType.Real32: return BinaryPrimitives.ReadSingleLittleEndian(bytes).TryFormat(text, out var real, default, CultureInfo.InvariantCulture) ? real : -1;
            case BinXmlType.Real64: return BinaryPrimitives.ReadDoubleLittleEndian(bytes).TryFormat(text, out var real64, default, CultureInfo.InvariantCulture) ? real64 : -1;
            case BinXmlType.Guid: return new Guid(bytes[..16]).TryFormat(text, out var guid, "B") ? guid : -1;
            case BinXmlType.FileTime: return TryTime(BinaryPrimitives.ReadInt64LittleEndian(bytes), out var time) ? Iso(time, text) : -1;
            case BinXmlType.SystemTime: return TrySystemTime(bytes, out time) ? Iso(time, text) : -1;
            case BinXmlType.Sid: return Sid(bytes, text);
            default: return -1;
        }
    }

    /// <summary>Whether values of a type are numbers.</summary>
    public static bool IsNumber(byte type) => type is >= BinXmlType.Int8 and <= BinXmlType.Real64;

    /// <summary>A FILETIME, 100 ns since 1601, as a time in UTC.</summary>
    public static bool TryTime(long fileTime, out DateTime time)
    {
        var valid = fileTime >= 0 && fileTime <= DateTime.MaxValue.Ticks - FileTimeEpochTicks;
        time = valid ? new DateTime(FileTimeEpochTicks + fileTime, DateTimeKind.Utc) : default;
        return valid;
    }

    /// <summary>Whether a value without bytes is a value; a number without bytes is none.</summary>
    public static bool MayBeEmpty(byte type) => type is BinXmlType.String or BinXmlType.AnsiString or BinXmlType.Binary or BinXmlType.Xml;

    /// <summary>Windows-1252 as UTF-8.</summary>
    /// <returns>The length written; <paramref name="utf8"/> must have three times the room.</returns>
    public static int Ansi(ReadOnlySpan<byte> bytes, Span<byte> utf8)
    {
        var length = 0;
        foreach (var b in bytes)
        {
            if (b < 0x80) utf8[length++] = b;
            else length += new System.Text.Rune(b < 0xA0 ? Windows1252[b - 0x80] : (char)b).EncodeToUtf8(utf8[length..]);
        }

        return length;
    }

    /// <summary>Upper-case hexadecimal digits.</summary>
    public static void Digits(ReadOnlySpan<byte> bytes, Span<byte> text) => Convert.TryToHexString(bytes, text, out _);

    private static int Signed(long number, Span<byte> text) => Utf8Formatter.TryFormat(number, text, out var length) ? length : -1;

    private static int Unsigned(ulong number, Span<byte> text) => Utf8Formatter.TryFormat(number, text, out var length) ? length : -1;

    private static int Hex(ulong number, Span<byte> text)
    {
        text[0] = (byte)'0';
        text[1] = (byte)'x';
        return Utf8Formatter.TryFormat(number, text[2..], out var length, 'x') ? length + 2 : -1;
    }

    private static int Iso(DateTime time, Span<byte> text) => Utf8Formatter.TryFormat(time, text, out var length, 'O') ? length : -1;

    private static bool TrySystemTime(ReadOnlySpan<byte> bytes, out DateTime time)
    {
        time = default;
        int Part(ReadOnlySpan<byte> from, int index) => BinaryPrimitives.ReadUInt16LittleEndian(from[(index * 2)..]);
        var (year, month, day) = (Part(bytes, 0), Part(bytes, 1), Part(bytes, 3));
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (Part(bytes, 4) > 23 || Part(bytes, 5) > 59 || Part(bytes, 6) > 59 || Part(bytes, 7) > 999) return false;
        time = new DateTime(year, month, day, Part(bytes, 4), Part(bytes, 5), Part(bytes, 6), Part(bytes, 7), DateTimeKind.Utc);
        return true;
    }

    // [MS-DTYP] 2.4.2.1: S-revision-authority-sub-sub…; the authority is big-endian, what is below it little-endian.
    private static int Sid(ReadOnlySpan<byte> bytes, Span<byte> text)
    {
        if (bytes.Length < 8 || bytes[1] > MostSubAuthorities || bytes.Length < 8 + (bytes[1] * 4)) return -1;
        "S-"u8.CopyTo(text);
        var length = 2 + Unsigned(bytes[0], text[2..]);
        var authority = ((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        length = Dashed(authority, text, length);
        for (var i = 0; i < bytes[1]; i++) length = Dashed(BinaryPrimitives.ReadUInt32LittleEndian(bytes[(8 + (i * 4))..]), text, length);
        return length;
    }

    private static int Dashed(ulong number, Span<byte> text, int length)
    {
        text[length] = (byte)'-';
        return length + 1 + Unsigned(number, text[(length + 1)..]);
    }
}
