using System.Globalization;
using System.Net;
using System.Text;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Watches.Mail.Sample;

/// <summary>How the milter answered a sample message.</summary>
/// <param name="Message">The message.</param>
/// <param name="Refused">The recipients it refused, with the reply their sender would see.</param>
/// <param name="Held">Whether it asked for quarantine.</param>
/// <param name="Passed">Whether the message went on to at least one recipient.</param>
internal sealed record SampleOutcome(SampleMessage Message, IReadOnlyList<(string Recipient, string Reply)> Refused, bool Held, bool Passed);

/// <summary>Sends sample messages through a milter's real port, step by step as Postfix would.</summary>
internal static class SampleSender
{
    public static async Task<SampleOutcome> SendAsync(string milterAddress, SampleMessage message, int number, CancellationToken cancellationToken)
    {
        await using var milter = await MilterClient.ConnectAsync(milterAddress, cancellationToken);
        await milter.NegotiateAsync(cancellationToken);
        await milter.MacrosAsync(MilterCommand.Connect, cancellationToken, ("j", "mail." + SampleMessage.OwnDomain), ("{daemon_name}", message.Daemon), ("v", "Vigie sample"));
        await milter.ConnectionAsync(message.ClientName, new IPEndPoint(message.Client, 40_000 + number), cancellationToken);
        await milter.AskAsync(MilterCommand.Helo, cancellationToken, message.ClientName);
        await milter.MacrosAsync(MilterCommand.MailFrom, cancellationToken, [("{mail_addr}", message.From), .. Login(message)]);
        await milter.AskAsync(MilterCommand.MailFrom, cancellationToken, $"<{message.From}>");

        var refused = await RecipientsAsync(milter, message, cancellationToken);
        if (refused.Count == message.Recipients.Count)
        {
            await milter.AbortAsync(cancellationToken);
            return new SampleOutcome(message, refused, Held: false, Passed: false);
        }

        // Postfix knows the queue id once the first recipient is accepted; from then on it says so.
        var queueId = string.Create(CultureInfo.InvariantCulture, $"5A3D1E{number:X5}");
        await milter.MacrosAsync(MilterCommand.Data, cancellationToken, ("i", queueId));
        await milter.AskAsync(MilterCommand.Data, [], cancellationToken);
        foreach (var (name, value) in message.Headers) await milter.AskAsync(MilterCommand.Header, cancellationToken, name, value);
        await milter.AskAsync(MilterCommand.EndOfHeaders, [], cancellationToken);
        await milter.AskAsync(MilterCommand.Body, Encoding.UTF8.GetBytes(message.Body.ReplaceLineEndings("\r\n")), cancellationToken);
        await milter.MacrosAsync(MilterCommand.EndOfMessage, cancellationToken, ("i", queueId));
        var verdict = await milter.AskAsync(MilterCommand.EndOfMessage, [], cancellationToken);
        return new SampleOutcome(message, refused, verdict.Actions.Contains(MilterAnswer.Quarantine), verdict.Verdict is MilterAnswer.Continue or MilterAnswer.Accept);
    }

    private static async Task<List<(string Recipient, string Reply)>> RecipientsAsync(MilterClient milter, SampleMessage message, CancellationToken cancellationToken)
    {
        List<(string Recipient, string Reply)> refused = [];
        foreach (var recipient in message.Recipients)
        {
            await milter.MacrosAsync(MilterCommand.Recipient, cancellationToken, ("{rcpt_addr}", recipient), ("{rcpt_mailer}", "smtp"));
            var answer = await milter.AskAsync(MilterCommand.Recipient, cancellationToken, $"<{recipient}>");
            if (answer.Verdict is not (MilterAnswer.Continue or MilterAnswer.Accept)) refused.Add((recipient, answer.Text));
        }

        return refused;
    }

    private static (string Name, string Value)[] Login(SampleMessage message) =>
        message.User is null ? [] : [("{auth_authen}", message.User), ("{auth_type}", "PLAIN")];
}
