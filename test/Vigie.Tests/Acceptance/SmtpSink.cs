using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vigie.Tests.Acceptance;

/// <summary>A message the next hop has taken over.</summary>
/// <param name="Sender">Envelope sender without brackets.</param>
/// <param name="Recipients">Envelope recipients without brackets.</param>
/// <param name="Text">Header and body as sent, lines ended by CR LF, dots unstuffed; Latin-1.</param>
internal sealed record SunkMessage(string Sender, IReadOnlyList<string> Recipients, string Text)
{
    /// <summary>The first header field of that name, unfolded; null where there is none.</summary>
    public string? Header(string name)
    {
        var head = Text.Split("\r\n\r\n")[0].Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal);
        return head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
    }
}

/// <summary>The next hop of a test's Postfix: takes every message and keeps it; can be told to refuse or to be slow.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly ConcurrentDictionary<Task, bool> _serving = new();

    public SmtpSink()
    {
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<SunkMessage> Messages { get; } = new();

    /// <summary>Gives another answer than 250 to a command line such as <c>RCPT TO:&lt;a@b&gt;</c> or <c>.</c>; null leaves it.</summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    /// <summary>Waited before each message is answered.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Waits until that many messages came in; fails after <paramref name="limit"/> (30 s).</summary>
    public async Task WaitForAsync(int count, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(limit ?? TimeSpan.FromSeconds(30));
        try
        {
            while (Messages.Count < count) await Task.Delay(20, bounded.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"{Messages.Count} of {count} messages reached the next hop");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var serving = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
                _serving[serving] = true;
                _ = serving.ContinueWith(done => _serving.TryRemove(done, out _), TaskScheduler.Default);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1);
                await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
                await TalkAsync(reader, writer);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // Postfix or the test hung up.
            }
        }
    }

    private async Task TalkAsync(StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("220 sink");
        var sender = "";
        var recipients = new List<string>();
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            var refusal = Answer(line);
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (refusal is null && verb is "MAIL") (sender, recipients) = (Address(line), []);
            if (refusal is null && verb is "RCPT") recipients.Add(Address(line));
            if (refusal is null && verb is "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                var text = await ReadDataAsync(reader);
                if (Delay > TimeSpan.Zero) await Task.Delay(Delay, _stop.Token);
                refusal = Answer(".");
                if (refusal is null) Messages.Enqueue(new SunkMessage(sender, recipients.ToArray(), text));
            }

            await writer.WriteLineAsync(refusal ?? (verb is "QUIT" ? "221 bye" : "250 sunk"));
            if (verb is "QUIT") return;
        }
    }

    private async Task<string> ReadDataAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
            text.Append(line.StartsWith('.') ? line.AsSpan(1) : line).Append("\r\n");
        return text.ToString();
    }

    private static string Address(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}
