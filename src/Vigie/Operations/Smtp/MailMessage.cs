using System.Globalization;
using System.Text;

namespace Vigie.Operations.Smtp;

/// <summary>A message of plain text from this node to people.</summary>
/// <param name="MessageId">Without brackets: the same however often it is sent, so that a mail program shows it once.</param>
/// <param name="From">A plain address.</param>
/// <param name="To">Plain addresses.</param>
/// <param name="Subject">Any text: what is more than short plain ASCII is encoded, so nothing in it becomes a header line.</param>
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

    // RFC 5322 §2.1.1: a line has 78 characters at best; "=?" would be read as the beginning of an encoded word.
    private const int MostPlain = 66;

    // RFC 2047 §2: an encoded word has at most 75 characters, so 45 bytes. Whole characters per word, since each must decode by itself.
    private const int MostBytes = 45;

    private static string Encoded(string text)
    {
        if (text.Length <= MostPlain && text == text.Trim(' ') && !text.Contains("=?", StringComparison.Ordinal) && text.All(c => c is >= ' ' and <= '~')) return text;
        var words = new List<string>();
        var word = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > MostBytes) End();
            word.Append(rune);
            bytes += rune.Utf8SequenceLength;
        }

        End();
        return string.Join("\r\n ", words);

        void End()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(word.ToString()))}?=");
            word.Clear();
            bytes = 0;
        }
    }
}
