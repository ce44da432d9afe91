using System.Collections.Immutable;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Watches.Logs.Pipeline;

/// <summary>
/// Correlations over what is still coming in: what they are told of an event, and how time goes on for them. The node keeps their
/// state in the store (<see cref="CorrelationState"/>); <c>vigie tail</c> runs the same without one. One thread uses it.
/// </summary>
/// <param name="lateness">How much later than a later event an event may come and still count.</param>
/// <param name="time">The clock.</param>
internal sealed class LiveCorrelations(TimeSpan lateness, TimeProvider time)
{
    private const string Before = "correlations";

    // A clock a little ahead is common; one far ahead would make all others late.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Silent = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (DateTimeOffset Event, DateTimeOffset Received)> _heard = new(StringComparer.Ordinal);
    private CorrelationEngine _engine = new(CorrelationSet.Empty, CorrelationOptions.Live);
    private DateTimeOffset? _reached;

    /// <summary>The rules whose matches it is told of, by their place.</summary>
    public LoadedRules Rules { get; private set; } = LoadedRules.None;

    /// <summary>What the engine has done, and what its bounds made it leave out.</summary>
    public CorrelationCounters Counters => _engine.Counters;

    // How far the slowest source has come decides, not the latest event of the fastest.
    private CorrelationOptions Options => CorrelationOptions.Live with { Lateness = lateness, AdvancesWithEvents = false };

    /// <summary>What identifies an event to correlations.</summary>
    public static string IdentityOf(EventRecord record, in LogOrigin origin) => FindingId.Of("logs.event", "", EventIdentity.Of(record, origin)).Value;

    /// <summary>Begins anew, or with what a snapshot remembers.</summary>
    public void Begin(LoadedRules rules, byte[]? snapshot)
    {
        Rules = rules;
        _engine = Restored(snapshot);
        _reached = null;
        _heard.Clear();
    }

    /// <summary>What is remembered.</summary>
    public byte[] Snapshot() => _engine.Snapshot();

    /// <summary>Goes on with other rules; what is remembered for correlations that are still there stays.</summary>
    public void Adopt(LoadedRules rules)
    {
        var snapshot = _engine.Snapshot();
        Rules = rules;
        _engine = Restored(snapshot);
        _reached = null;
    }

    /// <summary>Does again what <see cref="Observe"/> did before a restart.</summary>
    public void RepeatObserve(int rule, CapturedEvent captured, string identity) => _engine.Observe(rule, captured, identity);

    /// <summary>Does again what <see cref="Advance"/> did before a restart.</summary>
    public void RepeatAdvance(DateTimeOffset reached) => _engine.Advance(reached);

    /// <summary>Forgets what came true again by repeating: it is known. Time goes on from where it was.</summary>
    public void Repeated()
    {
        _engine.Take();
        if (_engine.Watermark is { } reached) _heard[Before] = (reached, time.GetUtcNow());
    }

    /// <summary>
    /// What correlations need of an event. What is read of it here and what is read back after a restart is the same object:
    /// only these fields, in this order.
    /// </summary>
    public CapturedEvent Needed(EventRecord record)
    {
        var fields = ImmutableArray.CreateBuilder<CapturedField>();
        foreach (var name in Rules.Correlations.RequiredFields)
        {
            for (var field = record.First(record.Catalog.SlotOf(name)); field >= 0; field = record.Next(field))
            {
                if (!record.IsContainer(field) && record.Kind(field) != FieldKind.Null) fields.Add(new CapturedField(name, FieldKind.String, record.Text(field)));
            }
        }

        return new CapturedEvent(record.Time, record.Class, fields.ToImmutable());
    }

    /// <summary>Tells of a rule that matched an event.</summary>
    public void Observe(int rule, CapturedEvent captured, string identity)
    {
        _engine.Horizon = time.GetUtcNow() + Ahead;
        _engine.Observe(rule, captured, identity);
    }

    /// <summary>Hears how far a source has come; correlations wait for the slowest that still sends.</summary>
    public void Heard(string source, DateTimeOffset? lastEvent, DateTimeOffset received)
    {
        if (lastEvent is { } last) _heard[source] = (last, received);
    }

    /// <summary>Lets time go on.</summary>
    /// <param name="isIdle">Whether nothing has come for a while, so that time itself goes on.</param>
    /// <returns>How far it went; null where it did not.</returns>
    public DateTimeOffset? Advance(bool isIdle)
    {
        if (_engine is { Pending: 0, Groups: 0 }) return null;
        var now = time.GetUtcNow();
        DateTimeOffset? to = null;
        if (isIdle)
        {
            // Time goes on from the latest event at the pace of the clock: also in logs of last year, where now is far away.
            foreach (var (_, heard) in _heard)
            {
                if (to is null || heard.Event + (now - heard.Received) > to) to = heard.Event + (now - heard.Received);
            }
        }
        else
        {
            foreach (var (_, heard) in _heard)
            {
                if (now - heard.Received < Silent && (to is null || heard.Event < to)) to = heard.Event;
            }
        }

        if (to is not { } reached || reached > now + Ahead || _reached >= reached) return null;
        _reached = reached;
        _engine.Advance(reached);
        return reached;
    }

    /// <summary>Judges all that waits: nothing more will come.</summary>
    public void Complete() => _engine.Complete();

    /// <summary>What has come true since the last call, without what only other correlations count.</summary>
    public IEnumerable<CorrelationMatch> Take() => _engine.Take().Where(match => !Rules.Correlations.IsSilenced(match.Rule));

    private CorrelationEngine Restored(byte[]? snapshot) =>
        snapshot is not null && CorrelationEngine.TryRestore(Rules.Correlations, Options, snapshot, out var restored) ? restored : new CorrelationEngine(Rules.Correlations, Options);
}
