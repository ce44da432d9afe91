using System.Text;

namespace Vigie.Watches.Mail.Queue;

/// <summary>
/// What node and helper say to each other: one line each way in ASCII, then the connection ends.
/// Request: <c>release ID</c>, <c>return ID</c>, <c>delete ID</c> or <c>list</c>.
/// Reply: <c>done TEXT</c>, <c>not-held TEXT</c>, <c>refused TEXT</c> or <c>unavailable TEXT</c>; the text of
/// <c>list</c> is the ids, separated by spaces.
/// </summary>
internal static class QueueProtocol
{
    public const string List = "list";

    /// <summary>Longest request: the longest verb, a space, the longest id.</summary>
    public const int MaxRequest = 40;

    /// <summary>Longest reply: a hold queue of 100,000 messages.</summary>
    public const int MaxReply = 100_000 * (QueueIds.MaxLength + 1);

    private static readonly (QueueOutcome Outcome, string Word)[] Words =
        [(QueueOutcome.Done, "done"), (QueueOutcome.NotHeld, "not-held"), (QueueOutcome.Refused, "refused"), (QueueOutcome.Unavailable, "unavailable")];

    public static string Request(QueueVerb verb, string queueId) => $"{WordOf(verb)} {queueId}\n";

    /// <summary>Reads a request for one message; false for everything that is not exactly one.</summary>
    public static bool TryReadRequest(string line, out QueueVerb verb, out string queueId)
    {
        foreach (var candidate in Enum.GetValues<QueueVerb>())
        {
            var word = WordOf(candidate) + " ";
            if (!line.StartsWith(word, StringComparison.Ordinal) || !QueueIds.IsValid(line.AsSpan(word.Length))) continue;
            (verb, queueId) = (candidate, line[word.Length..]);
            return true;
        }

        (verb, queueId) = (default, "");
        return false;
    }

    public static string Reply(QueueReply reply)
    {
        var text = new StringBuilder(Words.First(w => w.Outcome == reply.Outcome).Word).Append(' ');
        // One line, whatever a program wrote.
        foreach (var c in reply.Text) text.Append(c is >= ' ' and <= '~' ? c : ' ');
        return text.Append('\n').ToString();
    }

    public static bool TryReadReply(string line, out QueueReply reply)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        foreach (var (outcome, word) in Words)
        {
            if (space < 0 || !line.AsSpan(0, space).SequenceEqual(word)) continue;
            reply = new QueueReply(outcome, line[(space + 1)..]);
            return true;
        }

        reply = default;
        return false;
    }

    /// <summary>Reads up to a line feed; null when the peer ends before it or sends more than <paramref name="limit"/> bytes.</summary>
    public static async Task<string?> ReadLineAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(limit + 1, 4096)];
        var line = new StringBuilder();
        while (true)
        {
            var count = await stream.ReadAsync(buffer, cancellationToken);
            if (count == 0) return null;
            var end = buffer.AsSpan(0, count).IndexOf((byte)'\n');
            line.Append(Encoding.ASCII.GetString(buffer, 0, end < 0 ? count : end));
            if (line.Length > limit) return null;
            if (end >= 0) return line.ToString();
        }
    }

    private static string WordOf(QueueVerb verb) => verb switch
    {
        QueueVerb.Release => "release",
        QueueVerb.Return => "return",
        _ => "delete",
    };
}
