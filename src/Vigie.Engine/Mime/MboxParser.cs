namespace Vigie.Engine.Mime;

/// <summary>
/// Reads the headers of the messages of an mbox (RFC 4155), or of a file that is one message, line by line; bodies are passed over.
/// </summary>
public sealed class MboxParser
{
    private readonly HeaderParser _header = new();
    private State _state = State.Start;
    private bool _afterBlank = true;

    private enum State
    {
        Start,
        Header,
        Body,
    }

    /// <summary>Takes one line without its line end.</summary>
    /// <returns>The header that the line completed, or null.</returns>
    public IReadOnlyList<HeaderField>? Line(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd("\r\n"u8);
        IReadOnlyList<HeaderField>? complete = null;

        // RFC 4155 appendix A: a separator is a line that begins with "From " at the start or after an empty line.
        if (_afterBlank && line.StartsWith("From "u8))
        {
            if (_state == State.Header) complete = NonEmpty(_header.Take());
            _state = State.Header;
            _afterBlank = false;
            return complete;
        }

        if (_state == State.Start) _state = State.Header;
        if (_state == State.Header && _header.Line(line))
        {
            complete = NonEmpty(_header.Take());
            _state = State.Body;
        }

        _afterBlank = line.IsEmpty;
        return complete;
    }

    /// <summary>The header that the end of the file completed, or null.</summary>
    public IReadOnlyList<HeaderField>? End()
    {
        var complete = _state == State.Header ? NonEmpty(_header.Take()) : null;
        _state = State.Start;
        _afterBlank = true;
        return complete;
    }

    private static IReadOnlyList<HeaderField>? NonEmpty(IReadOnlyList<HeaderField> fields) => fields.Count == 0 ? null : fields;
}
