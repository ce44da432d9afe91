using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Formats.Evtx;

/// <summary>What to do with a record's values to get its fields: a template, compiled. Reused from chunk to chunk.</summary>
internal sealed class BinXmlProgram
{
    private BinXmlInstruction[] _code = new BinXmlInstruction[32];
    private int _length;

    /// <summary>The steps in order.</summary>
    public ReadOnlySpan<BinXmlInstruction> Code => _code.AsSpan(0, _length);

    /// <summary>Whether it was compiled to its end; what came before damage is kept.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Where the fragment it was compiled from ends in the chunk.</summary>
    public int End { get; set; }

    public void Reset()
    {
        _length = 0;
        IsWhole = false;
        End = 0;
    }

    public void Add(in BinXmlInstruction instruction)
    {
        if (_length == _code.Length) Array.Resize(ref _code, _length * 2);
        _code[_length++] = instruction;
    }
}

/// <summary>One step of a <see cref="BinXmlProgram"/>.</summary>
internal struct BinXmlInstruction
{
    public BinXmlStep Step;

    /// <summary>Of the element whose content a nested value would be.</summary>
    public EventSection Section;

    /// <summary>No field when the value is null: attributes and elements that are there for their children.</summary>
    public bool OmitNull;

    /// <summary>Which substitution value.</summary>
    public ushort Index;

    /// <summary>The field's number in <see cref="EventNames"/>.</summary>
    public int Name;

    /// <summary>Where constant text lies in the chunk; for a character, its code.</summary>
    public int Start;

    /// <summary>Length of the constant text in bytes.</summary>
    public int Length;
}

/// <summary>The kinds of step.</summary>
internal enum BinXmlStep : byte
{
    /// <summary>A field with a text of the template.</summary>
    Constant,

    /// <summary>A field without a value.</summary>
    Null,

    /// <summary>A field with a value of the record.</summary>
    Value,

    /// <summary>The record's time is a value of the record.</summary>
    Time,

    /// <summary>The next field's name is a value of the record.</summary>
    DynamicName,

    /// <summary>Begins a field that is put together of several pieces.</summary>
    Begin,

    /// <summary>A text of the template is the next piece.</summary>
    Text,

    /// <summary>A character is the next piece.</summary>
    Character,

    /// <summary>A value of the record is the next piece.</summary>
    Piece,

    /// <summary>Ends the field.</summary>
    Finish,
}
