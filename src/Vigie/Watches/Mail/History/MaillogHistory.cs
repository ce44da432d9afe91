using System.Text;
using Vigie.Engine.Formats;

namespace Vigie.Watches.Mail.History;

/// <summary>Follows messages through a Postfix log: sender and user from one line, recipients and outcomes from others, joined by queue id.</summary>
internal sealed class MaillogHistory(SyslogClock clock) : IHistoryReader
{
    // Postfix itself holds at most 20,000 messages in its active queue; deferred ones can be many more.
    private const int MaxOpen = 200_000;

    private readonly PostfixLogReader _reader = new(clock);
    private readonly Dictionary<string, Origin> _open = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public void Line(ReadOnlySpan<byte> line, ICollection<PastMessage> found) => Take(_reader.Line(Encoding.UTF8.GetString(line)), found);

    public void End(ICollection<PastMessage> found) => Take(_reader.End(), found);

    private void Take(PostfixLogEntry? entry, ICollection<PastMessage> found)
    {
        if (entry is null) return;
        if (entry.IsRemoved)
        {
            _open.Remove(entry.QueueId);
        }
        else if (entry.To is { } to)
        {
            if (entry.Status is null || entry.IsInternalHop) return;
            var origin = _open.GetValueOrDefault(entry.QueueId);
            found.Add(new PastMessage(entry.Time, origin.From, to)
            {
                QueueId = entry.QueueId,
                Relay = entry.Relay,
                Status = entry.Status,
                Detail = entry.Detail,
                User = origin.User,
            });
        }
        else if (entry.From is not null || entry.User is not null)
        {
            Remember(entry);
        }
    }

    private void Remember(PostfixLogEntry entry)
    {
        if (_open.TryGetValue(entry.QueueId, out var known))
        {
            // smtpd names the user before qmgr names the sender; a later smtpd line means the id is in use again.
            _open[entry.QueueId] = entry.User is not null ? new Origin(null, entry.User) : known with { From = entry.From };
            return;
        }

        if (_open.Count >= MaxOpen) ForgetOldest();
        _open[entry.QueueId] = new Origin(entry.From, entry.User);
        _order.Enqueue(entry.QueueId);
    }

    private void ForgetOldest()
    {
        for (var forgotten = 0; forgotten < MaxOpen / 10 && _order.TryDequeue(out var id);)
        {
            if (_open.Remove(id)) forgotten++;
        }
    }

    private readonly record struct Origin(string? From, string? User);
}
