namespace Vigie.Watches.Domains.Feeds;

/// <summary>One line of a feed.</summary>
/// <param name="Bytes">Without its line end; valid until the next read. Of a line that is too long, its beginning.</param>
/// <param name="End">Where the next line starts, in bytes from the start of the text.</param>
/// <param name="TooLong">Whether it is longer than allowed.</param>
internal readonly record struct FeedLine(ReadOnlyMemory<byte> Bytes, long End, bool TooLong);

/// <summary>Splits a stream into lines, with memory for one line of the longest length allowed and no more.</summary>
/// <param name="stream">Positioned at <paramref name="offset"/>.</param>
/// <param name="offset">Where the first line starts.</param>
/// <param name="maxLine">The longest line, in bytes.</param>
internal sealed class BoundedLineReader(Stream stream, long offset, int maxLine)
{
    private const int FirstBuffer = 64 * 1024;

    private byte[] _buffer = new byte[Math.Min(FirstBuffer, maxLine + 1)];
    private int _start;
    private int _end;
    private long _offset = offset;
    private bool _atEnd;

    /// <summary>The next line; null at the end.</summary>
    /// <param name="lastCounts">Whether what follows the last line end counts as a line, or may still be written to.</param>
    /// <param name="ct">Gives up.</param>
    public async ValueTask<FeedLine?> ReadAsync(bool lastCounts, CancellationToken ct)
    {
        var searched = 0;
        while (true)
        {
            var newline = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (newline >= 0) return Take(searched + newline, lineEnd: 1);

            searched = _end - _start;
            if (searched > maxLine) return await SkipAsync(lastCounts, ct).ConfigureAwait(false);
            if (!await FillAsync(ct).ConfigureAwait(false)) return searched > 0 && lastCounts ? Take(searched, lineEnd: 0) : null;
        }
    }

    private FeedLine Take(int length, int lineEnd)
    {
        var bytes = _buffer.AsMemory(_start, length);
        _start += length + lineEnd;
        _offset += length + lineEnd;
        if (bytes.Length > 0 && bytes.Span[^1] == '\r') bytes = bytes[..^1];
        return new FeedLine(bytes, _offset, bytes.Length > maxLine);
    }

    // Keeps the beginning, for a sample, and reads over the rest.
    private async ValueTask<FeedLine?> SkipAsync(bool lastCounts, CancellationToken ct)
    {
        var beginning = _buffer.AsSpan(_start, Math.Min(_end - _start, 256)).ToArray();
        while (true)
        {
            var newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var used = newline < 0 ? _end - _start : newline + 1;
            _start += used;
            _offset += used;
            if (newline >= 0) return new FeedLine(beginning, _offset, TooLong: true);
            if (!await FillAsync(ct).ConfigureAwait(false)) return lastCounts ? new FeedLine(beginning, _offset, TooLong: true) : null;
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (_atEnd) return false;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, maxLine + 2L));
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), ct).ConfigureAwait(false);
        _end += read;
        _atEnd = read == 0;
        return read > 0;
    }
}
