using System.IO.Compression;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>A text of a feed, opened where reading goes on.</summary>
/// <param name="Content">Positioned at <see cref="FeedPosition.Offset"/> of <paramref name="Start"/>.</param>
/// <param name="FirstLine">The text's first line, for formats with a heading; empty where it is not whole yet.</param>
/// <param name="Start">Where reading starts.</param>
/// <param name="IsFinal">Whether the text will not grow, so that what follows the last line end is a line.</param>
/// <param name="Length">Bytes of the text; null where unknown (packed).</param>
internal sealed record FeedText(Stream Content, byte[] FirstLine, FeedPosition Start, bool IsFinal, long? Length) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();

    /// <summary>Opens a file, unpacking gzip, at a position.</summary>
    /// <param name="path">The file.</param>
    /// <param name="position">Where to go on; null for the start.</param>
    /// <param name="isFinal">Whether it will not grow.</param>
    /// <param name="feed">The bounds.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="IOException">It cannot be read, or unpacks to more than allowed.</exception>
    public static async Task<FeedText> OpenAsync(string path, FeedPosition? position, bool isFinal, FeedSettings feed, CancellationToken ct)
    {
        var file = Open(path);
        try
        {
            var packed = IsGzip(file);
            var start = position ?? new FeedPosition(FileIdentity.Of(file), 0);
            // While a file is short its identity is; it grows with it.
            start = start with { Identity = FileIdentity.Of(file), Complete = false };
            var firstLine = await ReadFirstLineAsync(path, feed, ct).ConfigureAwait(false);
            if (!packed)
            {
                file.Position = start.Offset;
                return new FeedText(file, firstLine, start, isFinal, file.Length);
            }

            var content = Unpack(file, feed);
            await SkipAsync(content, start.Offset, ct).ConfigureAwait(false);
            return new FeedText(content, firstLine, start, IsFinal: true, Length: null);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens a file that somebody else may be writing, renaming or deleting.</summary>
    public static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>RFC 1952 §2.3.1: the two octets every gzip member begins with.</summary>
    public static bool IsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        return RandomAccess.Read(file.SafeFileHandle, magic, 0) == 2 && magic is [0x1F, 0x8B];
    }

    private static BoundedStream Unpack(Stream file, FeedSettings feed) => new(new GZipStream(file, CompressionMode.Decompress), feed.MaxUnpackedBytes);

    private static async Task<byte[]> ReadFirstLineAsync(string path, FeedSettings feed, CancellationToken ct)
    {
        await using var file = Open(path);
        await using Stream content = IsGzip(file) ? Unpack(file, feed) : file;
        var line = await new BoundedLineReader(content, 0, feed.MaxLineBytes).ReadAsync(lastCounts: true, ct).ConfigureAwait(false);
        var bytes = line?.Bytes.ToArray() ?? [];
        return bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
    }

    private static async Task SkipAsync(Stream content, long count, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        while (count > 0)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), ct).ConfigureAwait(false);
            if (read == 0) return;
            count -= read;
        }
    }

    /// <summary>Ends a text that unpacks to more than allowed: a few kilobytes of gzip can hold gigabytes.</summary>
    private sealed class BoundedStream(Stream inner, long most) : Stream
    {
        private long _unpacked;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await ReadInnerAsync(buffer, cancellationToken).ConfigureAwait(false));

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync().ConfigureAwait(false);
            await base.DisposeAsync().ConfigureAwait(false);
        }

        private async ValueTask<int> ReadInnerAsync(Memory<byte> buffer, CancellationToken ct)
        {
            try
            {
                return await inner.ReadAsync(buffer, ct).ConfigureAwait(false);
            }
            catch (InvalidDataException e)
            {
                throw new IOException($"the gzip data is damaged: {e.Message}", e);
            }
        }

        private int Count(int read)
        {
            _unpacked += read;
            return _unpacked <= most ? read : throw new IOException($"unpacks to more than maxUnpackedBytes ({most} bytes)");
        }
    }
}
