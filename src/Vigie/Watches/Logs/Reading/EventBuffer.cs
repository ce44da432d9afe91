using System.Buffers;
using System.Security.Cryptography;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;

namespace Vigie.Watches.Logs.Reading;

/// <summary>
/// The bytes between a source and a reader: the source appends, the reader takes events. The memory grows to one event of
/// <see cref="LogWindow.MaxRecordBytes"/> and no further; what is longer is skipped and reported.
/// Not safe for use by several threads at once.
/// </summary>
internal sealed class EventBuffer(Action<LogDiagnostic> report) : IDisposable
{
    private const int First = 64 * 1024;
    private const int Largest = LogWindow.MaxRecordBytes + First;
    private const int IdentityBytes = 256;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(First);
    private int _start;
    private int _end;
    private bool _skipping;

    /// <summary>What reads; null until the format is known.</summary>
    public LogReader? Reader { get; set; }

    /// <summary>Whether nothing will be appended any more.</summary>
    public bool IsFinal { get; set; }

    /// <summary>Where the first byte that is not done with lies in the content.</summary>
    public long Offset { get; private set; }

    /// <summary>How many bytes are at hand.</summary>
    public int Pending => _end - _start;

    /// <summary>The bytes at hand.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, _end - _start);

    /// <summary>
    /// What tells this content from others wherever it lies and however it is packed: a hash of its first line, of its first
    /// 256 bytes where that is longer. The same from the moment the first event can be read. Empty before.
    /// </summary>
    public string Identity { get; private set; } = "";

    /// <summary>Starts again with a content, from a place in it.</summary>
    /// <param name="offset">Where the first byte that will be appended lies.</param>
    /// <param name="identity">The <see cref="Identity"/> of the content where <paramref name="offset"/> is not 0.</param>
    public void Restart(long offset = 0, string identity = "")
    {
        (_start, _end, Offset, Identity, IsFinal, _skipping) = (0, 0, offset, identity, false, false);
    }

    /// <summary>Room to append to; the last event is no longer valid. Empty when no more can be held, and something must be read first.</summary>
    public Memory<byte> Room(int wanted = First / 2)
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_end, _start) = (_end - _start, 0);
        }

        if (_bytes.Length - _end < wanted && _bytes.Length < Largest) Grow(wanted);
        return _bytes.AsMemory(_end);
    }

    /// <summary>Says how much of the room was filled.</summary>
    public void Appended(int count)
    {
        _end += count;
        if (_skipping) return;
        if (Offset == 0 && _start == 0 && Bytes.StartsWith("\uFEFF"u8)) Drop(3);
        if (Identity.Length == 0) Identify();
    }

    /// <summary>Appends a copy of <paramref name="bytes"/>; false when there is no room for it.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        var room = Room(bytes.Length);
        if (room.Length < bytes.Length) return false;
        bytes.CopyTo(room.Span);
        Appended(bytes.Length);
        return true;
    }

    /// <summary>Reads the next event.</summary>
    /// <returns>False when more has to be appended first, when nothing reads yet, or, when <see cref="IsFinal"/>, when there is none.</returns>
    public bool Next(EventRecord record)
    {
        while (Reader is not null && (_end > _start || IsFinal))
        {
            if (_skipping && !SkipToLineEnd()) return false;
            var result = Reader.Read(new LogWindow(_bytes, _start, _end, Offset, IsFinal), record);
            if (result.Diagnostic is { } diagnostic) report(diagnostic);
            if (result.Status == ReadStatus.Event)
            {
                Drop(result.Consumed);
                return true;
            }

            Drop(result.Consumed);
            if (result.Status == ReadStatus.NeedMore && result.Consumed == 0 && !GiveUpOnLongEvent()) return false;

            // Something skipped may lie in bytes that other events share; its reader goes on behind it.
            if (IsFinal && result.Consumed == 0 && result.Status != ReadStatus.Skipped) return false;
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        (_start, _end) = (0, 0);
    }

    // The reader asks for more although it has been shown the longest event there may be: what it holds is none.
    private bool GiveUpOnLongEvent()
    {
        if (Pending < LogWindow.MaxRecordBytes) return false;
        report(new LogDiagnostic("content.event-too-long", Offset, $"an event is longer than {LogWindow.MaxRecordBytes} bytes and is skipped up to the next line"));
        _skipping = true;
        return true;
    }

    private bool SkipToLineEnd()
    {
        var lineEnd = Bytes.IndexOf((byte)'\n');
        Drop(lineEnd < 0 ? Pending : lineEnd + 1);
        _skipping = lineEnd < 0;
        return !_skipping;
    }

    private void Drop(int count)
    {
        _start += count;
        Offset += count;
    }

    private void Grow(int wanted)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Largest, Math.Max(_bytes.Length * 2L, _end + (long)wanted)));
        _bytes.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    private void Identify()
    {
        if (Offset > 3) return;
        var line = Bytes.IndexOf((byte)'\n');
        if (line < 0 && Pending < IdentityBytes && !IsFinal) return;
        Identity = IdentityOf(Bytes);
    }

    /// <summary>The identity of a content that begins so; see <see cref="Identity"/>.</summary>
    public static string IdentityOf(ReadOnlySpan<byte> beginning)
    {
        var line = beginning.IndexOf((byte)'\n');
        var length = Math.Min(line < 0 ? beginning.Length : line, IdentityBytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(beginning[..length], hash);
        return Convert.ToHexStringLower(hash[..8]);
    }
}
