using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Watches.Domains.Registration;

/// <summary>
/// Asks a mail server whether it takes mail for a mailbox that cannot exist (RFC 5321: EHLO, MAIL, RCPT, then QUIT;
/// never DATA, so no message is sent). Only where the settings want it.
/// </summary>
/// <param name="helo">The name to greet with.</param>
/// <param name="time">Measures the patience.</param>
/// <param name="mayContact">
/// Which addresses may be contacted. Whoever owns a look-alike chooses where its MX points, and must not be able to
/// point it into our own network.
/// </param>
/// <param name="port">The port of the mail servers.</param>
internal sealed class SmtpProbe(string helo, TimeProvider time, Func<IPAddress, bool> mayContact, int port = 25)
{
    // RFC 5321 §4.5.3.1.5: a reply line has at most 512 octets; a greeting of a hundred lines has nothing to say.
    private const int MaxLine = 1000;
    private const int MaxLines = 100;
    private const int MaxHosts = 2;

    // RFC 5321 §4.5.3.2 allows minutes; a probe may give up sooner, and not knowing is an answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks the first hosts in turn until one gives a clear answer.</summary>
    public async Task<Observed> AskAsync(string domain, IReadOnlyList<string> hosts, DnsClient dns, CancellationToken ct)
    {
        foreach (var host in hosts.Take(MaxHosts))
        {
            if (!DnsName.TryParse(host, out var name)) continue;
            var addresses = await dns.AskAsync(name, RecordType.A, ct).ConfigureAwait(false);
            if (addresses.Outcome != DnsOutcome.Found) addresses = await dns.AskAsync(name, RecordType.Aaaa, ct).ConfigureAwait(false);
            if (addresses.Records.OfType<AddressRecord>().FirstOrDefault(r => mayContact(r.Address)) is not { } record) continue;
            var answer = await AskHostAsync(new IPEndPoint(record.Address, port), domain, ct).ConfigureAwait(false);
            if (answer != Observed.Unknown) return answer;
        }

        return Observed.Unknown;
    }

    private async Task<Observed> AskHostAsync(IPEndPoint host, string domain, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var socket = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(host, either.Token).ConfigureAwait(false);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            return await TalkAsync(stream, domain, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Observed.Unknown;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return Observed.Unknown;
        }
    }

    private async Task<Observed> TalkAsync(Stream stream, string domain, CancellationToken ct)
    {
        var replies = new ReplyReader(stream);
        if (await replies.ReadAsync(ct).ConfigureAwait(false) is not { Code: >= 200 and < 300 }) return Observed.Unknown;
        if (await CommandAsync($"EHLO {helo}").ConfigureAwait(false) is not { Code: 250 }
            && await CommandAsync($"HELO {helo}").ConfigureAwait(false) is not { Code: 250 }) return Observed.Unknown;
        if (await CommandAsync("MAIL FROM:<>").ConfigureAwait(false) is not { Code: 250 }) return Observed.Unknown;

        var mailbox = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 24);
        var answer = await CommandAsync($"RCPT TO:<{mailbox}@{domain}>").ConfigureAwait(false);
        await CommandAsync("QUIT").ConfigureAwait(false);
        return answer switch
        {
            { Code: 250 or 251 } => Observed.Yes,
            // A refusal by policy (RFC 3463 §3.8) is about us, not about the mailbox; so is one for now (greylisting).
            { Code: >= 500 } when answer.Text.StartsWith("5.7.", StringComparison.Ordinal) => Observed.Unknown,
            { Code: 550 or 551 or 553 } => Observed.No,
            _ => Observed.Unknown,
        };

        async Task<SmtpReply?> CommandAsync(string command)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), ct).ConfigureAwait(false);
            return await replies.ReadAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>The last line of a reply.</summary>
    private sealed record SmtpReply(int Code, string Text);

    private sealed class ReplyReader(Stream stream)
    {
        private readonly byte[] _buffer = new byte[MaxLine];
        private int _filled;

        /// <summary>The next reply; null where the server breaks the protocol or hangs up.</summary>
        public async Task<SmtpReply?> ReadAsync(CancellationToken ct)
        {
            for (var lines = 0; lines < MaxLines; lines++)
            {
                if (await ReadLineAsync(ct).ConfigureAwait(false) is not { Length: >= 3 } line) return null;
                if (!int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or > 599) return null;
                if (line.Length == 3 || line[3] == ' ') return new SmtpReply(code, line.Length > 4 ? line[4..] : "");
                if (line[3] != '-') return null;
            }

            return null;
        }

        private async Task<string?> ReadLineAsync(CancellationToken ct)
        {
            while (true)
            {
                var end = _buffer.AsSpan(0, _filled).IndexOf((byte)'\n');
                if (end >= 0)
                {
                    var line = Encoding.Latin1.GetString(_buffer, 0, end).TrimEnd('\r');
                    _buffer.AsSpan(end + 1, _filled - end - 1).CopyTo(_buffer);
                    _filled -= end + 1;
                    return line;
                }

                if (_filled == _buffer.Length) return null;
                var read = await stream.ReadAsync(_buffer.AsMemory(_filled), ct).ConfigureAwait(false);
                if (read == 0) return null;
                _filled += read;
            }
        }
    }
}
