using Vigie.Operations;
using Vigie.Operations.Smtp;

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
            await SmtpSubmission.SendAsync(new SmtpServer(settings.Notices.Smtp), [notice.Recipient], Message(notice), cancellationToken);
            await outbox.SentAsync(notice, cancellationToken);
        }
        catch (SmtpSubmissionException e)
        {
            log.NoticeNotSent(notice.MessageId, notice.Attempts + 1, e.Message);
            await outbox.FailedAsync(notice, e.Message, cancellationToken);
        }
    }

    private byte[] Message(Notice notice) =>
        new MailMessage(notice.MessageId, settings.Notices.From, [notice.Recipient], notice.Subject, notice.Body) { AutoSubmitted = "auto-replied" }.ToBytes(time.GetUtcNow());
}
