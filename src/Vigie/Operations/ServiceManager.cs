using System.Net.Sockets;
using System.Text;

namespace Vigie.Operations;

/// <summary>Tells systemd when the node is ready or stopping (<c>sd_notify(3)</c>, Type=notify); silent elsewhere.</summary>
internal static class ServiceManager
{
    public static void Ready() => Notify("READY=1");

    public static void Stopping() => Notify("STOPPING=1");

    private static void Notify(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } path) return;
        // A leading @ names a socket in the abstract namespace, which the kernel writes as a leading NUL.
        if (path[0] == '@') path = "\0" + path[1..];
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            // systemd then reports that the service did not become ready; nothing here could say it better.
        }
    }
}
