using System.Runtime.InteropServices;

namespace Vigie.Engine.Formats.Evtx;

/// <summary>Tokens of binary XML: [MS-EVEN6] 2.2.12.</summary>
internal static class BinXmlToken
{
    public const byte EndOfStream = 0x00, OpenElement = 0x01, CloseStartElement = 0x02, CloseEmptyElement = 0x03, EndElement = 0x04,
        Value = 0x05, Attribute = 0x06, Cdata = 0x07, CharacterReference = 0x08, EntityReference = 0x09,
        InstructionTarget = 0x0A, InstructionData = 0x0B, TemplateInstance = 0x0C, Substitution = 0x0D, OptionalSubstitution = 0x0E, FragmentHeader = 0x0F;

    private const byte More = 0x40;

    /// <summary>Begins every fragment: the token, version 1.1, no flags.</summary>
    public static ReadOnlySpan<byte> Header => [FragmentHeader, 1, 1, 0];

    /// <summary>The token without the bit that says more of its kind follow.</summary>
    public static byte Plain(byte token) => (byte)(token & ~More);

    /// <summary>Whether more of its kind follow; of an element, whether it has attributes.</summary>
    public static bool HasMore(byte token) => (token & More) != 0;

    /// <summary>Whether it is a piece of text, in an attribute or an element.</summary>
    public static bool IsCharacterData(byte token) => Plain(token) is Value or Cdata or CharacterReference or EntityReference or Substitution or OptionalSubstitution;
}

/// <summary>Types of values: [MS-EVEN6] 2.2.12, "ValueType".</summary>
internal static class BinXmlType
{
    public const byte Null = 0x00, String = 0x01, AnsiString = 0x02, Int8 = 0x03, UInt8 = 0x04, Int16 = 0x05, UInt16 = 0x06, Int32 = 0x07, UInt32 = 0x08,
        Int64 = 0x09, UInt64 = 0x0A, Real32 = 0x0B, Real64 = 0x0C, Bool = 0x0D, Binary = 0x0E, Guid = 0x0F, SizeT = 0x10, FileTime = 0x11, SystemTime = 0x12,
        Sid = 0x13, HexInt32 = 0x14, HexInt64 = 0x15, Handle = 0x20, BinXml = 0x21, Xml = 0x23, Array = 0x80;
}

/// <summary>Text in binary XML.</summary>
internal static class BinXmlText
{
    /// <summary>UTF-16 text in a chunk.</summary>
    public static ReadOnlySpan<char> Characters(ReadOnlySpan<byte> chunk, int start, int length) => MemoryMarshal.Cast<byte, char>(chunk.Slice(start, length));

    /// <summary>The character of one of XML's five entities (XML 1.0 §4.6); others are replaced by U+FFFD.</summary>
    public static char Entity(string name) => name switch { "lt" => '<', "gt" => '>', "amp" => '&', "quot" => '"', "apos" => '\'', _ => '\uFFFD' };
}
