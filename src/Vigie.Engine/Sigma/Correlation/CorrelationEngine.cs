using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>
/// Runs correlations over rule matches, in event time. Matches wait until stragglers can no longer arrive, then are judged in
/// order of time and identity: what comes out depends on the events alone, not on the portions or (within
/// <see cref="CorrelationOptions.Lateness"/>) the order in which they arrived. Memory is bounded; what the bounds cost is counted.
/// Not safe for use by several threads. Windows and the choices behind them are described in <c>docs/correlations.md</c>.
/// </summary>
public sealed partial class CorrelationEngine
{
    /// <summary>The detector in the identities of matches.</summary>
    public const string Detector = "logs.correlation";

    private readonly CorrelationSet _set;
    private readonly CorrelationOptions _options;
    private readonly GroupBounds _bounds;
    private readonly PriorityQueue<Occurrence, Occurrence> _pending = new(OccurrenceOrder.Instance);
    private readonly Dictionary<string, GroupState>[] _groups;
    private readonly PriorityQueue<GroupState, GroupEnd> _ends = new();
    private readonly List<CorrelationMatch> _matches = [];
    private readonly CorrelationTally _tally = new();
    private Occurrence? _last;
    private long _latest = long.MinValue;
    private long _watermark = long.MinValue;
    private long _remembered;
    private int _groupCount;

    /// <summary>Makes an engine that knows nothing yet.</summary>
    public CorrelationEngine(CorrelationSet set, CorrelationOptions options)
    {
        _set = set;
        _options = options;
        _bounds = new GroupBounds(options.MaxPerGroup, options.MaxContributors, options.MaxRows);
        _groups = new Dictionary<string, GroupState>[set.Plans.Length];
        for (var i = 0; i < _groups.Length; i++) _groups[i] = new Dictionary<string, GroupState>(StringComparer.Ordinal);
    }

    /// <summary>What it runs.</summary>
    public CorrelationSet Set => _set;

    /// <summary>What it has done, and what its bounds made it leave out.</summary>
    public CorrelationCounters Counters => _tally.Counters(_bounds.Condensed);

    /// <summary>How many matches wait for stragglers.</summary>
    public int Pending => _pending.Count;

    /// <summary>How many groups are remembered.</summary>
    public int Groups => _groupCount;

    /// <summary>How many events and values are remembered in groups.</summary>
    public long Remembered => _remembered;

    /// <summary>
    /// The latest time an event may claim; later ones are left out and counted, because one wrong clock would
    /// otherwise make everything else late. Live sources set it to a little after now before each batch.
    /// </summary>
    public DateTimeOffset Horizon { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Everything of an earlier time has been judged; null before anything was.</summary>
    public DateTimeOffset? Watermark => _watermark == long.MinValue ? null : new DateTimeOffset(Math.Min(_watermark, DateTime.MaxValue.Ticks), TimeSpan.Zero);

    /// <summary>Whether a rule's matches need to be told at all. Cheap; asks nothing of the event.</summary>
    public bool Reads(int rule) => _set.Reads(rule);

    /// <summary>Tells of a rule that matched an event. What comes true with it is in <see cref="Take"/>.</summary>
    /// <param name="rule">The rule's place in the rules the set was made from.</param>
    /// <param name="record">The event; what is needed of it is copied.</param>
    /// <param name="identity">What identifies the event wherever it is seen; the same event must have the same identity each time.</param>
    public void Observe(int rule, EventRecord record, string identity)
    {
        if (!_set.Reads(rule)) return;
        var source = _set.Sources[rule]!;
        Observe(source, record.Time, identity, RowsOf.Event(source, record, _options.MaxRows, out var leftOut), leftOut);
    }

    /// <inheritdoc cref="Observe(int, EventRecord, string)"/>
    public void Observe(int rule, CapturedEvent captured, string identity)
    {
        if (!_set.Reads(rule)) return;
        var source = _set.Sources[rule]!;
        Observe(source, captured.Time, identity, RowsOf.Event(source, captured, _options.MaxRows, out var leftOut), leftOut);
    }

    /// <summary>Says what time it is, so that windows end where no event comes any more. Earlier than what was said before: ignored.</summary>
    public void Advance(DateTimeOffset now)
    {
        _latest = Math.Max(_latest, now.UtcTicks);
        Raise(WatermarkAt(_latest));
    }

    /// <summary>Judges all that waits and ends all windows, as if time had passed for ever: for the end of files. Whatever is told afterwards is late.</summary>
    public void Complete() => Raise(long.MaxValue);

    /// <summary>The matches since the last call, in order of time.</summary>
    public ImmutableArray<CorrelationMatch> Take()
    {
        if (_matches.Count == 0) return [];
        ImmutableArray<CorrelationMatch> taken = [.. _matches];
        _matches.Clear();
        return taken;
    }

    private void Observe(CorrelationSource source, DateTimeOffset? time, string identity, string?[][] rows, int leftOut)
    {
        _tally.Observed++;
        _tally.RowsLeftOut += leftOut;
        if (time is not { } when)
        {
            _tally.WithoutTime++;
        }
        else if (when > Horizon)
        {
            _tally.Ahead++;
        }
        else if (when.UtcTicks < _watermark)
        {
            _tally.Late++;
        }
        else
        {
            var occurrence = new Occurrence(when.UtcTicks, source, identity, rows, []);
            _pending.Enqueue(occurrence, occurrence);
            if (_options.AdvancesWithEvents)
            {
                _latest = Math.Max(_latest, occurrence.Ticks);
                Raise(WatermarkAt(_latest));
            }

            if (_pending.Count > _options.MaxPending) Hurry();
        }
    }

    private long WatermarkAt(long latest)
    {
        var lateness = Math.Max(0, _options.Lateness.Ticks);
        return latest < lateness ? long.MinValue : latest - lateness;
    }

    private void Hurry()
    {
        var before = _pending.Count;
        Raise(_pending.Peek().Ticks + 1);
        _tally.Hurried += before - _pending.Count;
    }

    // Events at the end of a window still belong to it: they go before it ends.
    private void Raise(long watermark)
    {
        if (watermark <= _watermark) return;
        _watermark = watermark;
        while (true)
        {
            var next = _pending.TryPeek(out var occurrence, out _) ? occurrence.Ticks : long.MaxValue;
            if (_ends.TryPeek(out _, out var end) && end.Ticks < next && end.Ticks < watermark) End();
            else if (next < watermark) Judge(_pending.Dequeue());
            else return;
        }
    }

    private void Judge(Occurrence occurrence)
    {
        if (_last is { } last && OccurrenceOrder.Instance.Compare(last, occurrence) == 0)
        {
            _tally.Repeated++;
            return;
        }

        _last = occurrence;
        Deliver(occurrence);
    }

    private void Deliver(Occurrence occurrence)
    {
        foreach (var (plan, slot) in occurrence.Source.Consumers)
        {
            var groups = occurrence.Rows.Length > 1 ? new HashSet<string>(StringComparer.Ordinal) : null;
            foreach (var row in occurrence.Rows) Deliver(occurrence, plan, slot, row, groups);
        }
    }

    private void Deliver(Occurrence occurrence, CorrelationPlan plan, int slot, string?[] row, HashSet<string>? delivered)
    {
        var wiring = plan.Slots[slot];
        var group = new string[wiring.Group.Length];
        for (var i = 0; i < group.Length; i++)
        {
            if (row[wiring.Group[i]] is not { } part)
            {
                _tally.WithoutGroup++;
                return;
            }

            group[i] = part;
        }

        if (!TryValue(plan, wiring, row, out var value, out var amount))
        {
            _tally.WithoutValue++;
            return;
        }

        // An event whose fields have several values is still one event to each group.
        var key = ValueKey.Join(group);
        if (delivered is not null && !delivered.Add(value is null ? key : $"{key}\n{value}")) return;
        var supplied = plan.Carries ? Array.ConvertAll(wiring.Supplied, at => at < 0 ? null : row[at]) : null;
        var state = GroupOf(plan, key, group, occurrence.Ticks);
        var before = state.Size;
        var firing = state.Add(new Member(occurrence.Ticks, occurrence.Ticks, slot, occurrence.Identity, amount, 1, value, occurrence.Parts, supplied), _bounds);
        _remembered += state.Size - before;
        if (firing is not null) Fire(state, firing);
        while (_remembered > _options.MaxRemembered && _groupCount > 1) Forget();
    }

    private static bool TryValue(CorrelationPlan plan, CorrelationSlot wiring, string?[] row, out string? value, out decimal amount)
    {
        value = null;
        amount = 1;
        if (wiring.Values.Length == 0) return true;
        var parts = Array.ConvertAll(wiring.Values, at => row[at]);
        if (Array.Exists(parts, p => p is null)) return false;
        value = string.Join(ValueSeparator, parts);
        var needsNumber = plan.Rule.Type is CorrelationType.ValueSum or CorrelationType.ValueAverage || plan.Rule.Percentile is not null;
        return !needsNumber || FieldNumber.TryParse(parts[0], out amount);
    }

    private GroupState GroupOf(CorrelationPlan plan, string key, string[] values, long ticks)
    {
        var groups = _groups[plan.Order];
        if (groups.TryGetValue(key, out var known)) return known;
        if (_groupCount >= _options.MaxGroups) Forget();
        var made = GroupState.Of(plan, key, values);
        groups.Add(key, made);
        _groupCount++;

        // Where it really ends is looked up when this moment has come.
        Enqueue(made, ticks);
        return made;
    }

    private void End()
    {
        _ends.TryDequeue(out var state, out var end);
        if (state!.IsForgotten) return;
        if (state.Deadline > end.Ticks)
        {
            Enqueue(state, state.Deadline);
            return;
        }

        var firing = state.Close(_bounds);
        Remove(state);
        if (firing is not null) Fire(state, firing);
    }

    private void Forget()
    {
        while (_ends.TryDequeue(out var state, out var end))
        {
            if (state.IsForgotten) continue;
            if (state.Deadline > end.Ticks)
            {
                Enqueue(state, state.Deadline);
                continue;
            }

            Remove(state);
            _tally.GroupsForgotten++;
            return;
        }
    }

    private void Enqueue(GroupState state, long ticks)
    {
        state.LookedAt = ticks;
        _ends.Enqueue(state, new GroupEnd(ticks, state.Plan.Order, state.Key));
    }

    private void Remove(GroupState state)
    {
        state.IsForgotten = true;
        _groups[state.Plan.Order].Remove(state.Key);
        _groupCount--;
        _remembered -= state.Size;
    }

    private void Fire(GroupState state, Firing firing)
    {
        var plan = state.Plan;
        var match = MatchOf(state, firing);
        _tally.Matched++;
        _matches.Add(match);
        if (plan.AsSource.Consumers.Count > 0)
        {
            Deliver(new Occurrence(firing.Ticks, plan.AsSource, match.Id, RowsOf.Match(plan, state, firing, _options.MaxRows), match.Events));
        }
    }
}
