namespace Vigie.Engine.Formats.Csv;

/// <summary>Where one field of a CSV record lies (RFC 4180 §2).</summary>
/// <param name="Start">Its first byte in the record, after an opening quote.</param>
/// <param name="Length">Its length without quotes.</param>
/// <param name="HasEscapes">Whether there are doubled quotes in it.</param>
internal readonly record struct CsvField(int Start, int Length, bool HasEscapes)
{
    /// <summary>Finds the field that begins at <paramref name="at"/>.</summary>
    /// <param name="record">The whole record, without its line end.</param>
    /// <param name="at">Where the field begins.</param>
    /// <param name="separator">What stands between fields; of blanks, several in a row count as one.</param>
    /// <param name="next">Where the next field begins; past the end of the record when there is none.</param>
    /// <param name="isQuoting">Whether quotes mean anything.</param>
    public static CsvField Next(ReadOnlySpan<byte> record, int at, byte separator, out int next, bool isQuoting = true)
    {
        if (at >= record.Length)
        {
            next = record.Length + 1;
            return new CsvField(record.Length, 0, false);
        }

        if (isQuoting && record[at] == '"' && separator != ' ') return Quoted(record, at, separator, out next);
        var end = record[at..].IndexOf(separator);
        var length = end < 0 ? record.Length - at : end;
        next = at + length + 1;
        if (separator == ' ')
        {
            while (next < record.Length && record[next] == ' ') next++;
        }

        return new CsvField(at, length, false);
    }

    /// <summary>Halves doubled quotes.</summary>
    /// <returns>The bytes written to <paramref name="target"/>, which must be as long.</returns>
    public static int Unquote(ReadOnlySpan<byte> value, Span<byte> target)
    {
        var written = 0;
        for (var i = 0; i < value.Length; i++)
        {
            target[written++] = value[i];
            if (value[i] == '"' && i + 1 < value.Length && value[i + 1] == '"') i++;
        }

        return written;
    }

    private static CsvField Quoted(ReadOnlySpan<byte> record, int at, byte separator, out int next)
    {
        var start = at + 1;
        var escapes = false;
        for (var i = start; i < record.Length; i++)
        {
            if (record[i] != '"') continue;
            if (i + 1 < record.Length && record[i + 1] == '"')
            {
                escapes = true;
                i++;
                continue;
            }

            // After the closing quote only a separator is right; anything else is passed over.
            var end = record[i..].IndexOf(separator);
            next = end < 0 ? record.Length + 1 : i + end + 1;
            return new CsvField(start, i - start, escapes);
        }

        next = record.Length + 1;
        return new CsvField(start, record.Length - start, escapes);
    }
}
