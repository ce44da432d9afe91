using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Watches.Logs.Explaining;

/// <summary>An event that was picked out of a content.</summary>
/// <param name="Number">Its place in the content, from 1.</param>
/// <param name="Event">The event.</param>
/// <param name="Matches">Whether the compiled rule fires for it: what the node would say.</param>
internal sealed record PickedEvent(long Number, CapturedEvent Event, bool Matches);

/// <summary>Picks the event that a rule is to be explained against.</summary>
internal sealed class EventPick(SigmaRule rule)
{
    /// <summary>The record number the log itself gives, where that is what is asked for.</summary>
    public string? Record { get; init; }

    /// <summary>The place in the content, from 1, where that is what is asked for.</summary>
    public long? Number { get; init; }

    /// <summary>
    /// The event asked for; where none is asked for, the first the rule fires for, else the first of its log source, else the
    /// first. Null when there is none.
    /// </summary>
    /// <param name="contents">Contents in any format.</param>
    /// <param name="report">Is told what could not be read.</param>
    public PickedEvent? From(IEnumerable<LogContent> contents, Action<LogDiagnostic> report)
    {
        var set = RuleSet.Compile([rule]);
        var matcher = set.CreateMatcher();
        var record = new EventRecord(set.Fields);
        PickedEvent? best = null;
        var (number, rank) = (0L, 0);
        foreach (var content in contents)
        {
            using var reader = new ContentReader(content, new ReadAs(), report);
            while (reader.Read(record))
            {
                number++;
                var matches = !matcher.Match(record).IsEmpty;
                if (IsAskedFor(record, number)) return new PickedEvent(number, record.Capture(), matches);
                if (Record is not null || Number is not null) continue;
                var better = matches ? 3 : record.Class.Covers(rule.Source) ? 2 : 1;
                if (better <= rank) continue;
                (rank, best) = (better, new PickedEvent(number, record.Capture(), matches));
                if (matches) return best;
            }
        }

        return best;
    }

    /// <summary>The same out of a pasted text; null where no event can be read out of it.</summary>
    public PickedEvent? FromText(string text, DateTimeOffset now)
    {
        using var content = new LogContent("", "", new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), now);
        return From([content], _ => { });
    }

    private bool IsAskedFor(EventRecord record, long number)
    {
        if (Number is { } wanted) return number == wanted;
        if (Record is not { } id) return false;
        var slot = record.Catalog.SlotOf("EventRecordID");
        return record.First(slot) is >= 0 and var field && string.Equals(record.Text(field), id.TrimStart('#'), StringComparison.Ordinal);
    }
}
