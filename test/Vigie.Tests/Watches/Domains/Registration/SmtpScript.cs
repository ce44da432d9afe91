using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vigie.Tests.Watches.Domains.Registration;

/// <summary>A mail server on loopback that answers each line from a script; null hangs up.</summary>
internal sealed class SmtpScript : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> _answer;
    private readonly string _farewell;
    private readonly Task _running;

    public SmtpScript(Func<string, string?> answer, string farewell = "")
    {
        (_answer, _farewell) = (answer, farewell);
        _listener.Start();
        _running = Task.Run(ServeAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections { get; private set; }

    public List<string> Received { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using var peer = await _listener.AcceptTcpClientAsync();
            Connections++;
            await using var stream = peer.GetStream();
            await stream.WriteAsync("220-hello\r\n220 mx.test\r\n"u8.ToArray());
            using var reader = new StreamReader(stream, Encoding.ASCII);
            while (await reader.ReadLineAsync() is { } line)
            {
                Received.Add(line);
                if (_answer(line) is not { } reply)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(_farewell));
                    break;
                }

                await stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"));
                if (line == "QUIT") break;
            }
        }
    }
}
