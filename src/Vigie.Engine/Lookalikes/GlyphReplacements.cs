using System.Text;

namespace Vigie.Engine.Lookalikes;

/// <summary>Replacements of letters by what looks like them: one, two after each other, and whole names in another script.</summary>
internal sealed class GlyphReplacements(NameShape target, SlipModel model)
{
    private readonly char[] _first = new char[DomainNames.MaxLength * 3];
    private readonly char[] _second = new char[DomainNames.MaxLength * 9];

    public delegate void Receiver(ReadOnlySpan<char> head, Slip slip, bool single);

    public void Run(Receiver send)
    {
        var head = target.Head;
        for (var start = target.Label; start < head.Length;)
        {
            var dot = head[start..].IndexOf('.');
            var end = dot < 0 ? head.Length : start + dot;
            Pairs(start, end, send);
            InScripts(start, end, send);
            start = end + 1;
        }

        Contracted(send);
        WithoutAccents(send);
    }

    private void Pairs(int start, int end, Receiver send)
    {
        var first = new GlyphWalk(target.Head, start, end, _first);
        while (first.MoveNext())
        {
            send(first.Current, Comparison.Drawn(target, first.Current, model), single: Comparison.IsDrawnOnce(target, first.Current));
            var second = new GlyphWalk(first.Current, start, first.End, _second);
            while (second.MoveNext())
            {
                if (!second.Current.SequenceEqual(target.Head)) send(second.Current, Comparison.Drawn(target, second.Current, model), single: false);
            }
        }
    }

    private void InScripts(int start, int end, Receiver send)
    {
        for (var script = 0; script < Glyphs.ScriptCount; script++)
        {
            target.Head.CopyTo(_first);
            var whole = true;
            for (var at = start; at < end && whole; at++)
            {
                var letter = target.Head[at];
                if (!char.IsAsciiLetterLower(letter)) continue;
                whole = Glyphs.InScripts(letter)[script] is [var other];
                if (whole) _first[at] = Glyphs.InScripts(letter)[script][0];
            }

            var variant = _first.AsSpan(0, target.HeadLength);
            if (whole && !variant.SequenceEqual(target.Head)) send(variant, Comparison.Drawn(target, variant, model), single: false);
        }
    }

    // "rn" in the target itself, written as "m".
    private void Contracted(Receiver send)
    {
        var head = target.Head;
        foreach (var (drawn, letter) in Glyphs.Contractions)
        {
            for (var at = target.Label; at + drawn.Length <= head.Length; at++)
            {
                if (!head.Slice(at, drawn.Length).SequenceEqual(drawn)) continue;
                head[..at].CopyTo(_first);
                _first[at] = letter;
                head[(at + drawn.Length)..].CopyTo(_first.AsSpan(at + 1));
                var variant = _first.AsSpan(0, head.Length - drawn.Length + 1);
                send(variant, Comparison.Drawn(target, variant, model), single: true);
            }
        }
    }

    private void WithoutAccents(Receiver send)
    {
        if (Ascii.IsValid(target.Head)) return;
        var length = Glyphs.Fold(target.Head, _first);
        send(_first.AsSpan(0, length), model.Cause(ImitationFamily.Confusable, SlipModel.AccentMissing), single: true);
    }
}

/// <summary>
/// Every text in which one letter of a label, at one place or at neighbouring places of it together, is replaced by
/// what it is drawn as (<see cref="Glyphs.Core"/>).
/// </summary>
internal ref struct GlyphWalk(ReadOnlySpan<char> text, int start, int end, Span<char> buffer)
{
    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _buffer = buffer;
    private int _from = start;
    private int _to = start - 1;
    private int _shape;
    private int _length;

    /// <summary>The text with the replacement made; valid until the next step.</summary>
    public readonly ReadOnlySpan<char> Current => _buffer[.._length];

    /// <summary>Where the label ends in <see cref="Current"/>.</summary>
    public readonly int End => end + _length - _text.Length;

    /// <summary>Makes the next one; false after the last.</summary>
    public bool MoveNext()
    {
        for (; _from < end; _from++, _shape = 0)
        {
            var letter = _text[_from];
            var shapes = Glyphs.Core(letter);
            for (; _shape < shapes.Count; _shape++)
            {
                if (NextPlace(letter) is var to and >= 0)
                {
                    _to = to;
                    Replace(letter, shapes[_shape]);
                    return true;
                }

                _to = _from - 1;
            }

            _to = _from;
        }

        return false;
    }

    private readonly int NextPlace(char letter)
    {
        var at = _text[(_to + 1)..end].IndexOf(letter);
        return at < 0 ? -1 : _to + 1 + at;
    }

    private void Replace(char letter, string shape)
    {
        _text[.._from].CopyTo(_buffer);
        _length = _from;
        foreach (var c in _text[_from..(_to + 1)])
        {
            if (c == letter)
            {
                shape.CopyTo(_buffer[_length..]);
                _length += shape.Length;
            }
            else _buffer[_length++] = c;
        }

        _text[(_to + 1)..].CopyTo(_buffer[_length..]);
        _length += _text.Length - _to - 1;
    }
}
