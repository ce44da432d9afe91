using System.Net.Sockets;

namespace Vigie.Watches.Mail.Milter;

/// <summary>
/// Steps without a reply would cost more than those with one: the MTA's small packets wait (Nagle) for the receipt of the
/// one before, which the system holds back for 40 ms in the hope of a reply to send it with (delayed ACK). So where no reply
/// will come, the receipt is sent at once. The option does not last: the system falls back after the next reply (tcp(7), TCP_QUICKACK).
/// </summary>
internal static class QuickAcknowledgement
{
    private const int TcpLevel = 6;
    private const int QuickAck = 12;
    private static readonly byte[] On = BitConverter.GetBytes(1);

    /// <summary>What sends the receipt of all bytes read so far; null where there is nothing to do.</summary>
    public static Action? For(Socket socket)
    {
        if (socket.AddressFamily == AddressFamily.Unix || !OperatingSystem.IsLinux()) return null;
        return () =>
        {
            try
            {
                socket.SetRawSocketOption(TcpLevel, QuickAck, On);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The peer is gone; reading will tell.
            }
        };
    }
}
