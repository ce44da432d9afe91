namespace Vigie.Engine.Formats.Csv;

/// <summary>Finds where a CSV record ends: the first line break that is not inside quotes. Goes on where it stopped when more bytes have come.</summary>
internal struct CsvScan(byte separator)
{
    private bool _isQuoted;
    private bool _isWithinField;

    /// <summary>Whether a field is open that began with a quote.</summary>
    public readonly bool IsQuoted => _isQuoted;

    /// <summary>The index of the LF that ends the record, or -1.</summary>
    public int Find(ReadOnlySpan<byte> bytes, int from)
    {
        for (var i = from; i < bytes.Length; i++)
        {
            if (_isQuoted)
            {
                var quote = bytes[i..].IndexOf((byte)'"');
                if (quote < 0) return -1;
                i += quote;

                // A doubled quote opens again at once.
                _isQuoted = false;
                _isWithinField = false;
                continue;
            }

            var b = bytes[i];
            if (b == '\n') return i;
            if (b == '"' && !_isWithinField) _isQuoted = true;
            else _isWithinField = b != separator;
            if (!_isWithinField) continue;

            // Inside an unquoted field nothing matters but its end.
            var end = bytes[(i + 1)..].IndexOfAny(separator, (byte)'\n');
            if (end < 0)
            {
                return -1;
            }

            i += end;
        }

        return -1;
    }
}
