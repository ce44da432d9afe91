using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Lines;

/// <summary>
/// What all line-based formats share: lines end with LF or CR LF, the last one may be cut; byte order marks, empty
/// lines and runs of NUL (left by a crash or by truncating a file in use) are passed over; a line longer than
/// <see cref="MaxLineBytes"/> is skipped in one pass, however long it is, and reported once.
/// </summary>
internal abstract class LineReader : LogReader
{
    private const string SkippingMark = "~";

    private LogDiagnostic? _diagnostic;

    // Where the overlong line that is being skipped begins; -1 when none is.
    private long _skippingFrom = -1;

    // Up to where the content was searched for the end of the record at hand.
    private long _searchedTo;

    /// <summary>The most bytes one record of the format may take.</summary>
    protected virtual int MaxLineBytes => 1024 * 1024;

    /// <summary>Further bytes a reader took beyond the line it was given; reset before every line.</summary>
    protected int AlsoTaken { get; set; }

    /// <inheritdoc/>
    public sealed override ReadResult Read(in LogWindow window, EventRecord record)
    {
        if (window.Length == 0) return new ReadResult(ReadStatus.NeedMore, 0);
        if (_skippingFrom >= 0) return SkipRest(window);
        if (IsPartOfByteOrderMark(window)) return new ReadResult(ReadStatus.NeedMore, 0);
        var blank = LeadingBlank(window);
        if (blank > 0) return new ReadResult(ReadStatus.Nothing, blank);

        var bytes = window.Span;
        var searched = (int)Math.Clamp(_searchedTo - window.Offset, 0, bytes.Length);
        var end = EndOfRecord(bytes, searched, window.IsFinal);
        if ((end < 0 ? bytes.Length : end) > MaxLineBytes)
        {
            _skippingFrom = window.Offset;
            return SkipRest(window);
        }

        if (end < 0 && !window.IsFinal)
        {
            _searchedTo = window.Offset + bytes.Length;
            return new ReadResult(ReadStatus.NeedMore, 0);
        }

        return Take(window, end < 0 ? bytes.Length : end, record);
    }

    /// <inheritdoc/>
    public sealed override string? SaveState()
    {
        var own = SaveLineState();
        return _skippingFrom >= 0 ? SkippingMark + own : own;
    }

    /// <inheritdoc/>
    public sealed override void RestoreState(string state)
    {
        if (state.StartsWith(SkippingMark, StringComparison.Ordinal))
        {
            _skippingFrom = 0;
            state = state[SkippingMark.Length..];
        }

        if (state.Length > 0) RestoreLineState(state);
    }

    /// <summary>Reads one record; the event record has begun and lies over the line.</summary>
    /// <returns><see cref="ReadStatus.NeedMore"/> only when the line is not final and what follows must be seen first.</returns>
    protected abstract ReadStatus ReadLine(in LogLine line, EventRecord record);

    /// <summary>What the format must remember, see <see cref="LogReader.SaveState"/>; must not begin with <c>~</c>.</summary>
    protected virtual string? SaveLineState() => null;

    /// <summary>The counterpart of <see cref="SaveLineState"/>.</summary>
    protected virtual void RestoreLineState(string state)
    {
    }

    /// <summary>Where the record ends: the index of the LF that ends it, or -1 when it is not at hand.</summary>
    /// <param name="bytes">The bytes at hand; the record begins at 0.</param>
    /// <param name="searched">How many of them an earlier call has seen.</param>
    /// <param name="isFinal">Whether nothing follows.</param>
    protected virtual int EndOfRecord(ReadOnlySpan<byte> bytes, int searched, bool isFinal)
    {
        var found = bytes[searched..].IndexOf((byte)'\n');
        return found < 0 ? -1 : searched + found;
    }

    /// <summary>Says why a line was not read, or what is doubtful about it.</summary>
    protected ReadStatus Report(ReadStatus status, string code, long offset, string message)
    {
        _diagnostic = new LogDiagnostic(code, offset, message);
        return status;
    }

    private ReadResult Take(in LogWindow window, int end, EventRecord record)
    {
        var length = end;
        while (length > 0 && window.Buffer[window.Start + length - 1] == '\r') length--;
        var next = Math.Min(end + 1, window.Length);
        var line = new LogLine(window.Buffer, window.Start, length, window.Offset, window.Start + next, window.End, window.IsFinal);

        AlsoTaken = 0;
        _diagnostic = null;
        record.Begin(window.Buffer, window.Start, length);
        record.Offset = window.Offset;
        var status = ReadLine(line, record);
        return status == ReadStatus.NeedMore ? new ReadResult(status, 0) : new ReadResult(status, next + AlsoTaken, _diagnostic);
    }

    private ReadResult SkipRest(in LogWindow window)
    {
        var end = window.Span.IndexOf((byte)'\n');
        if (end < 0 && !window.IsFinal) return new ReadResult(ReadStatus.Nothing, window.Length);
        var consumed = end < 0 ? window.Length : end + 1;
        var from = _skippingFrom;
        _skippingFrom = -1;
        return new ReadResult(ReadStatus.Skipped, consumed, new LogDiagnostic("line.too-long", from,
            $"a line of {window.Offset + consumed - from} bytes is longer than the {MaxLineBytes} that this format allows"));
    }

    private static bool IsPartOfByteOrderMark(in LogWindow window) =>
        window is { Offset: 0, IsFinal: false, Length: < 3 } && window.Buffer[window.Start] == 0xEF;

    private static int LeadingBlank(in LogWindow window)
    {
        var bytes = window.Span;
        if (window.Offset == 0 && bytes.StartsWith("\uFEFF"u8)) return 3;
        var first = bytes.IndexOfAnyExcept((byte)'\n', (byte)'\r', (byte)0);
        return first < 0 ? bytes.Length : first;
    }
}
