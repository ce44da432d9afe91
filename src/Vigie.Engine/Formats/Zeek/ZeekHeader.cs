using System.Text;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Zeek;

/// <summary>What the lines that begin with <c>#</c> say about those that follow. A log may be several, one after the other, each with its own header.</summary>
internal sealed class ZeekHeader
{
    private const int MaxColumns = 1024;

    private readonly List<string> _lines = [];

    /// <summary>Between columns; a tab unless said otherwise.</summary>
    public byte Separator { get; private set; } = (byte)'\t';

    /// <summary>Between the members of sets and vectors.</summary>
    public byte SetSeparator { get; private set; } = (byte)',';

    /// <summary>What stands for an empty text or set.</summary>
    public byte[] EmptyField { get; private set; } = "(empty)"u8.ToArray();

    /// <summary>What stands for no value.</summary>
    public byte[] UnsetField { get; private set; } = "-"u8.ToArray();

    /// <summary>The log's name: <c>conn</c>, <c>dns</c>.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The names of the columns; empty before there is a header.</summary>
    public string[] Fields { get; private set; } = [];

    /// <summary>Their types, in the same order; may be shorter.</summary>
    public string[] Types { get; private set; } = [];

    /// <summary>The header lines as they were written, for a reader that goes on later.</summary>
    public string Text => string.Join('\n', _lines);

    /// <summary>Takes a line that begins with <c>#</c>.</summary>
    /// <returns>Whether columns changed.</returns>
    public bool Take(ReadOnlySpan<byte> line)
    {
        // The separator itself is the one thing that stands after a blank.
        if (line.StartsWith("#separator "u8))
        {
            Restart();
            Span<byte> unescaped = stackalloc byte[16];
            var written = line.Length - 11 <= unescaped.Length ? LogEscapes.Unescape(line[11..], unescaped) : 0;
            if (written == 1) Separator = unescaped[0];
            Remember(line);
            return true;
        }

        var end = line.IndexOf(Separator);
        if (end < 0) return false;
        var value = line[(end + 1)..];
        switch (line[..end])
        {
            case var name when name.SequenceEqual("#set_separator"u8):
                if (value.Length == 1) SetSeparator = value[0];
                break;
            case var name when name.SequenceEqual("#empty_field"u8):
                EmptyField = value.ToArray();
                break;
            case var name when name.SequenceEqual("#unset_field"u8):
                UnsetField = value.ToArray();
                break;
            case var name when name.SequenceEqual("#path"u8):
                Path = Encoding.UTF8.GetString(value);
                break;
            case var name when name.SequenceEqual("#fields"u8):
                // A log that was cut open in its middle can have columns without the lines before them.
                if (Fields.Length > 0) _lines.RemoveAll(l => l.StartsWith("#fields", StringComparison.Ordinal) || l.StartsWith("#types", StringComparison.Ordinal));
                Fields = Split(value);
                Types = [];
                break;
            case var name when name.SequenceEqual("#types"u8):
                Types = Split(value);
                break;
            default:
                return false;
        }

        Remember(line);
        return true;
    }

    private string[] Split(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value).Split((char)Separator, MaxColumns);

    private void Restart()
    {
        _lines.Clear();
        Separator = (byte)'\t';
        SetSeparator = (byte)',';
        EmptyField = "(empty)"u8.ToArray();
        UnsetField = "-"u8.ToArray();
        Path = "";
        Fields = [];
        Types = [];
    }

    private void Remember(ReadOnlySpan<byte> line)
    {
        if (_lines.Count < 16) _lines.Add(Encoding.UTF8.GetString(line));
    }
}
