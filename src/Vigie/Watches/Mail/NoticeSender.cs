using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Vigie.Operations;

namespace Vigie.Watches.Mail;

/// <summary>Sends the notices of the outbox through the mail server of the settings, until each is taken.</summary>
internal sealed class NoticeSender(Outbox outbox, MailSettings settings, TimeProvider time, ILogger<NoticeSender> log) : IStage
{
    private const int Batch = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public string Name => "mail.notices";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await outbox.WhenOpenAsync(cancellationToken);
        while (true)
        {
            foreach (var notice in await outbox.DueAsync(Batch, cancellationToken)) await SendAsync(notice, cancellationToken);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        try
        {
            await SmtpSubmission.SendAsync(settings.Notices.Smtp, notice.Recipient, Message(notice), cancellationToken);
            await outbox.SentAsync(notice, cancellationToken);
        }
        catch (Exception e) when (e is SmtpSubmissionException or IOException or SocketException)
        {
            log.NoticeNotSent(notice.MessageId, notice.Attempts + 1, e.Message);
            await outbox.FailedAsync(notice, e.Message, cancellationToken);
        }
    }

    // Auto-Submitted (RFC 3834 §5) keeps vacation programs from answering.
    private byte[] Message(Notice notice)
    {
        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes(notice.Body.ReplaceLineEndings("\r\n")), Base64FormattingOptions.InsertLineBreaks);
        var subject = $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(notice.Subject))}?=";
        var date = time.GetUtcNow().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(
            $"From: Vigie <{settings.Notices.From}>\r\nTo: <{notice.Recipient}>\r\nSubject: {Folded(subject)}\r\nDate: {date}\r\n" +
            $"Message-ID: <{notice.MessageId}>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n" +
            $"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n");
    }

    // RFC 2047 §2: an encoded word has at most 75 characters. Whole characters per word, since each must decode by itself.
    private static string Folded(string word)
    {
        if (word.Length <= 75) return word;
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(word[10..^2]));
        var words = text.EnumerateRunes().Chunk(12).Select(chunk =>
            $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Concat(chunk)))}?=");
        return string.Join("\r\n ", words);
    }
}
