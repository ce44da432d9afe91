namespace Vigie.Engine.Events;

/// <summary>What kind of value a field of an event holds, and how its bytes are to be read.</summary>
public enum FieldKind : byte
{
    /// <summary>Present, with no value (JSON <c>null</c>, Zeek <c>-</c>).</summary>
    Null,

    /// <summary>The boolean true; its text is <c>true</c>.</summary>
    True,

    /// <summary>The boolean false; its text is <c>false</c>.</summary>
    False,

    /// <summary>A number, as written in the log.</summary>
    Number,

    /// <summary>Text in UTF-8.</summary>
    String,

    /// <summary>Text in UTF-8 with JSON escapes (RFC 8259 §7) still in it.</summary>
    EscapedString,

    /// <summary>Text in little-endian UTF-16, as Windows event logs hold it.</summary>
    Utf16,

    /// <summary>A container of named fields; its value is its raw text.</summary>
    Object,

    /// <summary>A container of values; its value is its raw text, its elements are fields without a name of their own.</summary>
    Array,
}
