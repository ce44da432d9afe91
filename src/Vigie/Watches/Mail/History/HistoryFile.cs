using System.IO.Compression;

namespace Vigie.Watches.Mail.History;

/// <summary>A file of history, plain or gzip, read by lines of bounded length.</summary>
internal sealed class HistoryFile : IDisposable
{
    /// <summary>Bytes of a line that are given; the rest of a longer one is passed over.</summary>
    public const int MaxLine = 64 * 1024;

    private readonly FileStream _file;
    private readonly Stream _content;
    private readonly byte[] _buffer = new byte[128 * 1024];
    private readonly byte[] _line = new byte[MaxLine];
    private int _start;
    private int _end;
    private int _length;

    private HistoryFile(FileStream file, Stream content)
    {
        _file = file;
        _content = content;
    }

    /// <summary>When the file was last changed: no line in it is later.</summary>
    public DateTimeOffset Changed => File.GetLastWriteTimeUtc(_file.SafeFileHandle);

    /// <summary>Bytes of content given so far, line ends included.</summary>
    public long Offset { get; private set; }

    /// <summary>How much of the file was read, 0 to 1.</summary>
    public double Progress => _file.Length == 0 ? 1 : Math.Min(1, (double)_file.Position / _file.Length);

    /// <summary>Whether the line last given ended with a line end; the last of a file that is still being written may not.</summary>
    public bool IsLineComplete { get; private set; }

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static HistoryFile Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        try
        {
            // RFC 1952 §2.3.1: a gzip file begins with 1f 8b, which no text does.
            Span<byte> magic = stackalloc byte[2];
            var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
            file.Position = 0;
            return new HistoryFile(file, isGzip ? new GZipStream(file, CompressionMode.Decompress) : file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The next line without its line end; valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        _length = 0;
        while (true)
        {
            if (_start == _end && !Fill())
            {
                IsLineComplete = false;
                line = _line.AsSpan(0, _length);
                return _length > 0;
            }

            var rest = _buffer.AsSpan(_start, _end - _start);
            var newLine = rest.IndexOf((byte)'\n');
            var part = newLine < 0 ? rest : rest[..newLine];
            var room = Math.Min(part.Length, MaxLine - _length);
            part[..room].CopyTo(_line.AsSpan(_length));
            _length += room;
            var taken = part.Length + (newLine < 0 ? 0 : 1);
            _start += taken;
            Offset += taken;
            if (newLine < 0) continue;

            IsLineComplete = true;
            line = _line.AsSpan(0, _length).TrimEnd((byte)'\r');
            return true;
        }
    }

    public void Dispose()
    {
        _content.Dispose();
        _file.Dispose();
    }

    private bool Fill()
    {
        _start = 0;
        try
        {
            _end = _content.Read(_buffer);
        }
        catch (InvalidDataException e)
        {
            _end = 0;
            throw new IOException($"{_file.Name} is not whole: {e.Message}", e);
        }

        return _end > 0;
    }
}
