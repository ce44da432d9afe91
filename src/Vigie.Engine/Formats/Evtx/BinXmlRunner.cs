using System.Buffers.Binary;
using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Formats.Evtx;

/// <summary>Runs compiled templates over the values of one record and puts the fields into an <see cref="EventRecord"/>.</summary>
internal sealed class BinXmlRunner(EventNames names, EvtxChunk chunk)
{
    // XML within values within values: Windows nests once.
    private const int DeepestValue = 8;

    // A record is shorter than its chunk, but a made-up template can use one value thousands of times.
    private const int MostTextBytes = 256 * 1024;

    private readonly List<Value> _values = [];
    private byte[] _text = new byte[1024];
    private int _textLength;
    private int _dynamicName = EventNames.None;
    private int _spent;
    private EventRecord _record = null!;
    private byte[] _buffer = [];
    private int _base;
    private int _limit;

    /// <summary>Whether something in the last record could not be read.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>When the last record says it happened.</summary>
    public DateTime? Time { get; private set; }

    private ReadOnlySpan<byte> Chunk => _buffer.AsSpan(_base, _limit);

    /// <summary>Reads the binary XML of one record into <paramref name="record"/>, as far as it goes.</summary>
    /// <param name="record">Begun, without fields.</param>
    /// <param name="buffer">The bytes the chunk lies in.</param>
    /// <param name="start">Where the chunk begins in them.</param>
    /// <param name="limit">How many bytes of the chunk there are.</param>
    /// <param name="position">Where the XML begins in the chunk.</param>
    /// <param name="end">Where it ends.</param>
    public void Run(EventRecord record, byte[] buffer, int start, int limit, int position, int end)
    {
        (_record, _buffer, _base, _limit) = (record, buffer, start, limit);
        names.Bind(record);
        _values.Clear();
        _spent = 0;
        _dynamicName = EventNames.None;
        IsDamaged = false;
        Time = null;
        Fragment(position, end, EventSection.Document, 0);
    }

    private void Fragment(int position, int end, EventSection section, int depth)
    {
        if (depth > DeepestValue)
        {
            IsDamaged = true;
            return;
        }

        while (position < end)
        {
            switch (BinXmlToken.Plain(Chunk[position]))
            {
                case BinXmlToken.FragmentHeader:
                    position += 4;
                    break;
                case BinXmlToken.TemplateInstance:
                    position = Instance(position, end, section, depth);
                    break;
                case BinXmlToken.OpenElement:
                    position = Elements(position, end, section, depth);
                    break;
                case BinXmlToken.EndOfStream:
                    return;
                default:
                    IsDamaged = true;
                    return;
            }
        }
    }

    private int Elements(int position, int end, EventSection section, int depth)
    {
        var program = chunk.Elements(Chunk, position, end, section, depth > 0);
        if (program is null or { IsWhole: false }) IsDamaged = true;
        if (program is null) return end;
        Execute(program, _values.Count, 0, depth);
        return program.IsWhole ? Math.Max(program.End, position + 1) : end;
    }

    // 0C, version, the template's id and offset; the definition itself where it is used first; then the values.
    private int Instance(int position, int end, EventSection section, int depth)
    {
        var cursor = new BinXmlCursor(Chunk, position, end);
        cursor.Skip(2);
        var id = cursor.UInt32();
        var definition = (int)Math.Min(cursor.UInt32(), int.MaxValue);
        if (definition == cursor.Position)
        {
            cursor.Skip(EvtxChunk.DefinitionHeader - 4);
            cursor.Skip(cursor.UInt32());
        }

        var count = cursor.UInt32();
        var isRight = false;
        var program = cursor.Failed ? null : chunk.Template(Chunk, definition, id, section, out isRight);
        if (program is null || count > cursor.Remaining / 4)
        {
            IsDamaged = true;
            return end;
        }

        var first = _values.Count;
        var next = ReadValues(ref cursor, (int)count, end);
        IsDamaged |= !program.IsWhole || !isRight;
        Execute(program, first, (int)count, depth);
        _values.RemoveRange(first, (int)count);
        return next;
    }

    private int ReadValues(ref BinXmlCursor cursor, int count, int end)
    {
        var at = cursor.Position + (count * 4);
        for (var i = 0; i < count; i++)
        {
            int length = cursor.UInt16();
            var type = cursor.Byte();
            cursor.Skip(1);
            if (length > end - at)
            {
                IsDamaged = true;
                length = Math.Max(0, end - at);
            }

            _values.Add(new Value(at, length, type));
            at += length;
        }

        return at;
    }

    private void Execute(BinXmlProgram program, int first, int count, int depth)
    {
        foreach (ref readonly var step in program.Code)
        {
            var value = step.Index < count ? _values[first + step.Index] : default;
            switch (step.Step)
            {
                case BinXmlStep.Value: Field(step, value, depth); break;
                case BinXmlStep.Constant: Add(step.Name, FieldKind.Utf16, _base + step.Start, step.Length); break;
                case BinXmlStep.Null: Add(step.Name, FieldKind.Null, _base, 0); break;
                case BinXmlStep.Time: SetTime(value); break;
                case BinXmlStep.DynamicName: SetName(value); break;
                case BinXmlStep.Begin: _textLength = 0; break;
                case BinXmlStep.Text: Append(BinXmlText.Characters(Chunk, step.Start, step.Length)); break;
                case BinXmlStep.Character: Append([(char)step.Start]); break;
                case BinXmlStep.Piece: AppendValue(value); break;
                case BinXmlStep.Finish: AddText(step.Name, FieldKind.String, _text.AsSpan(0, _textLength)); break;
            }
        }
    }

    private void Field(in BinXmlInstruction step, Value value, int depth)
    {
        if (value.Type == BinXmlType.BinXml)
        {
            _dynamicName = EventNames.None;
            Fragment(value.Start, value.Start + value.Length, step.Section, depth + 1);
        }
        else if (value.Type == BinXmlType.Null || (value.Length == 0 && (step.OmitNull || !BinXmlValues.MayBeEmpty(value.Type))))
        {
            if (!step.OmitNull) Add(step.Name, FieldKind.Null, _base, 0);
            _dynamicName = EventNames.None;
        }
        else if ((value.Type & BinXmlType.Array) != 0)
        {
            Elements(step.Name, value with { Type = (byte)(value.Type & ~BinXmlType.Array) });
        }
        else
        {
            Scalar(step.Name, value);
        }
    }

    // The element is repeated for each element of an array.
    private void Elements(int name, Value array)
    {
        var dynamicName = _dynamicName;
        var size = array.Type is BinXmlType.SizeT ? 8 : BinXmlValues.SizeOf(array.Type);
        for (var at = 0; at < array.Length && !_record.IsTruncated && _spent <= MostTextBytes;)
        {
            var bytes = Chunk.Slice(array.Start + at, array.Length - at);
            var (length, taken) = array.Type switch
            {
                BinXmlType.String => Terminated(bytes),
                BinXmlType.AnsiString => bytes.IndexOf((byte)0) is >= 0 and var zero ? (zero, zero + 1) : (bytes.Length, bytes.Length),
                BinXmlType.Sid when bytes.Length >= 2 => (Math.Min(8 + (bytes[1] * 4), bytes.Length), 8 + (bytes[1] * 4)),
                _ => size == 0 ? (bytes.Length, bytes.Length) : (Math.Min(size, bytes.Length), size),
            };
            _dynamicName = dynamicName;
            Scalar(name, new Value(array.Start + at, length, array.Type));
            at += taken;
        }

        _dynamicName = EventNames.None;
    }

    private static (int Length, int Taken) Terminated(ReadOnlySpan<byte> utf16)
    {
        for (var i = 0; i + 1 < utf16.Length; i += 2)
            if (utf16[i] == 0 && utf16[i + 1] == 0) return (i, i + 2);
        return (utf16.Length, utf16.Length);
    }

    private void Scalar(int name, Value value)
    {
        var bytes = Chunk.Slice(value.Start, value.Length);
        switch (value.Type)
        {
            case BinXmlType.String or BinXmlType.Xml:
                Add(name, FieldKind.Utf16, _base + value.Start, WithoutZeros(bytes));
                break;
            case BinXmlType.Bool:
                Add(name, bytes.IndexOfAnyExcept((byte)0) >= 0 ? FieldKind.True : FieldKind.False, _base, 0);
                break;
            default:
                Span<byte> text = stackalloc byte[BinXmlValues.LongestText];
                var length = BinXmlValues.Format(value.Type, bytes, text);
                if (length >= 0) AddText(name, BinXmlValues.IsNumber(value.Type) ? FieldKind.Number : FieldKind.String, text[..length]);
                else AddLong(name, value.Type, bytes);
                break;
        }
    }

    private void AddLong(int name, byte type, ReadOnlySpan<byte> bytes)
    {
        _textLength = 0;
        AppendLong(type, bytes);
        AddText(name, FieldKind.String, _text.AsSpan(0, _textLength));
    }

    // Strings often come with the zero that ends them in memory.
    private static int WithoutZeros(ReadOnlySpan<byte> utf16)
    {
        var length = utf16.Length & ~1;
        while (length >= 2 && utf16[length - 1] == 0 && utf16[length - 2] == 0) length -= 2;
        return length;
    }

    private void SetTime(Value value)
    {
        if (value.Type == BinXmlType.FileTime && value.Length >= 8 && BinXmlValues.TryTime(BinaryPrimitives.ReadInt64LittleEndian(Chunk[value.Start..]), out var time)) Time = time;
    }

    private void SetName(Value value)
    {
        if (value.Type == BinXmlType.String) _dynamicName = names.Of(BinXmlText.Characters(Chunk, value.Start, WithoutZeros(Chunk.Slice(value.Start, value.Length))));
    }

    private void AddText(int name, FieldKind kind, ReadOnlySpan<byte> utf8)
    {
        if (_spent + utf8.Length <= MostTextBytes) Add(name, kind, _record.Write(utf8), utf8.Length);
        else IsDamaged = true;
    }

    private void Add(int name, FieldKind kind, int start, int length)
    {
        if (_dynamicName != EventNames.None) name = _dynamicName;
        _dynamicName = EventNames.None;
        _spent += length;
        if (_spent > MostTextBytes)
        {
            IsDamaged = true;
            return;
        }

        var id = names.Resolve(name, out var slot);
        _record.Add(id, 0, slot, kind, start, length);
    }

    private void AppendValue(Value value)
    {
        var bytes = Chunk.Slice(value.Start, value.Length);
        switch (value.Type)
        {
            case BinXmlType.Null or BinXmlType.BinXml: break;
            case BinXmlType.String or BinXmlType.Xml: Append(BinXmlText.Characters(Chunk, value.Start, WithoutZeros(bytes))); break;
            case BinXmlType.Bool: AppendBytes(bytes.IndexOfAnyExcept((byte)0) >= 0 ? "true"u8 : "false"u8); break;
            default:
                Span<byte> text = stackalloc byte[BinXmlValues.LongestText];
                var length = BinXmlValues.Format(value.Type, bytes, text);
                if (length >= 0) AppendBytes(text[..length]);
                else AppendLong(value.Type, bytes);
                break;
        }
    }

    // Text of one byte a character, or digits for what is not text or not what its type says.
    private void AppendLong(byte type, ReadOnlySpan<byte> bytes)
    {
        if (!Reserve(bytes.Length * 3)) return;
        var room = _text.AsSpan(_textLength);
        if (type == BinXmlType.AnsiString)
        {
            _textLength += BinXmlValues.Ansi(bytes.TrimEnd((byte)0), room);
            return;
        }

        BinXmlValues.Digits(bytes, room);
        _textLength += bytes.Length * 2;
    }

    private void Append(ReadOnlySpan<char> characters)
    {
        if (!Reserve(characters.Length * 3)) return;
        Encoding.UTF8.TryGetBytes(characters, _text.AsSpan(_textLength), out var written);
        _textLength += written;
    }

    private void AppendBytes(ReadOnlySpan<byte> utf8)
    {
        if (!Reserve(utf8.Length)) return;
        utf8.CopyTo(_text.AsSpan(_textLength));
        _textLength += utf8.Length;
    }

    private bool Reserve(int more)
    {
        if (_textLength + more > MostTextBytes) return false;
        if (_text.Length < _textLength + more) Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + more));
        return true;
    }

    private readonly record struct Value(int Start, int Length, byte Type);
}
