using System.Buffers;

namespace Vigie.Commands.Eval.Replay;

/// <summary>A text, line after line in a <see cref="Disguise"/>.</summary>
internal sealed class DisguisedStream(Stream text, Disguise disguise) : Stream
{
    private const int Step = 256 * 1024;

    // A line longer than this is rewritten in pieces; a name at a seam may keep its own name.
    private const int LongestLine = 32 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _output = new(Step);
    private byte[] _input = new byte[Step];
    private int _held;
    private int _given;
    private bool _ended;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (_given == _output.WrittenCount)
        {
            if (_ended && _held == 0) return 0;
            Fill();
        }

        var part = _output.WrittenSpan[_given..];
        if (part.Length > buffer.Length) part = part[..buffer.Length];
        part.CopyTo(buffer);
        _given += part.Length;
        return part.Length;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) text.Dispose();
        base.Dispose(disposing);
    }

    private void Fill()
    {
        if (_held == _input.Length) Array.Resize(ref _input, _input.Length * 2);
        var read = _ended ? 0 : text.Read(_input.AsSpan(_held));
        _ended |= read == 0;
        _held += read;
        var whole = _ended || _held >= LongestLine ? _held : _input.AsSpan(0, _held).LastIndexOf((byte)'\n') + 1;
        if (whole == 0) return;
        _output.ResetWrittenCount();
        _given = 0;
        disguise.Rewrite(_input.AsSpan(0, whole), _output);
        _input.AsSpan(whole, _held - whole).CopyTo(_input);
        _held -= whole;
    }
}
