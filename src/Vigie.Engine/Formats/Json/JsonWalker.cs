using System.Runtime.CompilerServices;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Json.Shapes;

namespace Vigie.Engine.Formats.Json;

/// <summary>
/// Walks one JSON document (RFC 8259) and puts its fields into a record. Invariant: it reads nothing at or beyond its
/// end that matters, and goes no deeper than <see cref="MaxDepth"/>.
/// </summary>
internal sealed class JsonWalker
{
    /// <summary>How deep containers may lie in each other.</summary>
    public const int MaxDepth = 64;

    private const int Incomplete = -1;
    private const int Malformed = -2;
    private const int TooDeep = -3;

    private readonly int[] _anchors = new int[64];
    private byte[] _buffer = [];
    private int _end;
    private int _failedAt;
    private EventRecord _record = null!;
    private NameTable _names = null!;
    private PairHalf _half;

    /// <summary>The field of each anchor of the shape; -1 where there is none.</summary>
    public ReadOnlySpan<int> Anchors => _anchors.AsSpan(0, _names.Shape.Anchors.Length);

    /// <summary>What was there of the signs of all shapes.</summary>
    public SignSet Signs { get; private set; }

    /// <summary>Where a walk failed.</summary>
    public int FailedAt => _failedAt;

    /// <summary>Walks the document whose <c>{</c> lies at <paramref name="start"/>.</summary>
    /// <param name="buffer">Where the document lies.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">One past the last byte at hand.</param>
    /// <param name="record">What its fields are put into.</param>
    /// <param name="names">The names of the shape it is believed to have.</param>
    /// <param name="after">One past its last byte when it is whole.</param>
    public WalkOutcome Walk(byte[] buffer, int start, int end, EventRecord record, NameTable names, out int after)
    {
        _buffer = buffer;
        _end = end;
        _record = record;
        _names = names;
        Signs = SignSet.None;
        _half = default;
        _anchors.AsSpan(0, names.Shape.Anchors.Length).Fill(-1);
        after = Members(start + 1, names.Root, -1, MaxDepth - 1);
        return after switch
        {
            Incomplete => WalkOutcome.Incomplete,
            Malformed => WalkOutcome.Malformed,
            TooDeep => WalkOutcome.TooDeep,
            _ => WalkOutcome.Whole,
        };
    }

    // From the first byte after '{' to one past '}'. The loop that everything is spent in: by itself, with what is rare
    // kept out of it, it has registers enough.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Members(int at, NameNode node, int parent, int depth)
    {
        var buffer = _buffer;
        var end = _end;
        at = JsonScan.SkipSpace(buffer, at, end);
        if (at >= end) return Incomplete;
        if (buffer[at] == '}') return at + 1;
        NameNode? before = null;
        while (true)
        {
            if (buffer[at] != '"') return Fail(Malformed, at);
            var nameStart = at + 1;
            var child = before is null ? node.First : before.Next;
            if (child is not null && child.Stands(buffer, nameStart, end)) at = nameStart + child.Length + 1;
            else if ((at = Name(nameStart, node, before, out child)) < 0) return at;
            before = child;
            if (JsonScan.TryMember(buffer, at, end, out var close, out var escaped))
            {
                // Nearly every member.
                Add(child, nameStart, child.Length, escaped ? FieldKind.EscapedString : FieldKind.String, at + 2, close - at - 2, parent);
                at = close + 1;
            }
            else
            {
                if ((at = Colon(at)) < 0) return at;
                at = Value(at, child, nameStart, child.Length, parent, depth);
                if (at < 0) return at;
            }

            at = JsonScan.SkipSpace(buffer, at, end);
            if (at >= end) return Incomplete;
            if (buffer[at] != ',') return buffer[at] == '}' ? at + 1 : Fail(Malformed, at);
            at = JsonScan.SkipSpace(buffer, at + 1, end);
            if (at >= end) return Incomplete;
        }
    }

    // A name that is not the one that came here the last time; to one past its quote.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Name(int start, NameNode node, NameNode? before, out NameNode child)
    {
        child = node;
        // Kinds of events alternate, and with them what comes next.
        if (before?.Other is { } other && other.Stands(_buffer, start, _end))
        {
            child = other;
            before.Other = before.Next;
            before.Next = child;
            return start + child.Length + 1;
        }

        var close = JsonScan.StringEnd(_buffer, start, _end, out _);
        if (close < 0) return close == JsonScan.Incomplete ? Incomplete : Fail(Malformed, start);
        child = _names.Child(node, _buffer.AsSpan(start, close - start));
        if (before is null)
        {
            node.First = child;
            return close + 1;
        }

        before.Other = before.Next;
        before.Next = child;
        return close + 1;
    }

    // To the value.
    private int Colon(int at)
    {
        at = JsonScan.SkipSpace(_buffer, at, _end);
        if (at >= _end) return Incomplete;
        return _buffer[at] == ':' ? JsonScan.SkipSpace(_buffer, at + 1, _end) : Fail(Malformed, at);
    }

    // From the first byte after '[' to one past ']'. Elements have the path of their array and no name.
    private int Elements(int at, NameNode node, int parent, int depth)
    {
        at = JsonScan.SkipSpace(_buffer, at, _end);
        if (at >= _end) return Incomplete;
        if (_buffer[at] == ']') return at + 1;
        while (true)
        {
            at = Value(at, node, 0, 0, parent, depth);
            if (at < 0) return at;
            at = JsonScan.SkipSpace(_buffer, at, _end);
            if (at >= _end) return Incomplete;
            if (_buffer[at] == ']') return at + 1;
            if (_buffer[at] != ',') return Fail(Malformed, at);
            at = JsonScan.SkipSpace(_buffer, at + 1, _end);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Value(int at, NameNode node, int nameStart, int nameLength, int parent, int depth)
    {
        if (at >= _end) return Incomplete;
        var b = _buffer[at];
        if (b == '"')
        {
            var close = JsonScan.StringEnd(_buffer, at + 1, _end, out var escaped);
            if (close < 0) return close == JsonScan.Incomplete ? Incomplete : Fail(Malformed, at);
            Add(node, nameStart, nameLength, escaped ? FieldKind.EscapedString : FieldKind.String, at + 1, close - at - 1, parent);
            return close + 1;
        }

        if (b is (byte)'-' or (>= (byte)'0' and <= (byte)'9')) return Number(at, node, nameStart, nameLength, parent);
        return b switch
        {
            (byte)'{' or (byte)'[' => Container(at, node, nameStart, nameLength, parent, depth),
            (byte)'t' => Literal(at, "true"u8, FieldKind.True, node, nameStart, nameLength, parent),
            (byte)'f' => Literal(at, "false"u8, FieldKind.False, node, nameStart, nameLength, parent),
            (byte)'n' => Literal(at, "null"u8, FieldKind.Null, node, nameStart, nameLength, parent),
            _ => Fail(Malformed, at),
        };
    }

    private int Container(int at, NameNode node, int nameStart, int nameLength, int parent, int depth)
    {
        if (depth == 0) return Fail(TooDeep, at);
        var isObject = _buffer[at] == '{';
        var inside = parent;
        var lifted = node.IsLifted && isObject;
        if (!lifted) inside = Add(node, nameStart, nameLength, isObject ? FieldKind.Object : FieldKind.Array, at, 0, parent);
        else Signs |= node.Signs;
        var after = isObject ? Members(at + 1, node.Body, inside, depth - 1) : Elements(at + 1, node, inside, depth - 1);
        if (after < 0 || lifted) return after;
        _record.Close(inside, after - at);
        // Only now: an alias has its own copy of where the value ends.
        if (inside >= 0) Alias(node, inside);
        return after;
    }

    // RFC 8259 §6.
    private int Number(int start, NameNode node, int nameStart, int nameLength, int parent)
    {
        var at = start;
        if (_buffer[at] == '-') at++;
        var digits = Digits(at);
        // Leading zeros are tolerated: some writers print identifiers so, and they can be read in one way only.
        if (digits == at) return at >= _end ? Incomplete : Fail(Malformed, at);
        at = digits;
        if (at < _end && _buffer[at] == '.')
        {
            digits = Digits(at + 1);
            if (digits == at + 1) return digits >= _end ? Incomplete : Fail(Malformed, digits);
            at = digits;
        }

        if (at < _end && _buffer[at] is (byte)'e' or (byte)'E')
        {
            at++;
            if (at < _end && _buffer[at] is (byte)'+' or (byte)'-') at++;
            digits = Digits(at);
            if (digits == at) return at >= _end ? Incomplete : Fail(Malformed, at);
            at = digits;
        }

        if (at >= _end) return Incomplete;
        Add(node, nameStart, nameLength, FieldKind.Number, start, at - start, parent);
        return at;
    }

    private int Digits(int at)
    {
        while (at < _end && _buffer[at] is >= (byte)'0' and <= (byte)'9') at++;
        return at;
    }

    private int Literal(int at, ReadOnlySpan<byte> text, FieldKind kind, NameNode node, int nameStart, int nameLength, int parent)
    {
        var there = _buffer.AsSpan(at, Math.Min(text.Length, _end - at));
        if (!text.StartsWith(there)) return Fail(Malformed, at);
        if (there.Length < text.Length) return Incomplete;
        Add(node, nameStart, nameLength, kind, at, text.Length, parent);
        return at + text.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Add(NameNode node, int nameStart, int nameLength, FieldKind kind, int valueStart, int valueLength, int parent) =>
        node.IsPlain
            ? _record.Add(nameStart, nameLength, node.Slot, kind, valueStart, valueLength, parent)
            : AddSpecial(node, nameStart, nameLength, kind, valueStart, valueLength, parent);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int AddSpecial(NameNode node, int nameStart, int nameLength, FieldKind kind, int valueStart, int valueLength, int parent)
    {
        Signs |= node.Signs;
        // An element has its array's path, but neither its name nor its place.
        var isElement = nameLength == 0 && nameStart == 0;
        var container = parent;
        if (!isElement)
        {
            if (node.AtRoot) parent = -1;
            if (node.NameId != 0)
            {
                nameStart = node.NameId;
                nameLength = 0;
            }
            else
            {
                nameStart += node.Skip;
                nameLength -= node.Skip;
            }
        }

        if (node.Treatment >= NameTreatment.Dropped)
        {
            if (node.Treatment == NameTreatment.Dropped) return -1;
            if (!isElement) Pair(node.Treatment == NameTreatment.PairName, kind, valueStart, valueLength, container);
        }

        var index = _record.Add(nameStart, nameLength, node.Slot, kind, valueStart, valueLength, parent);
        if (index < 0) return index;
        if (node.Anchor >= 0 && _anchors[node.Anchor] < 0) _anchors[node.Anchor] = index;
        if (kind is not (FieldKind.Object or FieldKind.Array)) Alias(node, index);
        return index;
    }

    // The two halves of a pair lie in the same container, in either order.
    private void Pair(bool isName, FieldKind kind, int start, int length, int parent)
    {
        if (kind is FieldKind.Object or FieldKind.Array || (isName && kind != FieldKind.String)) return;
        var half = new PairHalf(isName, kind, start, length, parent);
        if (_half.Parent != parent || _half.IsName == isName || parent < 0)
        {
            _half = half;
            return;
        }

        var (name, value) = isName ? (half, _half) : (_half, half);
        _half = default;
        var node = _names.Pair(_buffer.AsSpan(name.Start, name.Length));
        if (node.NameId != 0) _record.Add(node.NameId, 0, node.Slot, value.Kind, value.Start, value.Length);
        else _record.Add(name.Start, name.Length, node.Slot, value.Kind, value.Start, value.Length);
    }

    private void Alias(NameNode node, int index)
    {
        foreach (var slot in node.Aliases) _record.Alias(slot, index);
    }

    private int Fail(int outcome, int at)
    {
        _failedAt = at;
        return outcome;
    }

    private readonly record struct PairHalf(bool IsName, FieldKind Kind, int Start, int Length, int Parent);
}

/// <summary>How the walk over a document ended.</summary>
internal enum WalkOutcome : byte
{
    /// <summary>The document was read.</summary>
    Whole,

    /// <summary>The bytes at hand end before it does.</summary>
    Incomplete,

    /// <summary>It is no JSON.</summary>
    Malformed,

    /// <summary>Its containers lie deeper in each other than anybody needs.</summary>
    TooDeep,
}
