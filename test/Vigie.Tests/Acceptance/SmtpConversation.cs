using System.Net.Sockets;
using System.Text;

namespace Vigie.Tests.Acceptance;

/// <summary>An SMTP reply.</summary>
/// <param name="Code">Its three digits.</param>
/// <param name="Lines">Its lines without the code.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    public bool Good => Code is >= 200 and < 400;

    public override string ToString() => $"{Code} {string.Join(" | ", Lines)}";
}

/// <summary>What Postfix said while a message was submitted.</summary>
/// <param name="Mail">Answer to MAIL FROM.</param>
/// <param name="Recipients">Answer to each RCPT TO, by address.</param>
/// <param name="End">Answer to the end of the message; to DATA where that was refused; null where it did not come so far.</param>
internal sealed record Submission(SmtpReply Mail, IReadOnlyDictionary<string, SmtpReply> Recipients, SmtpReply? End)
{
    public bool Taken => End is { Good: true };

    /// <summary>The queue id of "250 2.0.0 Ok: queued as …"; null where it was not queued.</summary>
    public string? QueueId => Taken && End!.Lines[0].Split("queued as ") is [_, var id] ? id : null;
}

/// <summary>A mail client's side of SMTP, one command at a time.</summary>
internal sealed class SmtpConversation : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    private SmtpConversation(TcpClient client)
    {
        _client = client;
        _reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        _writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
    }

    /// <summary>Connects, says EHLO and, where a user is given, acts as if that user had logged in (Postfix's XCLIENT).</summary>
    public static async Task<SmtpConversation> OpenAsync(int port, string? user, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", port, cancellationToken);
        var smtp = new SmtpConversation(client);
        Assert.True((await smtp.ReadAsync(cancellationToken)).Good);
        Assert.True((await smtp.SayAsync("EHLO client.example.com", cancellationToken)).Good);
        if (user is not null)
        {
            Assert.True((await smtp.SayAsync($"XCLIENT LOGIN={user}", cancellationToken)).Good);
            Assert.True((await smtp.SayAsync("EHLO client.example.com", cancellationToken)).Good);
        }

        return smtp;
    }

    public async Task<SmtpReply> SayAsync(string line, CancellationToken cancellationToken)
    {
        await _writer.WriteLineAsync(line.AsMemory(), cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    /// <summary>Sends one message; <paramref name="message"/> is header and body with any line ends.</summary>
    public async Task<Submission> SendAsync(string from, IEnumerable<string> recipients, string message, CancellationToken cancellationToken)
    {
        var mail = await SayAsync($"MAIL FROM:<{from}>", cancellationToken);
        var answers = new Dictionary<string, SmtpReply>();
        foreach (var recipient in recipients) answers[recipient] = await SayAsync($"RCPT TO:<{recipient}>", cancellationToken);
        if (!answers.Values.Any(answer => answer.Good))
        {
            await SayAsync("RSET", cancellationToken);
            return new Submission(mail, answers, null);
        }

        var data = await SayAsync("DATA", cancellationToken);
        if (!data.Good) return new Submission(mail, answers, data);
        foreach (var line in message.ReplaceLineEndings("\n").Split('\n'))
            await _writer.WriteLineAsync((line.StartsWith('.') ? "." + line : line).AsMemory(), cancellationToken);
        return new Submission(mail, answers, await SayAsync(".", cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _writer.WriteLineAsync("QUIT");
        }
        catch (IOException)
        {
            // Already gone.
        }

        _client.Dispose();
    }

    private async Task<SmtpReply> ReadAsync(CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(TimeSpan.FromSeconds(60));
        var lines = new List<string>();
        while (true)
        {
            var line = await _reader.ReadLineAsync(bounded.Token) ?? throw new IOException("the server hung up");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length < 4 || line[3] == ' ') return new SmtpReply(int.Parse(line.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture), lines);
        }
    }
}
