using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Auditd;

/// <summary>
/// Reads audit events. The records of one event may lie between those of others, so with the first one the reader looks ahead
/// for the rest: to PROCTITLE or EOE, to a record two seconds later, or <see cref="MaxLines"/> lines, whichever is first.
/// Lines already taken are only remembered by their event's id; a source may stop after any of them.
/// </summary>
internal sealed class AuditdReader : LineReader
{
    /// <summary>How far records of one event may lie apart.</summary>
    internal const int MaxLines = 256;

    private const int MaxAheadBytes = 1024 * 1024;
    private const int MaxRemembered = 64;

    // The timeout that auparse uses for events that never end.
    private static readonly TimeSpan MaxSpan = TimeSpan.FromSeconds(2);

    private readonly AuditFields _fields = new();
    private readonly List<(int Start, int Length)> _others = [];
    private readonly Queue<string> _joined = new();

    /// <inheritdoc/>
    public override string Format => "auditd";

    /// <inheritdoc/>
    protected override string? SaveLineState() => _joined.Count == 0 ? null : string.Join(' ', _joined);

    /// <inheritdoc/>
    protected override void RestoreLineState(string state)
    {
        _joined.Clear();
        foreach (var id in state.Split(' ', StringSplitOptions.RemoveEmptyEntries)) Remember(id);
    }

    /// <inheritdoc/>
    protected override ReadStatus ReadLine(in LogLine line, EventRecord record)
    {
        var text = line.Span;
        if (!AuditRecord.TryParse(text, out var first)) return Report(ReadStatus.Skipped, "auditd.line", line.Offset, "the line is no audit record");
        var type = AuditRecord.NameOf(text[first.Type]);
        if (type.SequenceEqual("EOE"u8) || IsJoined(text, first)) return ReadStatus.Nothing;
        if (AuditRecord.IsAlone(text[first.Type]))
        {
            _fields.AddAlone(line.Buffer, line.Start, first, record);
            return ReadStatus.Event;
        }

        var isWhole = type.SequenceEqual("PROCTITLE"u8);
        if (!isWhole && !TryLookAhead(line, first)) return ReadStatus.NeedMore;
        _fields.Begin();
        _fields.Add(line.Buffer, line.Start, line.Length, first, record);
        var end = line.Next;
        var isTogether = true;
        foreach (var (start, length) in isWhole ? [] : _others)
        {
            if (!AuditRecord.TryParse(line.Buffer.AsSpan(start, length), out var other)) continue;
            _fields.Add(line.Buffer, start, length, other, record);
            isTogether &= start == end;
            end = NextLine(line, start + length);
        }

        _fields.Finish(record, first.Time);
        if (isTogether)
        {
            AlsoTaken = end - line.Next;
            if (!isWhole && _others.Count > 0) record.End(_others[^1].Start + _others[^1].Length - line.Start);
        }
        else
        {
            Remember(Key(text, first));
        }

        return ReadStatus.Event;
    }

    /// <summary>Finds the other records of the event.</summary>
    /// <returns>False when more bytes are needed to tell.</returns>
    private bool TryLookAhead(in LogLine line, in AuditRecord first)
    {
        _others.Clear();
        var text = line.Span;
        var at = line.Next;
        for (var lines = 0; lines < MaxLines && at - line.Next < MaxAheadBytes; lines++)
        {
            if (at >= line.WindowEnd) return line.IsFinal;
            var rest = line.Buffer.AsSpan(at, line.WindowEnd - at);
            var end = rest.IndexOf((byte)'\n');
            if (end < 0 && !line.IsFinal) return rest.Length > MaxLineBytes;
            var length = end < 0 ? rest.Length : end;
            var other = rest[..length].TrimEnd((byte)'\r');
            if (AuditRecord.TryParse(other, out var record))
            {
                if (record.Time - first.Time > MaxSpan) return true;
                if (other[record.Id].SequenceEqual(text[first.Id]) && other[record.Node].SequenceEqual(text[first.Node]))
                {
                    var type = AuditRecord.NameOf(other[record.Type]);
                    if (type.SequenceEqual("EOE"u8)) return true;
                    _others.Add((at, other.Length));
                    if (type.SequenceEqual("PROCTITLE"u8)) return true;
                }
            }

            at += length + 1;
        }

        return true;
    }

    private static int NextLine(in LogLine line, int end)
    {
        var found = line.Buffer.AsSpan(end, line.WindowEnd - end).IndexOf((byte)'\n');
        return found < 0 ? line.WindowEnd : end + found + 1;
    }

    private bool IsJoined(ReadOnlySpan<byte> text, in AuditRecord audit) => _joined.Count > 0 && _joined.Contains(Key(text, audit));

    private static string Key(ReadOnlySpan<byte> text, in AuditRecord audit) => $"{Encoding.UTF8.GetString(text[audit.Node])}/{Encoding.UTF8.GetString(text[audit.Id])}";

    private void Remember(string key)
    {
        _joined.Enqueue(key);
        if (_joined.Count > MaxRemembered) _joined.Dequeue();
    }
}
