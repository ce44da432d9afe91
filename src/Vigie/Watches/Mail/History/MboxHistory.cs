using Vigie.Engine.Mime;

namespace Vigie.Watches.Mail.History;

/// <summary>Reads who wrote to whom from the headers of an mbox or of a single message.</summary>
internal sealed class MboxHistory : IHistoryReader
{
    private readonly MboxParser _parser = new();

    public void Line(ReadOnlySpan<byte> line, ICollection<PastMessage> found) => Take(_parser.Line(line), found);

    public void End(ICollection<PastMessage> found) => Take(_parser.End(), found);

    private static void Take(IReadOnlyList<HeaderField>? header, ICollection<PastMessage> found)
    {
        if (header is null) return;
        Mailbox? sender = null;
        DateTimeOffset? time = null;
        var recipients = new List<Mailbox>();
        foreach (var field in header)
        {
            if (field.Is("From")) sender ??= AddressList.Parse(field.Value) is [var first, ..] ? first : null;
            else if (field.Is("Date") && MessageDate.TryParse(field.Value, out var date)) time ??= date;
            else if (field.Is("To") || field.Is("Cc") || field.Is("Bcc")) recipients.AddRange(AddressList.Parse(field.Value));
        }

        // Without a date nothing can be said about days; without a sender nothing about anybody.
        if (sender is null || time is not { } at) return;
        foreach (var recipient in recipients.Distinct()) found.Add(new PastMessage(at.ToUniversalTime(), sender.ToString(), recipient.ToString()));
    }
}
