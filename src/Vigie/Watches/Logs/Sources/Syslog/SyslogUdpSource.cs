using System.Net;
using System.Net.Sockets;
using Vigie.Operations;
using Vigie.Watches.Logs.Pipeline;

namespace Vigie.Watches.Logs.Sources.Syslog;

/// <summary>
/// Syslog over UDP (RFC 5426): a datagram is a message. What comes faster than it can be matched fills the kernel's buffer,
/// and what does not fit there is lost; the kernel counts it, and so do we.
/// </summary>
internal sealed class SyslogUdpSource(LogSourceState source, LogQueue queue, NodeEndpoints endpoints, TimeProvider time, ILogger log) : ILogSource
{
    private const int LargestDatagram = 65_535;
    private const int MostWaiting = 16_000_000;

    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Name => source.Name;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken ct)
    {
        using var socket = new Socket(source.Settings.Listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (source.Settings.Listen.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
        socket.ReceiveBufferSize = source.Settings.ReceiveBuffer;
        socket.Bind(source.Settings.Listen);
        var local = (IPEndPoint)socket.LocalEndPoint!;
        await endpoints.AnnounceLateAsync($"logs.{Name}", $"udp:{local}", ct).ConfigureAwait(false);
        log.LogSourceListening(Name, $"udp {local}");
        // Linux doubles what is asked for, and cuts it to net.core.rmem_max.
        if (socket.ReceiveBufferSize < source.Settings.ReceiveBuffer)
            log.LogSourceProblem(Name, $"the kernel holds {socket.ReceiveBufferSize} bytes for it instead of {source.Settings.ReceiveBuffer}; raise net.core.rmem_max");
        source.Error(null, time.GetUtcNow());

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var intake = new LineIntake(source, queue, time, $"udp {local}", 0, MostWaiting);
        Task[] parts = [intake.RunAsync(stop.Token), ReceiveAsync(socket, intake, stop.Token), CountDropsAsync(local.Port, stop.Token)];
        await Task.WhenAny(parts).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(parts).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(Socket socket, LineIntake intake, CancellationToken ct)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var buffer = GC.AllocateArray<byte>(LargestDatagram, pinned: true);
        var max = source.Settings.MaxMessageBytes;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, SocketFlags.None, ct).ConfigureAwait(false);
            var message = buffer.AsMemory(0, Math.Min(received, max));
            if (received > max) source.Report(Name, new Engine.Formats.LogDiagnostic("syslog.too-long", 0, $"a message is longer than maxMessageBytes ({max}) and was cut"));
            var trimmed = message.TrimEnd("\r\n\0"u8);
            if (!intake.TryAdd(trimmed.Span)) await intake.AddAsync(trimmed, ct).ConfigureAwait(false);
        }
    }

    private async Task CountDropsAsync(int port, CancellationToken ct)
    {
        var before = UdpDrops.Of(port);
        while (true)
        {
            await Task.Delay(CountEvery, time, ct).ConfigureAwait(false);
            if (UdpDrops.Of(port) is not { } now) continue;
            if (before is { } known && now > known) source.Drop(now - known);
            before = now;
        }
    }
}
