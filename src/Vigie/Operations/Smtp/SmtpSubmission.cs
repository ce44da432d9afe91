using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Vigie.Operations.Smtp;

/// <summary>The mail server did not take a message.</summary>
internal sealed class SmtpSubmissionException(string message) : Exception(message);

/// <summary>Hands one message to a mail server (RFC 5321), with STARTTLS (RFC 3207) and AUTH PLAIN or LOGIN (RFC 4954) where they are wanted.</summary>
internal sealed class SmtpSubmission : IAsyncDisposable
{
    private const int MaxReplyLines = 200;
    private const int MaxReplyLine = 2000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly SmtpServer _server;
    private readonly TcpClient _client = new();
    private Stream _stream = Stream.Null;
    private BufferedStream _reading = new(Stream.Null);

    private SmtpSubmission(SmtpServer server) => _server = server;

    /// <summary>Sends a message with an empty envelope sender, to which nobody can answer.</summary>
    /// <param name="server">Which server.</param>
    /// <param name="recipients">To whom; one that the server does not know does not keep the others from getting it.</param>
    /// <param name="message">Header and body, lines ended by CR LF.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The recipients that were refused, each with the reply.</returns>
    /// <exception cref="SmtpSubmissionException">It was not taken for anybody; what it says names no password.</exception>
    public static async Task<IReadOnlyList<string>> SendAsync(SmtpServer server, IReadOnlyList<string> recipients, byte[] message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        await using var submission = new SmtpSubmission(server);
        try
        {
            var offers = await submission.OpenAsync(limit.Token);
            return await submission.DeliverAsync(offers, recipients, message, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SmtpSubmissionException($"The mail server {server} did not answer in time.");
        }
        catch (AuthenticationException e)
        {
            throw new SmtpSubmissionException($"The certificate of the mail server {server} is not accepted: {e.Message}");
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new SmtpSubmissionException($"The mail server {server}: {e.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }

    private async Task<string> OpenAsync(CancellationToken cancellationToken)
    {
        await _client.ConnectAsync(_server.Host, _server.Port, cancellationToken);
        Use(_client.GetStream());
        if (_server.Tls == SmtpTls.Implicit) await SecureAsync(cancellationToken);
        await ExpectAsync('2', cancellationToken);
        var offers = await SayAsync("EHLO localhost", '2', cancellationToken);
        if (_server.Tls == SmtpTls.StartTls)
        {
            if (!Offers(offers, "STARTTLS")) throw new SmtpSubmissionException($"The mail server {_server} does not offer STARTTLS.");
            await SayAsync("STARTTLS", '2', cancellationToken);
            // What was sent in the clear after the reply is thrown away with the buffer: it could be anybody's (CVE-2011-0411).
            await SecureAsync(cancellationToken);
            offers = await SayAsync("EHLO localhost", '2', cancellationToken);
        }

        if (_server.User is { } user) await LogInAsync(user, offers, cancellationToken);
        return offers;
    }

    private async Task LogInAsync(string user, string offers, CancellationToken cancellationToken)
    {
        var mechanisms = offers.Split('\n').FirstOrDefault(line => line.Length > 4 && line[4..].StartsWith("AUTH", StringComparison.OrdinalIgnoreCase)) ?? "";
        try
        {
            if (Mentions(mechanisms, "PLAIN"))
            {
                await SayAsync("AUTH PLAIN " + Base64($"\0{user}\0{_server.Password}"), '2', cancellationToken);
            }
            else if (Mentions(mechanisms, "LOGIN"))
            {
                await SayAsync("AUTH LOGIN", '3', cancellationToken);
                await SayAsync(Base64(user), '3', cancellationToken);
                await SayAsync(Base64(_server.Password), '2', cancellationToken);
            }
            else
            {
                throw new SmtpSubmissionException($"The mail server {_server} offers neither AUTH PLAIN nor AUTH LOGIN.");
            }
        }
        catch (SmtpReplyException e)
        {
            // A server may repeat what it was sent: only the code is passed on.
            throw new SmtpSubmissionException($"The mail server {_server} refused the login ({e.Code}).");
        }
    }

    private async Task<IReadOnlyList<string>> DeliverAsync(string offers, IReadOnlyList<string> recipients, byte[] message, CancellationToken cancellationToken)
    {
        try
        {
            var utf8 = recipients.All(recipient => Ascii.IsValid(recipient)) ? ""
                : Offers(offers, "SMTPUTF8") ? " SMTPUTF8"
                : throw new SmtpSubmissionException("The mail server does not take SMTPUTF8 addresses.");
            await SayAsync($"MAIL FROM:<>{utf8}", '2', cancellationToken);
            var refused = new List<string>();
            foreach (var recipient in recipients)
            {
                try
                {
                    await SayAsync($"RCPT TO:<{recipient}>", '2', cancellationToken);
                }
                catch (SmtpReplyException e) when (refused.Count + 1 < recipients.Count)
                {
                    refused.Add($"{recipient}: {e.Message}");
                }
            }

            await SayAsync("DATA", '3', cancellationToken);
            await _stream.WriteAsync(Stuffed(message), cancellationToken);
            await SayAsync(".", '2', cancellationToken);
            // It is taken; a server that hangs up now changes nothing.
            await QuitAsync(cancellationToken);
            return refused;
        }
        catch (SmtpReplyException e)
        {
            throw new SmtpSubmissionException(e.Message);
        }
    }

    private async Task QuitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WriteAsync("QUIT\r\n"u8.ToArray(), cancellationToken);
        }
        catch (IOException)
        {
            return;
        }
    }

    private async Task SecureAsync(CancellationToken cancellationToken)
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsClientAsync(TrustedAuthorities.For(_server.Host, _server.Authorities), cancellationToken);
        Use(tls);
    }

    private void Use(Stream stream) => (_stream, _reading) = (stream, new BufferedStream(stream, 4096));

    private async Task<string> SayAsync(string line, char expected, CancellationToken cancellationToken)
    {
        // An address that came in over SMTP cannot hold a line break, but a store can be edited.
        if (line.AsSpan().IndexOfAny('\r', '\n') >= 0) throw new SmtpSubmissionException("An address holds a line break.");
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellationToken);
        return await ExpectAsync(expected, cancellationToken);
    }

    private async Task<string> ExpectAsync(char expected, CancellationToken cancellationToken)
    {
        var reply = new StringBuilder();
        for (var i = 0; i < MaxReplyLines; i++)
        {
            var line = await ReadLineAsync(cancellationToken);
            reply.Append(line).Append('\n');
            if (line.Length > 3 && line[3] == '-') continue;
            return line.Length >= 3 && line[0] == expected ? reply.ToString() : throw new SmtpReplyException(line.Length >= 3 ? line[..3] : line, reply.ToString().Trim());
        }

        throw new SmtpSubmissionException("The mail server's reply does not end.");
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        var octet = new byte[1];
        while (await _reading.ReadAsync(octet, cancellationToken) == 1)
        {
            if (octet[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(octet[0]);
            if (line.Count > MaxReplyLine) throw new SmtpSubmissionException("The mail server's reply has a line that does not end.");
        }

        throw new SmtpSubmissionException("The mail server closed the connection.");
    }

    private static bool Offers(string reply, string extension) => reply.Split('\n').Any(line => line.Length > 4 && line[4..].Trim().Split(' ')[0].Equals(extension, StringComparison.OrdinalIgnoreCase));

    private static bool Mentions(string line, string word) => line.Split([' ', '=', '\r'], StringSplitOptions.RemoveEmptyEntries).Contains(word, StringComparer.OrdinalIgnoreCase);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

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

    /// <summary>The server answered with another code than was hoped for.</summary>
    private sealed class SmtpReplyException(string code, string reply) : Exception(reply)
    {
        public string Code { get; } = code;
    }
}
