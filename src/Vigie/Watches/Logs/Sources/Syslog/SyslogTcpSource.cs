using System.Net.Sockets;
using Vigie.Operations;
using Vigie.Watches.Logs.Pipeline;

namespace Vigie.Watches.Logs.Sources.Syslog;

/// <summary>
/// Syslog over TCP. The protocol has no receipts: what the sender's and our kernel hold when the node is killed is lost, and
/// the sender cannot know. While the pipeline is busy connections are not read, and the senders keep what they have.
/// </summary>
internal sealed class SyslogTcpSource(LogSourceState source, LogQueue queue, NodeEndpoints endpoints, TimeProvider time, ILogger log) : ILogSource
{
    private const int ReadAtOnce = 64 * 1024;
    private const int MostWaiting = 4_000_000;

    private int _connections;
    private long _number;

    /// <inheritdoc/>
    public string Name => source.Name;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken ct)
    {
        using var listener = new Socket(source.Settings.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (source.Settings.Listen.Address.Equals(System.Net.IPAddress.IPv6Any)) listener.DualMode = true;
        listener.Bind(source.Settings.Listen);
        listener.Listen(128);
        var address = listener.LocalEndPoint!.ToString()!;
        await endpoints.AnnounceLateAsync($"logs.{Name}", $"tcp:{address}", ct).ConfigureAwait(false);
        log.LogSourceListening(Name, $"tcp {address}");
        source.Error(null, time.GetUtcNow());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var connection = await listener.AcceptAsync(ct).ConfigureAwait(false);
                open.RemoveAll(task => task.IsCompleted);
                open.Add(Task.Run(() => ServeAsync(connection, stop.Token), CancellationToken.None));
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(Socket connection, CancellationToken ct)
    {
        using var closing = connection;
        if (Interlocked.Increment(ref _connections) > source.Settings.MaxConnections)
        {
            Interlocked.Decrement(ref _connections);
            source.Error($"more than {source.Settings.MaxConnections} connections (maxConnections); further ones are closed", time.GetUtcNow());
            return;
        }

        try
        {
            var peer = (connection.RemoteEndPoint as System.Net.IPEndPoint)?.Address.ToString() ?? "?";
            using var intake = new LineIntake(source, queue, time, peer, Interlocked.Increment(ref _number), MostWaiting);
            var handing = intake.RunAsync(ct);
            await ReceiveAsync(connection, intake, peer, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            intake.End();
            await handing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task ReceiveAsync(Socket connection, LineIntake intake, string peer, CancellationToken ct)
    {
        var framing = new SyslogFraming(source.Settings.MaxMessageBytes, diagnostic => source.Report(peer, diagnostic));
        var buffer = new byte[source.Settings.MaxMessageBytes + ReadAtOnce];
        var (start, end) = (0, 0);
        while (true)
        {
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            var read = await connection.ReceiveAsync(buffer.AsMemory(end), ct).ConfigureAwait(false);
            end += read;
            while (Take(framing, buffer, ref start, end, isFinal: read == 0) is { } message)
            {
                if (!message.IsEmpty && !intake.TryAdd(message.Span)) await intake.AddAsync(message, ct).ConfigureAwait(false);
            }

            if (read == 0) return;
        }
    }

    // Null when more bytes are needed.
    private static ReadOnlyMemory<byte>? Take(SyslogFraming framing, byte[] buffer, ref int start, int end, bool isFinal)
    {
        var consumed = framing.Take(buffer.AsSpan(start, end - start), isFinal, out var message);
        if (consumed == 0) return null;
        var at = message.IsEmpty || !buffer.AsSpan().Overlaps(message, out var found) ? 0 : found;
        start += consumed;
        return buffer.AsMemory(at, message.Length);
    }
}
