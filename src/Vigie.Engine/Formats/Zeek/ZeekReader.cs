using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;
using Vigie.Engine.Formats.Web;

namespace Vigie.Engine.Formats.Zeek;

/// <summary>
/// Reads Zeek's TSV logs. Sets and vectors become several values of one field, <c>-</c> becomes null, <c>T</c> and <c>F</c>
/// become booleans; <c>\x</c> escapes are resolved. <c>*.labeled</c> logs only have more columns.
/// </summary>
internal sealed class ZeekReader : LineReader
{
    private readonly ZeekHeader _header = new();
    private readonly HttpFields _http = new();
    private Column[]? _columns;
    private EventClass _class = EventClass.Unknown;
    private int _hostColumn = -1;
    private int _uriColumn = -1;
    private byte[] _unescaped = new byte[512];

    /// <inheritdoc/>
    public override string Format => "zeek-tsv";

    /// <inheritdoc/>
    protected override string? SaveLineState() => _header.Text is { Length: > 0 } text ? text : null;

    /// <inheritdoc/>
    protected override void RestoreLineState(string state)
    {
        foreach (var line in state.Split('\n')) _header.Take(System.Text.Encoding.UTF8.GetBytes(line));
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

        if (_header.Fields.Length == 0) return Report(ReadStatus.Skipped, "zeek.no-header", line.Offset, "a line before any #fields");
        _columns ??= Prepare();
        return ReadColumns(line, record, _columns);
    }

    private ReadStatus ReadColumns(in LogLine line, EventRecord record, Column[] columns)
    {
        var text = line.Span;
        ReadOnlySpan<byte> host = [];
        ReadOnlySpan<byte> uri = [];
        var uriStart = 0;
        var at = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            if (at > text.Length) return Report(ReadStatus.Skipped, "zeek.columns", line.Offset, $"the line has {i} columns, the header {columns.Length}");
            var length = text[at..].IndexOf(_header.Separator);
            if (length < 0) length = text.Length - at;
            var field = AddColumn(record, columns[i], text.Slice(at, length), line.Start + at);
            if (columns[i].IsEventTime && TimeText.TryEpoch(text.Slice(at, length), out var time)) record.Time = time;
            if (i == _hostColumn && field >= 0) host = record.Value(field);
            if (i == _uriColumn && field >= 0 && record.Kind(field) != FieldKind.Null)
            {
                uri = record.Value(field);
                uriStart = _lastStart;
            }

            at += length + 1;
        }

        if (!uri.IsEmpty) _http.AddTarget(record, uri, uriStart, host);
        record.Class = _class;
        return ReadStatus.Event;
    }

    private int _lastStart;

    private int AddColumn(EventRecord record, Column column, ReadOnlySpan<byte> value, int start)
    {
        if (value.SequenceEqual(_header.UnsetField)) return column.Add(record, 0, 0, FieldKind.Null);
        if (value.SequenceEqual(_header.EmptyField)) return column.Add(record, start, 0, FieldKind.String);
        if (column.Kind == FieldKind.True) return column.Add(record, start, value.Length, value.SequenceEqual("T"u8) ? FieldKind.True : FieldKind.False);
        if (!column.IsMany) return AddValue(record, column, value, start);

        var first = -1;
        while (true)
        {
            var end = value.IndexOf(_header.SetSeparator);
            var member = end < 0 ? value : value[..end];
            var field = member.SequenceEqual(_header.UnsetField) ? column.Add(record, 0, 0, FieldKind.Null) : AddValue(record, column, member, start);
            if (first < 0) first = field;
            if (end < 0 || field < 0) return first;
            value = value[(end + 1)..];
            start += end + 1;
        }
    }

    private int AddValue(EventRecord record, Column column, ReadOnlySpan<byte> value, int start)
    {
        var length = value.Length;
        if (value.IndexOf("\\x"u8) >= 0)
        {
            if (_unescaped.Length < length) _unescaped = new byte[length];
            length = UnescapeHex(value, _unescaped);
            start = record.Write(_unescaped.AsSpan(0, length));
        }

        _lastStart = start;
        return column.Add(record, start, length, column.Kind);
    }

    // Zeek escapes what is not printable, its separators and its own marks as \xHH and nothing else; a backslash before anything else is just one.
    private static int UnescapeHex(ReadOnlySpan<byte> text, Span<byte> target)
    {
        var written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text[i + 1] == 'x' && JsonText.HexDigit(text[i + 2]) is >= 0 and var high && JsonText.HexDigit(text[i + 3]) is >= 0 and var low)
            {
                target[written++] = (byte)(high << 4 | low);
                i += 3;
                continue;
            }

            target[written++] = text[i];
        }

        return written;
    }

    private Column[] Prepare()
    {
        var columns = new Column[_header.Fields.Length];
        _hostColumn = _uriColumn = -1;
        for (var i = 0; i < columns.Length; i++)
        {
            var name = _header.Fields[i];
            columns[i] = new Column(name, i < _header.Types.Length ? _header.Types[i] : "string", ZeekTaxonomy.Aliases(_header.Path, name));
            if (_header.Path != "http") continue;
            if (name == "host") _hostColumn = i;
            if (name == "uri") _uriColumn = i;
        }

        _class = ZeekTaxonomy.ClassOf(_header.Path);
        return columns;
    }

    private sealed class Column
    {
        private readonly EventField _name;
        private readonly EventField[] _aliases;

        public Column(string name, string type, IEnumerable<string> aliases)
        {
            _name = new EventField(name);
            _aliases = [.. aliases.Select(a => new EventField(a))];
            IsMany = type.StartsWith("set[", StringComparison.Ordinal) || type.StartsWith("vector[", StringComparison.Ordinal);
            IsEventTime = name == "ts" && type == "time";
            Kind = type switch
            {
                "bool" => FieldKind.True,
                "count" or "int" or "double" or "port" or "time" or "interval" => FieldKind.Number,
                _ => FieldKind.String,
            };
        }

        public bool IsMany { get; }

        public bool IsEventTime { get; }

        /// <summary>True stands for booleans of either kind.</summary>
        public FieldKind Kind { get; }

        public int Add(EventRecord record, int start, int length, FieldKind kind)
        {
            var field = _name.Add(record, start, length, kind);
            foreach (var alias in _aliases)
            {
                if (kind == FieldKind.Null) alias.AliasUnset(record);
                else alias.Alias(record, field);
            }

            return field;
        }
    }
}
