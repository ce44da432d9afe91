using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Vigie.Operations.Smtp;
using Vigie.Tests.Acceptance;

namespace Vigie.Tests.Operations.Smtp;

public sealed class SmtpSubmissionTests
{
    private const string Password = "seventeen candles burn";

    private static readonly byte[] Message = new MailMessage("id@example.org", "vigie@example.org", ["soc@example.org"], "Subject", "Text").ToBytes(DateTimeOffset.UnixEpoch);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PLAIN LOGIN")]
    [InlineData("LOGIN")]
    public async Task Logs_in_with_what_the_server_offers(string mechanisms)
    {
        var said = new ConcurrentQueue<string>();
        await using var sink = new SmtpSink
        {
            Answer = line =>
            {
                said.Enqueue(line);
                return line.StartsWith("EHLO", StringComparison.Ordinal) ? $"250-sink\r\n250 AUTH {mechanisms}"
                    : line == "AUTH LOGIN" || line == Base64("vigie") ? "334 VXNlcm5hbWU6"
                    : line == Base64(Password) || line == $"AUTH PLAIN {Base64($"\0vigie\0{Password}")}" ? "235 welcome"
                    : null;
            },
        };
        await SmtpSubmission.SendAsync(Server(sink) with { User = "vigie", Password = Password }, ["soc@example.org"], Message, Token);
        Assert.Single(sink.Messages);
        Assert.Contains(said, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_login_that_is_refused_is_told_without_what_the_server_says_about_it()
    {
        await using var sink = new SmtpSink
        {
            Answer = line => line.StartsWith("EHLO", StringComparison.Ordinal) ? "250 AUTH PLAIN" : line.StartsWith("AUTH", StringComparison.Ordinal) ? $"535 wrong password {Password}" : null,
        };
        var refused = await Assert.ThrowsAsync<SmtpSubmissionException>(() => SmtpSubmission.SendAsync(Server(sink) with { User = "vigie", Password = Password }, ["soc@example.org"], Message, Token));
        Assert.Contains("535", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_any_login_is_not_sent_to_without_one()
    {
        await using var sink = new SmtpSink();
        await Assert.ThrowsAsync<SmtpSubmissionException>(() => SmtpSubmission.SendAsync(Server(sink) with { User = "vigie", Password = Password }, ["soc@example.org"], Message, Token));
        Assert.Empty(sink.Messages);
    }

    [Fact]
    public async Task Where_protection_is_wanted_and_not_offered_nothing_is_sent()
    {
        await using var sink = new SmtpSink();
        await Assert.ThrowsAsync<SmtpSubmissionException>(() => SmtpSubmission.SendAsync(Server(sink) with { Tls = SmtpTls.StartTls }, ["soc@example.org"], Message, Token));
        Assert.Empty(sink.Messages);
    }

    [Theory]
    [InlineData(SmtpTls.StartTls)]
    [InlineData(SmtpTls.Implicit)]
    public async Task Sends_over_a_protected_connection_to_a_server_whose_authority_is_trusted(SmtpTls tls)
    {
        using var certificate = Certificate("localhost");
        await using var server = new TlsSmtpServer(certificate, tls);
        await SmtpSubmission.SendAsync(new SmtpServer("localhost", server.Port) { Tls = tls, Authorities = [certificate], User = "vigie", Password = Password }, ["soc@example.org"], Message, Token);
        Assert.Contains(server.Said, line => line == "RCPT TO:<soc@example.org>");
        Assert.DoesNotContain(server.SaidInTheClear, line => line.StartsWith("AUTH", StringComparison.Ordinal) || line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("elsewhere.example", true)]
    public async Task A_certificate_that_is_not_trusted_or_not_the_servers_is_not_accepted(string name, bool trusted)
    {
        using var certificate = Certificate(name);
        await using var server = new TlsSmtpServer(certificate, SmtpTls.StartTls);
        var refused = await Assert.ThrowsAsync<SmtpSubmissionException>(() => SmtpSubmission.SendAsync(
            new SmtpServer("localhost", server.Port) { Tls = SmtpTls.StartTls, Authorities = trusted ? [certificate] : null, User = "vigie", Password = Password }, ["soc@example.org"], Message, Token));
        Assert.Contains("certificate", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(server.Said, line => line.StartsWith("AUTH", StringComparison.Ordinal) || line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_all_recipients_are_refused_it_is_not_sent()
    {
        await using var sink = new SmtpSink { Answer = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 no" : null };
        await Assert.ThrowsAsync<SmtpSubmissionException>(() => SmtpSubmission.SendAsync(Server(sink), ["a@example.org", "b@example.org"], Message, Token));
        Assert.Empty(sink.Messages);
    }

    [Theory]
    [InlineData("a@example.org>\r\nRCPT TO:<b@example.org")]
    [InlineData("a@example.org\nDATA")]
    public async Task An_address_with_a_line_break_never_reaches_the_server(string address)
    {
        await using var sink = new SmtpSink();
        await Assert.ThrowsAsync<SmtpSubmissionException>(() => SmtpSubmission.SendAsync(Server(sink), [address], Message, Token));
        Assert.Empty(sink.Messages);
        Assert.Throws<SmtpSubmissionException>(() => new MailMessage("id@example.org", "vigie@example.org", [address], "s", "t").ToBytes(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public async Task A_reply_that_does_not_end_is_given_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var flooding = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(Token);
            var flood = Encoding.ASCII.GetBytes("220-" + new string('x', 60_000));
            try
            {
                for (var i = 0; i < 100; i++) await client.GetStream().WriteAsync(flood, Token);
            }
            catch (IOException)
            {
                // The other side has had enough.
            }
        }, Token);
        await Assert.ThrowsAsync<SmtpSubmissionException>(() => SmtpSubmission.SendAsync(new SmtpServer((IPEndPoint)listener.LocalEndpoint), ["soc@example.org"], Message, Token));
        await flooding;
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_by_its_name()
    {
        var refused = await Assert.ThrowsAsync<SmtpSubmissionException>(() => SmtpSubmission.SendAsync(new SmtpServer("127.0.0.1", 1), ["soc@example.org"], Message, Token));
        Assert.Contains("127.0.0.1:1", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("x\r\nBcc: b@example.org")]
    [InlineData("🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊 and é à ü, rather a long subject that needs several words to be encoded")]
    public void A_subject_is_encoded_whole_in_lines_that_are_not_too_long(string subject)
    {
        var text = Encoding.ASCII.GetString(new MailMessage("id@example.org", "vigie@example.org", ["soc@example.org"], subject, "t").ToBytes(DateTimeOffset.UnixEpoch));
        var head = text.Split("\r\n\r\n")[0].Split("\r\n");
        Assert.All(head, line => Assert.True(line.Length <= 90, line));
        Assert.DoesNotContain(head, line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        var words = string.Join('\n', head).Split("Subject: ")[1].Split("\nDate")[0].Split("\n ");
        Assert.Equal(subject, string.Concat(words.Select(word => word.StartsWith("=?utf-8?B?", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8.GetString(Convert.FromBase64String(word[10..^2])) : word)));
    }

    private static SmtpServer Server(SmtpSink sink) => new("127.0.0.1", sink.Port);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    /// <summary>A mail server of a few lines behind real TLS.</summary>
    private sealed class TlsSmtpServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public TlsSmtpServer(X509Certificate2 certificate, SmtpTls tls)
        {
            _listener.Start();
            _serving = ServeAsync(certificate, tls);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public ConcurrentQueue<string> Said { get; } = new();

        public ConcurrentQueue<string> SaidInTheClear { get; } = new();

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task ServeAsync(X509Certificate2 certificate, SmtpTls tls)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(Token);
                Stream stream = client.GetStream();
                if (tls == SmtpTls.Implicit) stream = await SecureAsync(stream, certificate);
                else if (!await TalkAsync(stream, SaidInTheClear, "250-tls\r\n250 STARTTLS")) return;
                else stream = await SecureAsync(stream, certificate);
                if (tls == SmtpTls.Implicit) await stream.WriteAsync("220 tls\r\n"u8.ToArray(), Token);
                await TalkAsync(stream, Said, "250-tls\r\n250 AUTH PLAIN", greet: false);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
                // The client did not like what it saw, or nobody came.
            }
        }

        private static async Task<Stream> SecureAsync(Stream stream, X509Certificate2 certificate)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, Token);
            return tls;
        }

        private static async Task<bool> TalkAsync(Stream stream, ConcurrentQueue<string> said, string offers, bool greet = true)
        {
            using var reader = new StreamReader(stream, Encoding.ASCII, false, 1024, leaveOpen: true);
            if (greet) await stream.WriteAsync("220 tls\r\n"u8.ToArray(), Token);
            while (await reader.ReadLineAsync(Token) is { } line)
            {
                said.Enqueue(line);
                var answer = line.Split(' ')[0] switch
                {
                    "EHLO" => offers,
                    "STARTTLS" => "220 go on",
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    _ => "250 ok",
                };
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer + "\r\n"), Token);
                if (line is "STARTTLS") return true;
                if (line is "QUIT") return false;
                while (answer.StartsWith("354", StringComparison.Ordinal) && await reader.ReadLineAsync(Token) is { } data)
                {
                    if (data is not ".") continue;
                    await stream.WriteAsync("250 taken\r\n"u8.ToArray(), Token);
                    break;
                }
            }

            return false;
        }
    }
}
