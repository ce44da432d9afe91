using System.Runtime.InteropServices;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Json.Shapes;
using Vigie.Engine.Formats.Web;

namespace Vigie.Engine.Formats.Json;

/// <summary>
/// Reads JSON documents, one event each, however they are strung together: a line each, pretty-printed, one after the
/// other, in arrays, in wrappers such as <c>{"Records":[…]}</c>. What is no document is skipped and reported. In steady
/// state it allocates nothing.
/// </summary>
public sealed class JsonReader : LogReader
{
    private const int Predictions = 64;
    private const int MaxSignSets = 1024;

    // A wrapper shows what it is long before.
    private const int MaxUndecided = 64 * 1024;

    private readonly LogReaderOptions _options;
    private readonly JsonWalker _walker = new();
    private readonly HttpFields _http = new();
    private readonly Dictionary<JsonShape, NameTable> _tables = [];
    private readonly Dictionary<SignSet, JsonShape> _shapes = [];
    private readonly NameTable?[] _predicted = new NameTable?[Predictions];
    private NameTable? _last;
    private FieldCatalog? _catalog;

    private JsonNesting _nesting;
    private JsonRecovery _recovery;
    private DocumentEnd _end;
    private long _pendingOffset = -1;
    private int _walked;
    private long _lineStart = -1;

    /// <summary>Makes a reader of one content.</summary>
    public JsonReader(LogReaderOptions options) => _options = options;

    /// <inheritdoc/>
    public override string Format => JsonFormat.FormatId;

    /// <inheritdoc/>
    public override ReadResult Read(in LogWindow window, EventRecord record)
    {
        if (_lineStart < 0) _lineStart = window.Offset;
        if (_recovery.Way != RecoveryWay.None) return Recover(window);
        var at = SkipBetween(window, window.Start);
        if (at == window.End || (window.Buffer[at] == 0xEF && window.End - at < 3 && !window.IsFinal)) return Pause(window, at);
        var b = window.Buffer[at];
        if (b == '{' && !_nesting.InObject) return Document(window, at, record);
        return b switch
        {
            (byte)'{' or (byte)'[' when _nesting.InObject => Discard(window, at, RecoveryWay.ToEnd, null),
            (byte)'[' => _nesting.Push(isObject: false) ? Done(window, at + 1) : Garbage(window, at),
            (byte)']' when _nesting.InArray => Leave(window, at),
            (byte)'}' when _nesting.InObject => Leave(window, at),
            (byte)':' when _nesting.InObject => Done(window, at + 1),
            _ when _nesting.Depth > 0 && IsScalar(b) => Scalar(window, at),
            _ => Garbage(window, at),
        };
    }

    /// <inheritdoc/>
    public override string? SaveState() => _nesting.Depth == 0 && _recovery.Way == RecoveryWay.None ? null : $"{_nesting}:{_recovery}";

    /// <inheritdoc/>
    public override void RestoreState(string state)
    {
        var parts = state.Split(':');
        if (parts.Length != 4) return;
        _nesting = JsonNesting.Parse($"{parts[0]}:{parts[1]}");
        _recovery = JsonRecovery.Parse(parts[2], parts[3]);
    }

    /// <inheritdoc/>
    public override void CatalogChanged()
    {
        _catalog = null;
        _last = null;
        _tables.Clear();
        Array.Clear(_predicted);
    }

    private ReadResult Document(in LogWindow window, int start, EventRecord record)
    {
        if (!BeginsAsBefore(window.Buffer, start, window.End) && JsonWrapper.MayBe(window.Buffer, start, window.End))
        {
            var wrapper = JsonWrapper.Look(window.Buffer, start, window.End, out var body, out var depth);
            if (wrapper == WrapperOutcome.Opened) return Open(window, start, body, depth);
            if (wrapper == WrapperOutcome.Unknown && !window.IsFinal && window.End - start < MaxUndecided) return Pause(window, start);
        }

        if (window.Offset + (start - window.Start) == _pendingOffset && !IsWorthWalking(window, start)) return Wait(window, start);
        var outcome = Walk(window, start, record, out var after);
        if (outcome == WalkOutcome.Whole)
        {
            _pendingOffset = -1;
            record.End(after - start);
            return new ReadResult(ReadStatus.Event, SkipBetween(window, after) - window.Start);
        }

        if (outcome == WalkOutcome.Incomplete && !window.IsFinal) return Wait(window, start);
        return Broken(window, start, outcome);
    }

    private WalkOutcome Walk(in LogWindow window, int start, EventRecord record, out int after)
    {
        if (!ReferenceEquals(_catalog, record.Catalog))
        {
            CatalogChanged();
            _catalog = record.Catalog;
        }

        ref var predicted = ref _predicted[FirstName(window.Buffer, start)];
        var table = predicted ?? _last ?? Table(JsonShapes.Last);
        record.Begin(window.Buffer, start);
        record.Offset = window.Offset + (start - window.Start);
        table.Prepare(record);
        var outcome = _walker.Walk(window.Buffer, start, window.End, record, table, out after);
        if (outcome != WalkOutcome.Whole) return outcome;
        var signs = _walker.Signs;
        var shape = table.Signs == signs ? table.Shape : Recognize(signs);
        if (!ReferenceEquals(shape, table.Shape))
        {
            table = Table(shape);
            record.Rewind();
            table.Prepare(record);
            _walker.Walk(window.Buffer, start, window.End, record, table, out after);
        }

        table.Signs = signs;
        predicted = _last = table;
        table.Shape.Complete(new JsonDocumentView(record, _walker.Anchors, _options, _http));
        return WalkOutcome.Whole;
    }

    private JsonShape Recognize(in SignSet signs)
    {
        if (_shapes.TryGetValue(signs, out var known)) return known;
        var shape = JsonShapes.Recognize(signs);
        if (_shapes.Count < MaxSignSets) _shapes.Add(signs, shape);
        return shape;
    }

    private NameTable Table(JsonShape shape)
    {
        if (_tables.TryGetValue(shape, out var table)) return table;
        table = new NameTable(shape, _catalog!);
        _tables.Add(shape, table);
        return table;
    }

    private bool BeginsAsBefore(byte[] buffer, int start, int end) =>
        _predicted[FirstName(buffer, start)]?.Root.First is { MayWrap: false } first && start + 1 < end && buffer[start + 1] == '"' && first.Stands(buffer, start + 2, end);

    // Documents of one shape mostly begin with the same name.
    private static int FirstName(byte[] buffer, int start) =>
        start + 10 > buffer.Length ? 0 : (int)((MemoryMarshal.Read<ulong>(buffer.AsSpan(start + 2)) * 0x9E37_79B9_7F4A_7C15) >> 58);

    private ReadResult Open(in LogWindow window, int start, int body, int depth)
    {
        var before = _nesting;
        for (var i = 0; i < depth; i++) _nesting.Push(isObject: true);
        if (_nesting.Push(isObject: false)) return Done(window, body);
        _nesting = before;
        return Garbage(window, start);
    }

    private ReadResult Leave(in LogWindow window, int at)
    {
        _nesting.Pop();
        return Done(window, at + 1);
    }

    // A document that is not all there: looked at again when its end has come, when it cannot come any more, or when
    // there is twice as much of it as was walked before, so that all looking together stays in proportion to its length.
    private bool IsWorthWalking(in LogWindow window, int start)
    {
        if (window.IsFinal) return true;
        var outcome = _end.Seek(window.Buffer, start, window.End, stopAtLine: false, out _);
        return outcome is EndOutcome.Found or EndOutcome.Broken || (window.End - start) / 2 >= _walked;
    }

    private ReadResult Wait(in LogWindow window, int start)
    {
        var offset = window.Offset + (start - window.Start);
        var length = window.End - start;
        if (offset != _pendingOffset)
        {
            _pendingOffset = offset;
            _end = default;
            _walked = length;
        }
        else if (length / 2 >= _walked)
        {
            _walked = length;
        }

        if (length < LogWindow.MaxRecordBytes) return Pause(window, start);
        return SkipDocument(window, start, new LogDiagnostic("json.too-long", offset, $"The document is longer than {LogWindow.MaxRecordBytes} bytes."));
    }

    private ReadResult Broken(in LogWindow window, int start, WalkOutcome outcome)
    {
        var failedAt = outcome == WalkOutcome.Incomplete ? start : Math.Min(_walker.FailedAt, window.End);
        var offset = window.Offset + (failedAt - window.Start);
        var diagnostic = outcome switch
        {
            WalkOutcome.Incomplete => new LogDiagnostic("json.unterminated", offset, "The input ends within a document."),
            WalkOutcome.TooDeep => new LogDiagnostic("json.too-deep", offset, $"Containers lie more than {JsonWalker.MaxDepth} deep in each other."),
            _ => new LogDiagnostic("json.malformed", offset, "This is not what JSON allows here; the document was skipped."),
        };
        return SkipDocument(window, start, diagnostic);
    }

    // In a wrapper that is all on one line the next document follows on the same line; elsewhere on a later one, no
    // further to the right than the broken one, because what is further to the right may be a part of it.
    private ReadResult SkipDocument(in LogWindow window, int start, LogDiagnostic diagnostic)
    {
        _pendingOffset = -1;
        if (_nesting.Depth == 0) return Discard(window, start, RecoveryWay.ToLine, diagnostic);
        return Discard(window, start, RecoveryWay.ToEndOfLine, diagnostic);
    }

    private ReadResult Garbage(in LogWindow window, int at)
    {
        var offset = window.Offset + (at - window.Start);
        return Discard(window, at, RecoveryWay.ToLine, new LogDiagnostic("json.garbage", offset, "These bytes belong to no document."), anyColumn: true);
    }

    private ReadResult Discard(in LogWindow window, int at, RecoveryWay way, LogDiagnostic? diagnostic, bool anyColumn = false)
    {
        var column = window.Offset + (at - window.Start) - _lineStart;
        _recovery = new JsonRecovery(way, anyColumn ? long.MaxValue : Math.Max(0, column));
        var result = Recover(window, at);
        return diagnostic is null ? result : new ReadResult(ReadStatus.Skipped, result.Consumed, diagnostic);
    }

    private ReadResult Recover(in LogWindow window) => Recover(window, window.Start);

    private ReadResult Recover(in LogWindow window, int at)
    {
        var next = _recovery.Seek(window.Buffer, at, window.End, window.IsFinal);
        if (_recovery.LineBegan >= 0) _lineStart = window.Offset + (_recovery.LineBegan - window.Start);
        if (next == window.Start) return new ReadResult(ReadStatus.NeedMore, 0);
        return Done(window, next);
    }

    private ReadResult Scalar(in LogWindow window, int at)
    {
        var from = at;
        if (window.Buffer[at] == '"')
        {
            at = JsonScan.StringEnd(window.Buffer, at + 1, window.End, out _);
            if (at == JsonScan.Incomplete && !window.IsFinal && window.End - from < LogWindow.MaxRecordBytes) return Pause(window, from);
            if (at < 0) return Garbage(window, from);
            at++;
        }
        else
        {
            while (at < window.End && IsScalar(window.Buffer[at]) && window.Buffer[at] != '"') at++;
        }

        if (_nesting.InObject) return Done(window, at);
        var offset = window.Offset + (from - window.Start);
        return new ReadResult(ReadStatus.Skipped, at - window.Start, new LogDiagnostic("json.not-an-object", offset, "An element of the array is no object."));
    }

    private static bool IsScalar(byte b) => b is (byte)'"' or (byte)'-' or (byte)'+' or (byte)'.' or (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z');

    private static ReadResult Done(in LogWindow window, int at) => new(ReadStatus.Nothing, at - window.Start);

    // What lies before the unfinished document is done with first.
    private static ReadResult Pause(in LogWindow window, int at) =>
        at > window.Start ? Done(window, at) : new ReadResult(ReadStatus.NeedMore, 0);

    // White space, commas, byte order marks, and the record separators of RFC 7464.
    private int SkipBetween(in LogWindow window, int at)
    {
        var buffer = window.Buffer;
        while (at < window.End)
        {
            var b = buffer[at];
            if (b == '\n') _lineStart = window.Offset + (at + 1 - window.Start);
            else if (b == 0xEF && at + 2 < window.End && buffer[at + 1] == 0xBB && buffer[at + 2] == 0xBF) at += 2;
            else if (b is not ((byte)' ' or (byte)'\r' or (byte)'\t' or (byte)',' or 0x1E)) break;
            at++;
        }

        return at;
    }
}
