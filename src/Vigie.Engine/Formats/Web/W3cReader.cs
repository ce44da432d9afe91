using Vigie.Engine.Events;
using Vigie.Engine.Formats.Csv;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Web;

/// <summary>
/// Reads W3C logs. <c>cs(User-Agent)</c> and its like also get their Sigma names; IIS writes blanks in them as <c>+</c>,
/// which the Sigma name undoes. Times are UTC unless the header says otherwise.
/// </summary>
internal sealed class W3cReader(LogReaderOptions options) : LineReader
{
    private static readonly Dictionary<string, string[]> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cs(User-Agent)"] = ["cs-user-agent", "c-useragent"],
        ["cs-User-Agent"] = ["cs-user-agent", "c-useragent"],
        ["cs(Referer)"] = ["cs-referer", "cs-referrer"],
        ["cs(Cookie)"] = ["cs-cookie"],
        ["cs(Host)"] = ["cs-host"],
        ["cs(Content-Type)"] = ["cs-content-type"],
        ["c-ip"] = ["src_ip"],
        ["src-ip"] = ["src_ip"],
        ["src-port"] = ["src_port"],
        ["dst-ip"] = ["dst_ip"],
        ["dst-port"] = ["dst_port"],
        ["r-ip"] = ["dst_ip"],
        ["r-host"] = ["cs-host", "r-dns"],
        ["client-ip"] = ["src_ip"],
        ["server-ip"] = ["dst_ip"],
    };

    private readonly W3cHeader _header = new();
    private readonly HttpFields _http = new();
    private Column[]? _columns;
    private byte[] _plain = new byte[512];

    /// <inheritdoc/>
    public override string Format => "w3c";

    /// <inheritdoc/>
    protected override int MaxLineBytes => 256 * 1024;

    /// <inheritdoc/>
    protected override string? SaveLineState() => _header.Text is { Length: > 0 } text ? text : null;

    /// <inheritdoc/>
    protected override void RestoreLineState(string state)
    {
        foreach (var line in state.Split('\n')) _header.Take(line);
        _columns = null;
    }

    /// <inheritdoc/>
    protected override ReadStatus ReadLine(in LogLine line, EventRecord record)
    {
        if (line.Buffer[line.Start] == '#')
        {
            if (_header.Take(line.Span)) _columns = null;
            return ReadStatus.Nothing;
        }

        if (_header.Fields.Length == 0) return Report(ReadStatus.Skipped, "w3c.no-header", line.Offset, "a line before any #Fields");
        _columns ??= [.. _header.Fields.Select(f => new Column(f, Names.GetValueOrDefault(f, [])))];
        return ReadColumns(line, record, _columns);
    }

    private ReadStatus ReadColumns(in LogLine line, EventRecord record, Column[] columns)
    {
        var text = line.Span;
        var parts = default(Parts);
        var at = 0;
        foreach (var column in columns)
        {
            if (at > text.Length || (at == text.Length && _header.Separator == ' ')) return Report(ReadStatus.Skipped, "w3c.columns", line.Offset, $"the line has fewer columns than the header's {columns.Length}");
            at = TakeColumn(line, record, column, at, ref parts);
        }

        if (!parts.Stem.IsEmpty) _http.AddParts(record, parts.Stem, parts.Query, parts.Host);
        else if (!parts.Uri.IsEmpty) _http.AddTarget(record, parts.Uri, parts.UriStart, parts.Host);
        SetTime(record, parts);
        record.Class = _header.Class;
        return ReadStatus.Event;
    }

    // Several blanks in a row are one separator for blank-separated logs only.
    private int TakeColumn(in LogLine line, EventRecord record, Column column, int at, ref Parts parts)
    {
        var text = line.Span;
        var field = CsvField.Next(text, at, _header.Separator, out var next, isQuoting: _header.Separator != (byte)'\t');
        var start = line.Start + field.Start;
        var value = text.Slice(field.Start, field.Length);
        if (field.HasEscapes)
        {
            var written = CsvField.Unquote(value, Buffer(value.Length));
            start = record.Write(_plain.AsSpan(0, written));
            value = record.Value(column.Name.Add(record, start, written));
            parts.Keep(column.Part, value, start);
            return next;
        }

        if (value.SequenceEqual("-"u8))
        {
            column.AddUnset(record);
            return next;
        }

        var index = column.Name.Add(record, start, value.Length);
        if (column.IsWritten && value.Contains((byte)'+'))
        {
            value.CopyTo(Buffer(value.Length));
            var plain = _plain.AsSpan(0, value.Length);
            plain.Replace((byte)'+', (byte)' ');
            index = column.Aliases[0].Derive(record, plain);
            for (var i = 1; i < column.Aliases.Length; i++) column.Aliases[i].Alias(record, index);
        }
        else
        {
            foreach (var alias in column.Aliases) alias.Alias(record, index);
        }

        parts.Keep(column.Part, value, start);
        return next;
    }

    private byte[] Buffer(int length) => _plain.Length >= length ? _plain : _plain = new byte[length];

    private void SetTime(EventRecord record, in Parts parts)
    {
        var offset = _header.IsLocalTime ? options.UtcOffset : TimeSpan.Zero;
        if (!parts.DateTime.IsEmpty)
        {
            if (TimeText.TryIso(parts.DateTime, offset, out var whole, out _)) record.Time = whole;
            return;
        }

        if (parts.Date.Length != 10 || !TimeText.TryDigits(parts.Date[..4], out var year) || !TimeText.TryDigits(parts.Date.Slice(5, 2), out var month) ||
            !TimeText.TryDigits(parts.Date.Slice(8, 2), out var day) || !TimeText.TryClock(parts.Time, out var ticks, out _))
        {
            return;
        }

        if (TimeText.TryMake(year, month, day, ticks, offset, out var time)) record.Time = time;
    }

    private enum PartKind
    {
        None,
        Date,
        Time,
        DateTime,
        Stem,
        Query,
        Uri,
        Host,
    }

    /// <summary>What several columns make together.</summary>
    private ref struct Parts
    {
        public ReadOnlySpan<byte> Date;
        public ReadOnlySpan<byte> Time;
        public ReadOnlySpan<byte> DateTime;
        public ReadOnlySpan<byte> Stem;
        public ReadOnlySpan<byte> Query;
        public ReadOnlySpan<byte> Uri;
        public ReadOnlySpan<byte> Host;
        public int UriStart;

        public void Keep(PartKind part, ReadOnlySpan<byte> value, int start)
        {
            switch (part)
            {
                case PartKind.Date: Date = value; break;
                case PartKind.Time: Time = value; break;
                case PartKind.DateTime: DateTime = value; break;
                case PartKind.Stem: Stem = value; break;
                case PartKind.Query: Query = value; break;
                case PartKind.Host: Host = value; break;
                case PartKind.Uri:
                    Uri = value;
                    UriStart = start;
                    break;
            }
        }
    }

    private sealed class Column(string name, string[] aliases)
    {
        public EventField Name { get; } = new(name);

        public EventField[] Aliases { get; } = [.. aliases.Where(a => a != name).Select(a => new EventField(a))];

        /// <summary>Whether blanks in it are written as plus signs.</summary>
        public bool IsWritten { get; } = name.StartsWith("cs(", StringComparison.OrdinalIgnoreCase) && aliases.Length > 0;

        public PartKind Part { get; } = name.ToLowerInvariant() switch
        {
            "date" => PartKind.Date,
            "time" => PartKind.Time,
            "date-time" => PartKind.DateTime,
            "cs-uri-stem" or "cs-uri-path" => PartKind.Stem,
            "cs-uri-query" => PartKind.Query,
            "c-uri" or "cs-uri" => PartKind.Uri,
            "cs-host" or "cs(host)" or "r-host" => PartKind.Host,
            _ => PartKind.None,
        };

        public void AddUnset(EventRecord record)
        {
            Name.Add(record, 0, 0, FieldKind.Null);
            foreach (var alias in Aliases) alias.AliasUnset(record);
        }
    }
}
