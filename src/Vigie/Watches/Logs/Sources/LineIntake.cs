using System.Buffers;
using System.Globalization;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Watches.Logs.Pipeline;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Watches.Logs.Sources;

/// <summary>
/// Messages that come one by one over the network, gathered into lines while the ones before are matched: the busier it is,
/// the larger the batches. When so much waits that nothing more fits, the sender waits too. One writer.
/// </summary>
internal sealed class LineIntake : IDisposable
{
    private readonly LogSourceState _source;
    private readonly LogQueue _queue;
    private readonly TimeProvider _time;
    private readonly string _peer;
    private readonly string _session;
    private readonly int _most;
    private readonly EventBuffer _buffer;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _some = new(0, 1);
    private readonly SemaphoreSlim _room = new(0, 1);
    private ArrayBufferWriter<byte> _gathered = new(16 * 1024);
    private ArrayBufferWriter<byte> _handed = new(16 * 1024);
    private long _messages;
    private DateTimeOffset _received;
    private bool _ended;

    /// <summary>Makes an intake.</summary>
    /// <param name="source">The source.</param>
    /// <param name="queue">Where batches go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="peer">Who sends, for people.</param>
    /// <param name="number">Tells this connection from others that began at the same moment.</param>
    /// <param name="most">How many bytes may wait.</param>
    public LineIntake(LogSourceState source, LogQueue queue, TimeProvider time, string peer, long number, int most)
    {
        (_source, _queue, _time, _peer, _most) = (source, queue, time, peer, most);
        // Nothing sent this way can be sent again: what identifies a message is when, from whom and where in the stream it came.
        _session = string.Create(CultureInfo.InvariantCulture, $"{source.Name} {peer} {time.GetUtcNow().UtcTicks} {number}");
        var format = LogFormats.Find(source.Settings.Format ?? "syslog") ?? throw new InvalidOperationException($"There is no format \"{source.Settings.Format}\".");
        _buffer = new EventBuffer(diagnostic => source.Report(peer, diagnostic)) { Reader = format.Open(source.Settings.ReadAs.For("", time.GetUtcNow())) };
    }

    /// <summary>Takes a message; false when there is no room for it.</summary>
    public bool TryAdd(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty) return true;
        lock (_lock)
        {
            if (_gathered.WrittenCount > 0 && _gathered.WrittenCount + message.Length >= _most) return false;
            var line = _gathered.GetSpan(message.Length + 1);
            message.CopyTo(line);
            // A message is a line from here on: what it holds of line ends are blanks.
            line[..message.Length].ReplaceAny(LineEnds, (byte)' ');
            line[message.Length] = (byte)'\n';
            _gathered.Advance(message.Length + 1);
            if (_messages++ == 0) _received = _time.GetUtcNow();
            Release(_some);
            return true;
        }
    }

    /// <summary>Takes a message as soon as there is room.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> message, CancellationToken ct)
    {
        while (!TryAdd(message.Span)) await _room.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Says that no message comes any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Release(_some);
        }
    }

    /// <summary>Hands in what is gathered until <see cref="End"/> was called and everything is through.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            await _some.WaitAsync(ct).ConfigureAwait(false);
            var (messages, ended) = Swap();
            await HandInAsync(messages, ended, ct).ConfigureAwait(false);
            if (ended) return;
        }
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _some.Dispose();
        _room.Dispose();
    }

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n\0"u8);

    private (long Messages, bool Ended) Swap()
    {
        lock (_lock)
        {
            (_gathered, _handed) = (_handed, _gathered);
            var messages = _messages;
            _messages = 0;
            Release(_room);
            return (messages, _ended);
        }
    }

    private async Task HandInAsync(long messages, bool ended, CancellationToken ct)
    {
        try
        {
            var rest = _handed.WrittenMemory;
            while (!rest.IsEmpty || ended)
            {
                var room = _buffer.Room(rest.Length);
                var taken = Math.Min(room.Length, rest.Length);
                rest.Span[..taken].CopyTo(room.Span);
                rest = rest[taken..];
                _buffer.Appended(taken);
                _buffer.IsFinal = ended && rest.IsEmpty;
                var batch = new LineBatch(this, _received);
                await _queue.EnterAsync(batch, ct).ConfigureAwait(false);
                await batch.ThroughAsync(ct).ConfigureAwait(false);
                if (_buffer.IsFinal) return;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The pipeline broke within this batch: it cannot be asked for again.
            _source.Drop(messages);
            _buffer.Restart(_buffer.Offset + _buffer.Pending);
        }
        finally
        {
            _handed.ResetWrittenCount();
        }
    }

    private static void Release(SemaphoreSlim signal)
    {
        if (signal.CurrentCount == 0) signal.Release();
    }

    private sealed class LineBatch(LineIntake intake, DateTimeOffset received) : LogBatch(intake._source, intake._buffer, received)
    {
        public override LogOrigin Origin(EventRecord record) => new(Source.Name, intake._peer, intake._session);
    }
}
