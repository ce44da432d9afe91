using System.Globalization;

namespace Vigie.Engine.Formats.Json;

/// <summary>The way from bytes that could not be read to the next document, however many pieces it takes.</summary>
/// <param name="way">Where to.</param>
/// <param name="column">A line on which the next document may begin: not further to the right than this.</param>
internal struct JsonRecovery(RecoveryWay way, long column)
{
    private readonly long _column = column;
    private DocumentEnd _end;

    /// <summary>Where to; <see cref="RecoveryWay.None"/> once there.</summary>
    public RecoveryWay Way { get; private set; } = way;

    /// <summary>Where in the buffer the last line began that was come by; -1 when none did.</summary>
    public int LineBegan { get; private set; } = -1;

    /// <summary>Goes on.</summary>
    /// <returns>How far it came: everything before is done with.</returns>
    public int Seek(byte[] buffer, int at, int end, bool isFinal)
    {
        LineBegan = -1;
        if (Way is RecoveryWay.ToEnd or RecoveryWay.ToEndOfLine) at = ToEnd(buffer, at, end);
        if (Way is RecoveryWay.ToLine or RecoveryWay.AtLine) at = ToLine(buffer, at, end);
        return isFinal && Way != RecoveryWay.None ? end : at;
    }

    /// <summary>For <see cref="Parse"/>.</summary>
    public override readonly string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(int)(Way == RecoveryWay.None ? Way : Way == RecoveryWay.AtLine ? Way : RecoveryWay.ToLine)}:{_column}");

    /// <summary>
    /// What <see cref="ToString"/> wrote. A search for a document's end is not kept with all it knows: it goes on as a
    /// search for a line.
    /// </summary>
    public static JsonRecovery Parse(string way, string column) =>
        int.TryParse(way, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= (int)RecoveryWay.AtLine
        && long.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? new JsonRecovery((RecoveryWay)number, limit)
            : default;

    private int ToEnd(byte[] buffer, int at, int end)
    {
        var outcome = _end.Seek(buffer, at, end, stopAtLine: Way == RecoveryWay.ToEndOfLine, out var reached);
        _end.Consume(reached - at);
        if (outcome == EndOutcome.Found) Way = RecoveryWay.None;
        else if (outcome == EndOutcome.Broken) Way = RecoveryWay.ToLine;
        return reached;
    }

    private int ToLine(byte[] buffer, int at, int end)
    {
        while (true)
        {
            if (Way == RecoveryWay.ToLine)
            {
                var line = buffer.AsSpan(at, end - at).IndexOf((byte)'\n');
                if (line < 0) return end;
                at += line + 1;
                Way = RecoveryWay.AtLine;
            }

            LineBegan = at;
            var first = JsonScan.SkipSpace(buffer, at, end);
            var last = buffer.AsSpan(at, first - at).LastIndexOf((byte)'\n');
            if (last >= 0) LineBegan = at + last + 1;
            if (first >= end) return first - LineBegan <= MaxIndent ? LineBegan : end;
            if (buffer[first] is (byte)'{' or (byte)'[' && first - LineBegan <= _column)
            {
                Way = RecoveryWay.None;
                return LineBegan;
            }

            at = first;
            Way = RecoveryWay.ToLine;
        }
    }

    // White space without an end is not waited for.
    private const int MaxIndent = 4096;
}

/// <summary>Where to a reader goes from bytes that it could not read.</summary>
internal enum RecoveryWay : byte
{
    /// <summary>It is there.</summary>
    None,

    /// <summary>To the next line on which a document may begin.</summary>
    ToLine,

    /// <summary>The same, from the beginning of a line.</summary>
    AtLine,

    /// <summary>To where the brackets close, on the same line; failing that, <see cref="ToLine"/>.</summary>
    ToEndOfLine,

    /// <summary>To where the brackets close.</summary>
    ToEnd,
}
