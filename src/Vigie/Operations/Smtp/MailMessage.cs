using System.Globalization;
using System.Text;

namespace Vigie.Operations.Smtp;

/// <summary>A message of plain text from this node to people.</summary>
/// <param name="MessageId">Without brackets: the same however often it is sent, so that a mail program shows it once.</param>
/// <param name="From">A plain address.</param>
/// <param name="To">Plain addresses.</param>
/// <param name="Subject">Any text: it is always encoded, so nothing in it becomes a header line.</param>
/// <param name="Text">The body.</param>
internal sealed record MailMessage(string MessageId, string From, IReadOnlyList<string> To, string Subject, string Text)
{
    /// <summary>The value of <c>Auto-Submitted</c> (RFC 3834 §5), which keeps vacation programs from answering.</summary>
    public string AutoSubmitted { get; init; } = "auto-generated";

    /// <summary>Header and body as they go over the wire.</summary>
    /// <exception cref="SmtpSubmissionException">An address or the Message-ID holds a control character.</exception>
    public byte[] ToBytes(DateTimeOffset now)
    {
        foreach (var value in To.Append(From).Append(MessageId))
        {
            if (value.Any(char.IsControl)) throw new SmtpSubmissionException("An address holds a control character.");
        }

        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\r\n")), Base64FormattingOptions.InsertLineBreaks);
        var date = now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(
            $"From: Vigie <{From}>\r\nTo: {string.Join(",\r\n ", To.Select(address => $"<{address}>"))}\r\nSubject: {Encoded(Subject)}\r\nDate: {date}\r\n" +
            $"Message-ID: <{MessageId}>\r\nAuto-Submitted: {AutoSubmitted}\r\nMIME-Version: 1.0\r\n" +
            $"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n");
    }

    // RFC 2047 §2: an encoded word has at most 75 characters. Whole characters per word, since each must decode by itself.
    private static string Encoded(string text) => string.Join("\r\n ", text.EnumerateRunes().Chunk(10).Select(chunk =>
        $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Concat(chunk)))}?="));
}
