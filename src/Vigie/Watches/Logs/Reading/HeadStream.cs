namespace Vigie.Watches.Logs.Reading;

/// <summary>A stream whose beginning can be looked at before it is read; counts what an unpacking one gives.</summary>
internal sealed class HeadStream : Stream
{
    private readonly Stream _inner;
    private readonly UnpackedTotal? _total;
    private readonly byte[] _head;
    private int _headStart;
    private int _headEnd;

    /// <summary>Wraps <paramref name="inner"/>, which goes with it.</summary>
    /// <param name="inner">Positioned at its beginning.</param>
    /// <param name="headBytes">How much can be looked at.</param>
    /// <param name="total">Counts the bytes where the stream unpacks; null where it does not.</param>
    public HeadStream(Stream inner, int headBytes, UnpackedTotal? total)
    {
        (_inner, _total) = (inner, total);
        _head = new byte[headBytes];
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The first bytes, fewer than asked for only where the stream ends.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It cannot be unpacked.</exception>
    public ReadOnlySpan<byte> Head()
    {
        while (_headEnd < _head.Length)
        {
            var read = ReadInner(_head.AsSpan(_headEnd));
            if (read == 0) break;
            _headEnd += read;
        }

        return _head.AsSpan(_headStart, _headEnd - _headStart);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_headStart == _headEnd) return ReadInner(buffer);
        var taken = Math.Min(buffer.Length, _headEnd - _headStart);
        _head.AsSpan(_headStart, taken).CopyTo(buffer);
        _headStart += taken;
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inner.Dispose();
        base.Dispose(disposing);
    }

    private int ReadInner(Span<byte> buffer)
    {
        var read = _inner.Read(buffer);
        _total?.Count(read);
        return read;
    }
}
