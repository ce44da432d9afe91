using System.Buffers;

namespace Vigie.Engine.Formats.Json;

/// <summary>
/// Looks for the end of a document that arrives in pieces by counting brackets, and goes on where it stopped, so that a
/// large document is not walked again with each piece.
/// </summary>
internal struct DocumentEnd
{
    private static readonly SearchValues<byte> Brackets = SearchValues.Create("\"{}[]\n"u8);

    private int _scanned;
    private int _depth;
    private bool _inString;

    /// <summary>How many bytes of the document were looked at.</summary>
    public readonly int Scanned => _scanned;

    /// <summary>Goes on looking.</summary>
    /// <param name="buffer">Where the document lies.</param>
    /// <param name="start">Where it begins, as it did before.</param>
    /// <param name="end">One past the last byte at hand.</param>
    /// <param name="stopAtLine">Whether a line's end outside of strings ends the search too.</param>
    /// <param name="at">One past the document's last byte when the end was found; where the search broke off otherwise.</param>
    public EndOutcome Seek(byte[] buffer, int start, int end, bool stopAtLine, out int at)
    {
        at = start + _scanned;
        while (at < end)
        {
            var outcome = _inString ? String(buffer, ref at, end) : Outside(buffer, start, ref at, end, stopAtLine);
            if (outcome == EndOutcome.NotYet) continue;
            _scanned = at - start;
            return outcome;
        }

        _scanned = at - start;
        return EndOutcome.NotYet;
    }

    /// <summary>Forgets the bytes before <paramref name="consumed"/>: the search goes on at the beginning of what follows them.</summary>
    public void Consume(int consumed) => _scanned -= consumed;

    private EndOutcome Outside(byte[] buffer, int start, ref int at, int end, bool stopAtLine)
    {
        var next = buffer.AsSpan(at, end - at).IndexOfAny(Brackets);
        if (next < 0)
        {
            at = end;
            return EndOutcome.NotYet;
        }

        at += next;
        switch (buffer[at])
        {
            case (byte)'"':
                _inString = true;
                break;
            case (byte)'\n':
                if (stopAtLine) return EndOutcome.Broken;
                break;
            case (byte)'{' when _depth > 0 && !MayFollow(buffer, start, at):
                return EndOutcome.Broken;
            case (byte)'{' or (byte)'[':
                _depth++;
                break;
            default:
                if (--_depth > 0) break;
                at++;
                return EndOutcome.Found;
        }

        at++;
        return EndOutcome.NotYet;
    }

    private EndOutcome String(byte[] buffer, ref int at, int end)
    {
        var next = buffer.AsSpan(at, end - at).IndexOfAny((byte)'"', (byte)'\\', (byte)'\n');
        if (next < 0)
        {
            at = end;
            return EndOutcome.NotYet;
        }

        at += next;
        if (buffer[at] == '\n') return EndOutcome.Broken;
        if (buffer[at] == '"')
        {
            _inString = false;
            at++;
            return EndOutcome.NotYet;
        }

        // A backslash that ends the bytes at hand is looked at again when more follows.
        if (at + 1 < end)
        {
            at += 2;
            return EndOutcome.NotYet;
        }

        return EndOutcome.AtBackslash;
    }

    // An object can only follow a bracket, a comma or a colon. If it does not, the document was cut and another begins.
    private static bool MayFollow(byte[] buffer, int start, int at)
    {
        for (at--; at >= start; at--)
        {
            if (!JsonScan.IsSpace(buffer[at])) return buffer[at] is (byte)'[' or (byte)',' or (byte)':';
        }

        return true;
    }
}

/// <summary>What a search for the end of a document came to.</summary>
internal enum EndOutcome : byte
{
    /// <summary>The end does not lie in the bytes at hand.</summary>
    NotYet,

    /// <summary>As <see cref="NotYet"/>, with a backslash as the last byte.</summary>
    AtBackslash,

    /// <summary>The end was found.</summary>
    Found,

    /// <summary>This cannot become a document any more.</summary>
    Broken,
}
