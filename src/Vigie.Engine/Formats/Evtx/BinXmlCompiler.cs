using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Formats.Evtx;

/// <summary>
/// Compiles binary XML ([MS-EVEN6] 2.2.12; J. Metz, "Windows XML Event Log (EVTX) format") into a
/// <see cref="BinXmlProgram"/>: for each element and attribute that becomes a field, where its value comes from.
/// </summary>
internal sealed class BinXmlCompiler(EventNames names)
{
    // Deeper than any provider's template; the compiler recurses.
    private const int DeepestElement = 48;

    private readonly Dictionary<int, int> _namesAt = [];
    private readonly List<Piece> _pieces = [];

    private enum PieceKind : byte
    {
        Text,
        Character,
        Value,
    }

    /// <summary>Forgets where names lie: another chunk follows.</summary>
    public void Reset() => _namesAt.Clear();

    /// <summary>Compiles the fragment at <paramref name="position"/>.</summary>
    /// <param name="chunk">The chunk's bytes; names are found by their offset in it.</param>
    /// <param name="position">Where the fragment begins.</param>
    /// <param name="end">Where its bytes end.</param>
    /// <param name="section">What the fragment is the content of.</param>
    /// <param name="hasDependencyIds">Elements within a value lack a field that all others have.</param>
    /// <param name="program">Filled; <see cref="BinXmlProgram.IsWhole"/> says whether to the end.</param>
    public void Compile(ReadOnlySpan<byte> chunk, int position, int end, EventSection section, bool hasDependencyIds, BinXmlProgram program)
    {
        program.Reset();
        _pieces.Clear();
        var cursor = new BinXmlCursor(chunk, position, end);
        var whole = true;
        while (whole && !cursor.Failed && cursor.Remaining > 0)
        {
            var token = cursor.Byte();
            if (token == BinXmlToken.EndOfStream) break;
            whole = BinXmlToken.Plain(token) switch
            {
                BinXmlToken.FragmentHeader => SkipHeader(ref cursor),
                BinXmlToken.OpenElement => Element(chunk, ref cursor, token, section, hasDependencyIds, 0, program),
                BinXmlToken.InstructionTarget => Instruction(chunk, ref cursor),
                BinXmlToken.InstructionData => Characters(ref cursor),
                _ => false,
            };
        }

        program.IsWhole = whole && !cursor.Failed;
        program.End = cursor.Position;
    }

    private static bool SkipHeader(ref BinXmlCursor cursor)
    {
        cursor.Skip(3);
        return true;
    }

    private static bool Characters(ref BinXmlCursor cursor)
    {
        cursor.Skip(cursor.UInt16() * 2u);
        return true;
    }

    private bool Instruction(ReadOnlySpan<byte> chunk, ref BinXmlCursor cursor)
    {
        NameAt(chunk, ref cursor);
        return true;
    }

    private bool Element(ReadOnlySpan<byte> chunk, ref BinXmlCursor cursor, byte token, EventSection outer, bool hasDependencyIds, int depth, BinXmlProgram program)
    {
        if (depth == DeepestElement) return false;
        if (hasDependencyIds) cursor.Skip(2);
        cursor.Skip(4);
        var element = new EventElement(NameAt(chunk, ref cursor), outer);
        if (BinXmlToken.HasMore(token)) cursor.Skip(4);
        if (!Attributes(chunk, ref cursor, ref element, program)) return false;
        switch (cursor.Byte())
        {
            case BinXmlToken.CloseEmptyElement:
                Content(element, _pieces.Count, program);
                return !cursor.Failed;
            case BinXmlToken.CloseStartElement:
                return Inside(chunk, ref cursor, element, hasDependencyIds, depth, program);
            default:
                return false;
        }
    }

    private bool Inside(ReadOnlySpan<byte> chunk, ref BinXmlCursor cursor, EventElement element, bool hasDependencyIds, int depth, BinXmlProgram program)
    {
        var first = _pieces.Count;
        while (!cursor.Failed)
        {
            var token = cursor.Byte();
            switch (BinXmlToken.Plain(token))
            {
                case BinXmlToken.OpenElement:
                    element.HasChildren = true;
                    if (!Element(chunk, ref cursor, token, element.Inner, hasDependencyIds, depth + 1, program)) return false;
                    break;
                case BinXmlToken.EndElement:
                    Content(element, first, program);
                    _pieces.RemoveRange(first, _pieces.Count - first);
                    return !cursor.Failed;
                case BinXmlToken.InstructionTarget:
                    NameAt(chunk, ref cursor);
                    break;
                case BinXmlToken.InstructionData:
                    Characters(ref cursor);
                    break;
                default:
                    if (!AddPiece(chunk, ref cursor, token)) return false;
                    break;
            }
        }

        return false;
    }

    private bool Attributes(ReadOnlySpan<byte> chunk, ref BinXmlCursor cursor, ref EventElement element, BinXmlProgram program)
    {
        var first = _pieces.Count;
        while (!cursor.Failed && BinXmlToken.Plain(cursor.Peek) == BinXmlToken.Attribute)
        {
            cursor.Byte();
            var name = NameAt(chunk, ref cursor);
            while (!cursor.Failed && BinXmlToken.IsCharacterData(cursor.Peek))
                if (!AddPiece(chunk, ref cursor, cursor.Byte())) return false;
            Attribute(chunk, ref element, name, first, program);
            _pieces.RemoveRange(first, _pieces.Count - first);
        }

        return !cursor.Failed;
    }

    private void Attribute(ReadOnlySpan<byte> chunk, ref EventElement element, int name, int first, BinXmlProgram program)
    {
        var count = _pieces.Count - first;
        if (names.IsNamespace(name)) return;
        if (name == EventNames.Name && element.TakesName && count == 1 && _pieces[first] is { Kind: PieceKind.Text } literal)
        {
            element.Field = names.Of(BinXmlText.Characters(chunk, literal.Start, literal.Length));
            return;
        }

        if (name == EventNames.Name && element.TakesName && count == 1 && _pieces[first] is { Kind: PieceKind.Value } value)
        {
            element.NamedBy = value.Index;
            return;
        }

        if (element.IsTime(name) && count == 1 && _pieces[first] is { Kind: PieceKind.Value } time)
            program.Add(new BinXmlInstruction { Step = BinXmlStep.Time, Index = time.Index });
        Field(element.AttributeField(names, name), element.Inner, omitNull: true, first, program);
        element.HasAttributes = true;
    }

    private void Content(in EventElement element, int first, BinXmlProgram program)
    {
        var container = !element.IsLeaf;
        if (_pieces.Count == first)
        {
            if (!container && !element.HasAttributes) program.Add(new BinXmlInstruction { Step = BinXmlStep.Null, Name = FieldOf(element, program) });
            return;
        }

        // Blanks between children are the provider's line breaks; a value there is nested XML, or nothing.
        if (container) DropTexts(first);
        if (_pieces.Count > first) Field(FieldOf(element, program), element.Inner, container || element.HasAttributes, first, program);
    }

    private void DropTexts(int first)
    {
        for (var i = _pieces.Count - 1; i >= first; i--)
            if (_pieces[i].Kind != PieceKind.Value) _pieces.RemoveAt(i);
    }

    private int FieldOf(in EventElement element, BinXmlProgram program)
    {
        if (element.NamedBy >= 0) program.Add(new BinXmlInstruction { Step = BinXmlStep.DynamicName, Index = (ushort)element.NamedBy });
        return element.FieldName(names);
    }

    private void Field(int name, EventSection section, bool omitNull, int first, BinXmlProgram program)
    {
        var count = _pieces.Count - first;
        var step = new BinXmlInstruction { Name = name, Section = section, OmitNull = omitNull };
        if (count == 0)
        {
            if (!omitNull) program.Add(step with { Step = BinXmlStep.Null });
            return;
        }

        if (count == 1 && _pieces[first].Kind != PieceKind.Character)
        {
            program.Add(_pieces[first].Fill(step, BinXmlStep.Constant, BinXmlStep.Value));
            return;
        }

        program.Add(step with { Step = BinXmlStep.Begin });
        for (var i = first; i < _pieces.Count; i++) program.Add(_pieces[i].Fill(step, BinXmlStep.Text, BinXmlStep.Piece));
        program.Add(step with { Step = BinXmlStep.Finish });
    }

    private bool AddPiece(ReadOnlySpan<byte> chunk, ref BinXmlCursor cursor, byte token)
    {
        switch (BinXmlToken.Plain(token))
        {
            case BinXmlToken.Value when cursor.Byte() is BinXmlType.String:
            case BinXmlToken.Cdata:
                var characters = cursor.UInt16();
                cursor.Text(characters);
                if (!cursor.Failed) _pieces.Add(new Piece(PieceKind.Text, 0, cursor.Position - (characters * 2), characters * 2));
                return !cursor.Failed;
            case BinXmlToken.CharacterReference:
                _pieces.Add(new Piece(PieceKind.Character, 0, cursor.UInt16(), 0));
                return !cursor.Failed;
            case BinXmlToken.EntityReference:
                _pieces.Add(new Piece(PieceKind.Character, 0, BinXmlText.Entity(names[NameAt(chunk, ref cursor)]), 0));
                return !cursor.Failed;
            case BinXmlToken.Substitution or BinXmlToken.OptionalSubstitution:
                _pieces.Add(new Piece(PieceKind.Value, cursor.UInt16(), 0, 0));
                cursor.Skip(1);
                return !cursor.Failed;
            default:
                return false;
        }
    }

    // A name is where its offset says; the first time it is used, that is right here.
    private int NameAt(ReadOnlySpan<byte> chunk, ref BinXmlCursor cursor)
    {
        const int LengthAt = 6;
        var offset = (int)Math.Min(cursor.UInt32(), int.MaxValue);
        var isHere = offset == cursor.Position;
        if (!isHere && _namesAt.TryGetValue(offset, out var name)) return name;
        var at = new BinXmlCursor(chunk, offset, chunk.Length);
        at.Skip(LengthAt);
        var text = at.Text(at.UInt16());
        if (at.Failed)
        {
            cursor.Skip(uint.MaxValue);
            return EventNames.None;
        }

        // A zero follows the characters.
        if (isHere) cursor.Skip((uint)(at.Position + 2 - offset));
        name = names.Of(text);
        _namesAt[offset] = name;
        return name;
    }

    private readonly record struct Piece(PieceKind Kind, ushort Index, int Start, int Length)
    {
        public BinXmlInstruction Fill(BinXmlInstruction step, BinXmlStep text, BinXmlStep value) => step with
        {
            Step = Kind switch { PieceKind.Text => text, PieceKind.Character => BinXmlStep.Character, _ => value },
            Index = Index,
            Start = Start,
            Length = Length,
        };
    }
}
