using System.Text;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>
/// A <see cref="TextPattern"/> over UTF-8. Literal parts are case-folded unless the test is cased, and so must the values be.
/// The parts between two <c>*</c> form a segment; segments are looked for from left to right, each where it first occurs,
/// which is enough: a later place never leaves more room for what follows.
/// </summary>
internal sealed class TextTest
{
    private readonly Segment[] _segments;
    private readonly bool _anchoredAtStart;
    private readonly bool _anchoredAtEnd;

    public TextTest(TextPattern pattern, bool cased)
    {
        var parts = pattern.Parts;
        IsCased = cased;
        _anchoredAtStart = parts.Length == 0 || parts[0].Kind != PatternPartKind.AnyMany;
        _anchoredAtEnd = parts.Length == 0 || parts[^1].Kind != PatternPartKind.AnyMany;
        var segments = new List<Segment>();
        var current = new List<Piece>();
        foreach (var part in parts)
        {
            if (part.Kind == PatternPartKind.AnyMany) Flush();
            else if (part.Kind == PatternPartKind.AnyOne) current.Add(new Piece([], 1));
            else current.Add(new Piece(Bytes(part.Literal, cased), 0));
        }

        Flush();
        _segments = [.. segments];

        void Flush()
        {
            if (current.Count == 0) return;
            segments.Add(new Segment([.. current]));
            current.Clear();
        }
    }

    /// <summary>Whether upper and lower case differ.</summary>
    public bool IsCased { get; }

    /// <summary>How a pattern that is one literal stands in the value; <see cref="TextShape.General"/> for all others.</summary>
    public TextShape Shape => _segments.Length switch
    {
        0 => _anchoredAtStart ? TextShape.Exact : TextShape.Any,
        1 when _segments[0].Literal is not null => (_anchoredAtStart, _anchoredAtEnd) switch
        {
            (true, true) => TextShape.Exact,
            (true, false) => TextShape.StartsWith,
            (false, true) => TextShape.EndsWith,
            _ => TextShape.Contains,
        },
        _ => TextShape.General,
    };

    /// <summary>The literal of a pattern that has one, else empty.</summary>
    public byte[] Literal => _segments.Length == 1 ? _segments[0].Literal ?? [] : [];

    /// <summary>The literal pieces: each must occur in every value that passes.</summary>
    public IEnumerable<byte[]> Literals => _segments.SelectMany(s => s.Pieces).Where(p => p.Literal.Length > 0).Select(p => p.Literal);

    /// <summary>Whether a value passes.</summary>
    public bool Matches(ReadOnlySpan<byte> value)
    {
        var (first, last) = (0, _segments.Length - 1);
        if (last < 0) return !_anchoredAtStart || value.IsEmpty;
        if (_anchoredAtStart)
        {
            var length = _segments[0].MatchAtStart(value);
            if (length < 0) return false;
            if (last == 0 && _anchoredAtEnd) return length == value.Length;
            value = value[length..];
            first++;
        }

        if (_anchoredAtEnd)
        {
            var length = _segments[last].MatchAtEnd(value);
            if (length < 0) return false;
            value = value[..^length];
            last--;
        }

        for (; first <= last; first++)
        {
            var end = _segments[first].Find(value);
            if (end < 0) return false;
            value = value[end..];
        }

        return true;
    }

    private static byte[] Bytes(string literal, bool cased)
    {
        var bytes = Encoding.UTF8.GetBytes(literal);
        return cased ? bytes : FoldedText.Of(bytes);
    }

    /// <summary>A literal, or any character when it has none.</summary>
    private readonly record struct Piece(byte[] Literal, int AnyOne);

    private sealed class Segment(Piece[] pieces)
    {
        public Piece[] Pieces => pieces;

        public byte[]? Literal { get; } = pieces.Length == 1 && pieces[0].AnyOne == 0 ? pieces[0].Literal : null;

        /// <summary>The length of the segment at the start of the value, or -1.</summary>
        public int MatchAtStart(ReadOnlySpan<byte> value)
        {
            var at = 0;
            foreach (var piece in pieces)
            {
                if (piece.AnyOne == 0)
                {
                    if (!value[at..].StartsWith(piece.Literal)) return -1;
                    at += piece.Literal.Length;
                }
                else
                {
                    if (at == value.Length) return -1;
                    Rune.DecodeFromUtf8(value[at..], out _, out var taken);
                    at += taken;
                }
            }

            return at;
        }

        /// <summary>The length of the segment at the end of the value, or -1.</summary>
        public int MatchAtEnd(ReadOnlySpan<byte> value)
        {
            var end = value.Length;
            for (var i = pieces.Length - 1; i >= 0; i--)
            {
                var piece = pieces[i];
                if (piece.AnyOne == 0)
                {
                    if (!value[..end].EndsWith(piece.Literal)) return -1;
                    end -= piece.Literal.Length;
                }
                else
                {
                    if (end == 0) return -1;
                    Rune.DecodeLastFromUtf8(value[..end], out _, out var taken);
                    end -= taken;
                }
            }

            return value.Length - end;
        }

        /// <summary>One past the first place where the segment occurs, or -1.</summary>
        public int Find(ReadOnlySpan<byte> value)
        {
            if (Literal is not null)
            {
                var found = value.IndexOf(Literal);
                return found < 0 ? -1 : found + Literal.Length;
            }

            for (var start = 0; start <= value.Length;)
            {
                if (pieces[0].AnyOne == 0)
                {
                    var next = value[start..].IndexOf(pieces[0].Literal);
                    if (next < 0) return -1;
                    start += next;
                }

                var length = MatchAtStart(value[start..]);
                if (length >= 0) return start + length;
                if (start == value.Length) return -1;
                Rune.DecodeFromUtf8(value[start..], out _, out var taken);
                start += taken;
            }

            return -1;
        }
    }
}

/// <summary>How a pattern that is one literal stands in the value.</summary>
internal enum TextShape
{
    /// <summary>Every value passes.</summary>
    Any,

    /// <summary>The literal is the whole value.</summary>
    Exact,

    /// <summary>The literal begins the value.</summary>
    StartsWith,

    /// <summary>The literal ends the value.</summary>
    EndsWith,

    /// <summary>The literal is anywhere in the value.</summary>
    Contains,

    /// <summary>Several literals, or single-character wildcards.</summary>
    General,
}
