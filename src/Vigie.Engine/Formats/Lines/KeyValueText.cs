using System.Buffers;

namespace Vigie.Engine.Formats.Lines;

/// <summary>
/// Finds <c>name=value</c> pairs in text, as firewalls, PAM, mail servers and auditd write them. Values stand in quotes, in angle
/// brackets or end with the next blank, comma or semicolon.
/// </summary>
internal ref struct KeyValueText(ReadOnlySpan<byte> text)
{
    private const int MaxName = 64;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"u8);

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;

    /// <summary>Where the name of the pair lies.</summary>
    public Range Name { get; private set; }

    /// <summary>Where its value lies, without quotes or brackets.</summary>
    public Range Value { get; private set; }

    /// <summary>Whether the value stood in quotes.</summary>
    public bool IsQuoted { get; private set; }

    /// <summary>Goes to the next pair.</summary>
    public bool MoveNext()
    {
        while (_at < _text.Length)
        {
            var equals = _text[_at..].IndexOf((byte)'=');
            if (equals < 0) break;
            var end = _at + equals;
            var name = end;
            while (name > _at && end - name < MaxName && NameBytes.Contains(_text[name - 1])) name--;
            var isName = name < end && (name == 0 || !NameBytes.Contains(_text[name - 1]) && _text[name - 1] is not ((byte)'=' or (byte)'/'));
            _at = end + 1;
            if (!isName) continue;
            Name = name..end;
            TakeValue();
            return true;
        }

        return false;
    }

    private void TakeValue()
    {
        var start = _at;
        IsQuoted = false;
        if (start < _text.Length && _text[start] is (byte)'"' or (byte)'\'' or (byte)'<')
        {
            var close = _text[start] == '<' ? (byte)'>' : _text[start];
            var end = start + 1;
            while (end < _text.Length && _text[end] != close)
            {
                if (_text[end] == '\\' && close == '"') end++;
                end++;
            }

            end = Math.Min(end, _text.Length);
            IsQuoted = close != '>';
            Value = (start + 1)..end;
            _at = Math.Min(end + 1, _text.Length);
            return;
        }

        var length = _text[start..].IndexOfAny((byte)' ', (byte)',', (byte)';');
        Value = start..(length < 0 ? _text.Length : start + length);
        _at = length < 0 ? _text.Length : start + length;
    }
}
