using System.Net.Sockets;

namespace Vigie.Operations;

/// <summary>An address of the settings cannot be listened on; names the setting, so that the reader knows what to change.</summary>
internal sealed class ListenException(string setting, string address, Exception inner)
    : IOException($"{setting}: cannot listen on {address}: {Reason(inner)}", inner)
{
    /// <summary>The dotted path of the setting that gave the address.</summary>
    public string Setting { get; } = setting;

    private static string Reason(Exception inner)
    {
        for (var e = inner; e is not null; e = e.InnerException!)
        {
            if (e is not SocketException socket) continue;
            return socket.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "another program listens there already (or another Vigie); stop it or choose another address",
                SocketError.AccessDenied => "not permitted (ports below 1024 and other users' folders need more rights)",
                SocketError.AddressNotAvailable => "this machine has no such address",
                _ => socket.Message,
            };
        }

        return inner.Message;
    }
}
