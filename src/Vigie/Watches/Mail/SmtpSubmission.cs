using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vigie.Watches.Mail;

/// <summary>The mail server did not take a message.</summary>
internal sealed class SmtpSubmissionException(string message) : Exception(message);

/// <summary>Hands one message with an empty envelope sender to a mail server nearby (RFC 5321), nothing more.</summary>
internal static class SmtpSubmission
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private const int MaxReplyLines = 200;

    public static async Task SendAsync(IPEndPoint server, string recipient, byte[] message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            using var client = new TcpClient(server.AddressFamily);
            await client.ConnectAsync(server, limit.Token);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8, false, 4096, leaveOpen: true);
            await ExpectAsync(reader, '2', limit.Token);
            var offers = await SayAsync(stream, reader, "EHLO localhost", '2', limit.Token);
            var utf8 = Ascii.IsValid(recipient) ? "" : offers.Contains("SMTPUTF8", StringComparison.OrdinalIgnoreCase) ? " SMTPUTF8" : throw new SmtpSubmissionException("The mail server does not take SMTPUTF8 addresses.");
            await SayAsync(stream, reader, $"MAIL FROM:<>{utf8}", '2', limit.Token);
            await SayAsync(stream, reader, $"RCPT TO:<{recipient}>", '2', limit.Token);
            await SayAsync(stream, reader, "DATA", '3', limit.Token);
            await stream.WriteAsync(Stuffed(message), limit.Token);
            await SayAsync(stream, reader, ".", '2', limit.Token);
            await stream.WriteAsync("QUIT\r\n"u8.ToArray(), limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SmtpSubmissionException($"The mail server {server} did not answer in time.");
        }
    }

    private static async Task<string> SayAsync(NetworkStream stream, StreamReader reader, string line, char expected, CancellationToken cancellationToken)
    {
        // An address that came in over SMTP cannot hold a line break, but a store can be edited.
        if (line.AsSpan().IndexOfAny('\r', '\n') >= 0) throw new SmtpSubmissionException("An address holds a line break.");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellationToken);
        return await ExpectAsync(reader, expected, cancellationToken);
    }

    private static async Task<string> ExpectAsync(StreamReader reader, char expected, CancellationToken cancellationToken)
    {
        var reply = new StringBuilder();
        for (var i = 0; i < MaxReplyLines; i++)
        {
            var line = await reader.ReadLineAsync(cancellationToken) ?? throw new SmtpSubmissionException("The mail server closed the connection.");
            reply.AppendLine(line);
            if (line.Length > 3 && line[3] == '-') continue;
            return line.Length >= 3 && line[0] == expected ? reply.ToString() : throw new SmtpSubmissionException(reply.ToString().Trim());
        }

        throw new SmtpSubmissionException("The mail server's reply does not end.");
    }

    // RFC 5321 §4.5.2: a line that begins with a dot gets a second one.
    private static byte[] Stuffed(byte[] message)
    {
        var stuffed = new List<byte>(message.Length + 16);
        var lineStart = true;
        foreach (var octet in message)
        {
            if (lineStart && octet == '.') stuffed.Add((byte)'.');
            stuffed.Add(octet);
            lineStart = octet == '\n';
        }

        return [.. stuffed];
    }
}
