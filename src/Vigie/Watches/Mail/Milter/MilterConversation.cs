using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Vigie.Operations;

namespace Vigie.Watches.Mail.Milter;

/// <summary>What every conversation of a server shares.</summary>
internal sealed record MilterServices(MilterSettings Settings, MilterMetrics Metrics, ILogger Log, TimeProvider Time);

/// <summary>One connection from the MTA: bytes to packets, replies to bytes, and the deadlines of both.</summary>
internal sealed class MilterConversation : IAsyncDisposable
{
    private const int FlushBytes = 64 * 1024;

    private readonly MilterConnection _connection;
    private readonly MilterServices _services;
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;
    private readonly Action _abort;
    private readonly Action? _acknowledge;
    private readonly MilterDialogue _dialogue;

    // Timestamp after which the peer is too late; 0 while the peer is not awaited. Read by the server's sweep.
    private long _deadline;
    private string? _closing;
    private volatile bool _draining;
    private bool _broken;

    /// <param name="connection">Whose conversation this is.</param>
    /// <param name="reader">Bytes from the MTA.</param>
    /// <param name="writer">Bytes to the MTA.</param>
    /// <param name="abort">Closes the connection at once, whatever is being read or written; may be called more than once.</param>
    /// <param name="handler">Opens the session.</param>
    /// <param name="services">What the server's conversations share.</param>
    /// <param name="acknowledge">Called where bytes were taken that get no reply; see <see cref="QuickAcknowledgement"/>.</param>
    public MilterConversation(MilterConnection connection, PipeReader reader, PipeWriter writer, Action abort, IMilterHandler handler, MilterServices services, Action? acknowledge = null)
    {
        _acknowledge = acknowledge;
        _connection = connection;
        _reader = reader;
        _writer = writer;
        _abort = abort;
        _services = services;
        _dialogue = new MilterDialogue(connection, handler, services, _writer, FlushAsync);
    }

    /// <summary>Serves the connection to its end; never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ReadPacketsAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The MTA went away, or Close was called, which said why.
        }
        catch (Exception e)
        {
            _services.Metrics.Failed("bug");
            _services.Log.MilterConversationFailed(_connection.Id, e);
        }
    }

    /// <summary>Ends the session and closes the socket; called once, after <see cref="RunAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _dialogue.DisposeAsync();
        // Completing the reader gives its memory back, which an abandoned call may still be reading.
        if (!_dialogue.Abandoned) await _reader.CompleteAsync();
        _abort();
        if (_dialogue.Problem is { } problem)
        {
            _services.Metrics.Failed("protocol");
            _services.Log.MilterProtocolError(_connection.Id, _connection.Remote?.ToString() ?? _connection.Local.ToString()!, problem);
        }
    }

    /// <summary>Closes the connection where the peer has been awaited for too long.</summary>
    public void CheckDeadline(long now)
    {
        var deadline = Volatile.Read(ref _deadline);
        if (deadline == 0 || now < deadline) return;
        _services.Metrics.Failed("peer-timeout");
        Close("the MTA was silent for too long");
    }

    /// <summary>Ends the connection as soon as no message is under way.</summary>
    public void Drain()
    {
        _draining = true;
        if (!_dialogue.InMessage) Close("stopping");
    }

    /// <summary>Ends the connection now; a call that is running is told to end, and answered by the policy on failure.</summary>
    public void Kill()
    {
        _draining = true;
        _dialogue.Stop();
        if (Volatile.Read(ref _deadline) != 0) Close("stopping");
    }

    private void Close(string reason)
    {
        if (Interlocked.CompareExchange(ref _closing, reason, null) is not null) return;
        _services.Log.MilterConnectionClosed(_connection.Id, reason);
        _abort();
    }

    private async Task ReadPacketsAsync()
    {
        Await(_services.Settings.Timeouts.Packet);
        var midPacket = false;
        while (true)
        {
            var result = await _reader.ReadAsync();
            var buffer = result.Buffer;
            var (goOn, handled) = await HandleAllAsync(buffer);
            if (_writer.UnflushedBytes > 0) await FlushAsync();
            else _acknowledge?.Invoke();
            _reader.AdvanceTo(handled, buffer.End);
            if (!goOn || result.IsCompleted || _broken || (_draining && !_dialogue.InMessage)) return;

            // A packet that has begun must end within its time however slowly it trickles in.
            var begun = !buffer.End.Equals(handled);
            var progressed = !buffer.Start.Equals(handled);
            if (midPacket && begun && !progressed) continue;
            midPacket = begun;
            Await(begun || !_dialogue.Negotiated ? _services.Settings.Timeouts.Packet : _services.Settings.Timeouts.Idle);
        }
    }

    private async ValueTask<(bool GoOn, SequencePosition Handled)> HandleAllAsync(ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            switch (PacketReader.Read(ref buffer, _services.Settings.Limits.PacketBytes, out var command, out var data))
            {
                case PacketStatus.Incomplete:
                    return (true, buffer.Start);
                case PacketStatus.Empty:
                    _dialogue.Refuse("sent a packet without a command");
                    return (false, buffer.Start);
                case PacketStatus.TooLong:
                    _dialogue.Refuse($"announced a packet of more than {_services.Settings.Limits.PacketBytes} bytes");
                    return (false, buffer.Start);
                default:
                    Volatile.Write(ref _deadline, 0);
                    if (!await _dialogue.HandleAsync(command, data)) return (false, buffer.Start);
                    if (_writer.UnflushedBytes > FlushBytes) await FlushAsync();
                    break;
            }
        }
    }

    // Never throws: where the peer is gone the replies no longer matter, and reading ends the connection.
    private async ValueTask FlushAsync()
    {
        if (_broken || _writer.UnflushedBytes == 0) return;
        Await(_services.Settings.Timeouts.Packet);
        try
        {
            await _writer.FlushAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _broken = true;
        }

        Volatile.Write(ref _deadline, 0);
    }

    private void Await(TimeSpan limit)
    {
        var ticks = (long)(limit.TotalSeconds * _services.Time.TimestampFrequency);
        Volatile.Write(ref _deadline, Math.Max(1, _services.Time.GetTimestamp() + ticks));
    }
}
