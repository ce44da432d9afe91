using System.Globalization;
using System.Text;

namespace Vigie.Tests.Formats.Json;

/// <summary>Writes random JSON documents: nested, escaped, indented, of every kind of value.</summary>
internal sealed class RandomJson(Random random)
{
    private static readonly string[] Names = ["a", "b", "Channel", "EventID", "a name of more than thirty-two bytes, as some are", "id.orig_h", "é", "\\u00e9\\n", "\\\"", "", "x\\\\"];
    private readonly StringBuilder _text = new();
    private readonly bool _indented = random.Next(4) == 0;
    private int _left = random.Next(1, 40);

    public string Document()
    {
        Members(0);
        return _text.ToString();
    }

    private void Members(int depth)
    {
        _text.Append('{');
        for (var i = random.Next(depth == 0 ? 1 : 0, 7); i > 0 && _left-- > 0; i--)
        {
            Space(depth + 1);
            _text.Append('"').Append(random.Next(3) == 0 ? Text(60) : Names[random.Next(Names.Length)]).Append("\":");
            Value(depth + 1);
            if (i > 1 && _left > 0) _text.Append(',');
        }

        if (_text[^1] == ',') _text.Length--;
        Space(depth);
        _text.Append('}');
    }

    private void Items(int depth)
    {
        _text.Append('[');
        for (var i = random.Next(5); i > 0 && _left-- > 0; i--)
        {
            Space(depth + 1);
            Value(depth + 1);
            if (i > 1 && _left > 0) _text.Append(',');
        }

        if (_text[^1] == ',') _text.Length--;
        Space(depth);
        _text.Append(']');
    }

    private void Value(int depth)
    {
        if (_indented) _text.Append(' ');
        switch (random.Next(depth > 8 ? 7 : 11))
        {
            case 0: _text.Append("true"); break;
            case 1: _text.Append("false"); break;
            case 2: _text.Append("null"); break;
            case 3: _text.Append(random.Next(-1000, 1000)); break;
            case 4: _text.Append(((random.NextDouble() - 0.5) * 1e9).ToString("R", CultureInfo.InvariantCulture)); break;
            case 5 or 6: _text.Append('"').Append(Text(300)).Append('"'); break;
            case 7 or 8: Members(depth); break;
            default: Items(depth); break;
        }
    }

    private string Text(int most)
    {
        var text = new StringBuilder();
        for (var i = random.Next(4) == 0 ? random.Next(most) : random.Next(20); i > 0; i--)
        {
            text.Append(random.Next(12) switch
            {
                0 => "\\\\",
                1 => "\\\"",
                2 => "\\u00e9",
                3 => "\\ud83d\\ude00",
                4 => "\\r\\n",
                5 => "é",
                6 => "{[,:",
                _ => ((char)random.Next('a', 'z')).ToString(),
            });
        }

        return text.ToString();
    }

    private void Space(int depth)
    {
        if (_indented) _text.Append(random.Next(6) == 0 ? "\r\n" : "\n").Append(' ', depth * 2);
    }
}
