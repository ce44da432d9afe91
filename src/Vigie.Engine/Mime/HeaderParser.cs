using System.Text;

namespace Vigie.Engine.Mime;

/// <summary>
/// Reads a message header line by line (RFC 5322 §2.2), within limits that hostile input cannot push.
/// Lines that are no field are left out; a field longer than the limit is cut.
/// </summary>
public sealed class HeaderParser
{
    /// <summary>The most fields kept of one header.</summary>
    public const int MaxFields = 2_000;

    /// <summary>The most characters kept of one field's value.</summary>
    public const int MaxValueLength = 64 * 1024;

    private readonly List<HeaderField> _fields = [];
    private readonly StringBuilder _value = new();
    private string? _name;

    /// <summary>Takes one line without its line end.</summary>
    /// <returns>True where the line was the empty one that ends the header; <see cref="Take"/> then gives the fields.</returns>
    public bool Line(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd("\r\n"u8);
        if (line.IsEmpty) return true;
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            if (_name is not null) Append(line);
            return false;
        }

        EndField();
        var colon = line.IndexOf((byte)':');
        if (colon <= 0) return false;
        var name = line[..colon].TrimEnd(" \t"u8);

        // §2.2: a name is printable US-ASCII without the colon.
        if (name.IsEmpty || name.Length > 256 || name.ContainsAnyExceptInRange((byte)'!', (byte)'~')) return false;
        _name = Encoding.ASCII.GetString(name);
        Append(line[(colon + 1)..]);
        return false;
    }

    /// <summary>The fields read so far, in order; the parser is then ready for the next message.</summary>
    public IReadOnlyList<HeaderField> Take()
    {
        EndField();
        HeaderField[] fields = [.. _fields];
        _fields.Clear();
        return fields;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        var room = MaxValueLength - _value.Length;
        if (room <= 0) return;
        var part = Encoding.UTF8.GetString(text[..Math.Min(text.Length, room)]);
        _value.Append(part, 0, Math.Min(part.Length, room));
    }

    private void EndField()
    {
        if (_name is not null && _fields.Count < MaxFields) _fields.Add(new HeaderField(_name, _value.ToString().Trim()));
        _name = null;
        _value.Clear();
    }
}
