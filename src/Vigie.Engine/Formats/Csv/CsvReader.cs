using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Csv;

/// <summary>
/// Reads CSV records into fields named by the header. Quoted fields may hold line breaks; a quote that is never closed costs its
/// line, not the rest of the file. The log source is the operator's; exports of Windows events are recognized by their columns.
/// </summary>
internal sealed class CsvReader(LogReaderOptions options) : LineReader
{
    private const int MaxColumns = 1024;
    private const int MaxQuotedBytes = 256 * 1024;

    // The Event Viewer's last column, the message, has no name.
    private readonly CsvColumn _unnamed = new("Message", null);
    private CsvScan _scan;
    private bool _isScanning;
    private byte _separator;
    private CsvColumn[] _columns = [];
    private string _header = "";
    private EventClass _class = EventClass.Unknown;
    private readonly EmbeddedDocuments _documents = new(options);
    private int _documentColumn = -1;
    private bool _isWindows;
    private bool _isUnclosed;
    private byte[] _unquoted = new byte[512];
    private byte[] _document = [];

    /// <inheritdoc/>
    public override string Format => "csv";

    /// <inheritdoc/>
    protected override string? SaveLineState() => _header.Length == 0 ? null : $"{(char)_separator}{_header}";

    /// <inheritdoc/>
    protected override void RestoreLineState(string state)
    {
        if (state.Length < 2) return;
        _separator = (byte)state[0];
        TakeHeader(Encoding.UTF8.GetBytes(state[1..]));
    }

    /// <inheritdoc/>
    protected override int EndOfRecord(ReadOnlySpan<byte> bytes, int searched, bool isFinal)
    {
        if (_separator == 0) _separator = CsvShape.Of(bytes[..Math.Min(bytes.Length, 64 * 1024)]).Separator;
        if (!_isScanning || searched == 0) _scan = new CsvScan(_separator);
        _isScanning = true;
        var end = _scan.Find(bytes, searched);

        // A stray quote must not swallow the file: the record then is its first line.
        _isUnclosed = end < 0 ? isFinal && _scan.IsQuoted || bytes.Length > MaxQuotedBytes : end > MaxQuotedBytes;
        if (_isUnclosed) end = bytes.IndexOf((byte)'\n');
        return end;
    }

    /// <inheritdoc/>
    protected override ReadStatus ReadLine(in LogLine line, EventRecord record)
    {
        _isScanning = false;
        if (_columns.Length == 0)
        {
            TakeHeader(line.Span);
            return ReadStatus.Nothing;
        }

        if (_documentColumn >= 0 && TryDocument(line, record)) return ReadStatus.Event;
        var count = AddFields(line, record);
        record.Class = _class;
        if (_isWindows) CsvWindows.Complete(record);
        if (_isUnclosed) return Report(ReadStatus.Event, "csv.unclosed-quote", line.Offset, "a quote is never closed; the record was ended with its first line");
        return count == _columns.Length || (_isWindows && count == _columns.Length + 1)
            ? ReadStatus.Event
            : Report(ReadStatus.Event, "csv.columns", line.Offset, $"the record has {count} fields, the header {_columns.Length}");
    }

    // The event is the document; what stands beside it repeats a part of it.
    private bool TryDocument(in LogLine line, EventRecord record)
    {
        var text = line.Span;
        var field = default(CsvField);
        var at = 0;
        for (var i = 0; i <= _documentColumn; i++)
        {
            if (at > text.Length) return false;
            field = CsvField.Next(text, at, _separator, out at);
        }

        if (_document.Length < field.Length) _document = new byte[field.Length];
        var length = CsvField.Unquote(text.Slice(field.Start, field.Length), _document);
        if (_documents.TryRead(_document, 0, length, record) && !ReferenceEquals(record.Class, EventClass.Unknown)) return true;
        record.Begin(line.Buffer, line.Start, line.Length);
        record.Offset = line.Offset;
        return false;
    }

    private int AddFields(in LogLine line, EventRecord record)
    {
        var text = line.Span;
        var count = 0;
        for (var at = 0; at <= text.Length; count++)
        {
            var field = CsvField.Next(text, at, _separator, out at);
            if (count < _columns.Length) AddField(record, _columns[count], line, field);
            else if (count == _columns.Length && _isWindows) AddField(record, _unnamed, line, field);
        }

        return count;
    }

    private void AddField(EventRecord record, CsvColumn column, in LogLine line, CsvField field)
    {
        var value = line.Span.Slice(field.Start, field.Length);
        var start = line.Start + field.Start;
        var length = field.Length;
        if (field.HasEscapes)
        {
            if (_unquoted.Length < length) _unquoted = new byte[length];
            length = CsvField.Unquote(value, _unquoted);
            value = _unquoted.AsSpan(0, length);
            start = record.Write(value);
        }

        column.Add(record, start, length);
        if (column.IsTime && record.Time is null && CsvTime.TryRead(value, options.UtcOffset, out var time)) record.Time = time;
    }

    private void TakeHeader(ReadOnlySpan<byte> header)
    {
        _header = Encoding.UTF8.GetString(header);
        var names = new List<string>();
        for (var at = 0; at <= header.Length && names.Count < MaxColumns;)
        {
            var field = CsvField.Next(header, at, _separator, out at);
            names.Add(Encoding.UTF8.GetString(header.Slice(field.Start, field.Length)).Replace("\"\"", "\"", StringComparison.Ordinal).Trim());
        }

        _isWindows = CsvWindows.IsExport(names);
        _documentColumn = names.FindIndex(n => n is "AuditData" or "_raw");
        _columns = [.. names.Select(n => new CsvColumn(n, _isWindows ? CsvWindows.Alias(n) : null))];
        var source = options.Source;
        _class = EventClass.Of(Term(source.Product), Term(source.Service), Term(source.Category));
    }

    private static string[] Term(string? term) => term is null ? [] : [term];
}
