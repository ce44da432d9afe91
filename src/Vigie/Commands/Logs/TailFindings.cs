using System.Globalization;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma.Matching;
using Vigie.Watches.Logs;
using Vigie.Watches.Logs.Pipeline;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Logs;

/// <summary>
/// What the rules and correlations say of a log that is followed, as the node would: each match at once, correlations in the
/// time of the events, as soon as stragglers can no longer come. One thread uses it.
/// </summary>
/// <param name="rules">The rules.</param>
/// <param name="atLeast">Findings below it are left out; correlations count them all the same.</param>
/// <param name="lateness">As the node's <c>logs.lateness</c>.</param>
/// <param name="writer">Takes the findings.</param>
/// <param name="note">Is told, once, what correlations could not count.</param>
/// <param name="time">The clock.</param>
internal sealed class TailFindings(LoadedRules rules, Severity atLeast, TimeSpan lateness, IHitWriter writer, Action<string> note, TimeProvider time)
{
    private const string Source = "tail";

    // As for the node: a pause between two lines is no end of a log.
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(2);

    private readonly RuleMatcher _matcher = rules.Set.CreateMatcher();
    private readonly CorrelationHits _hits = new(rules);
    private readonly LiveCorrelations _correlations = Begun(rules, lateness, time);
    private DateTimeOffset? _last;
    private DateTimeOffset _busyAt = time.GetUtcNow();
    private bool _hasRead;
    private bool _hasNoted;

    /// <summary>Where the next event is put.</summary>
    public EventRecord Record { get; } = new(rules.Set.Fields);

    /// <summary>Whether anything was written.</summary>
    public bool Any { get; private set; }

    /// <summary>Matches the event in <see cref="Record"/>.</summary>
    public void Take(LogOrigin origin, string format)
    {
        _hasRead = true;
        if (Record.Time is { } at && (_last is null || at > _last)) _last = at;
        CapturedEvent? captured = null;
        foreach (var match in _matcher.Match(Record))
        {
            var (counted, alone) = (rules.Correlations.Reads(match.Rule), !rules.Correlations.IsSilenced(match.Rule));
            if (!counted && (!alone || rules.Rules[match.Rule].Level < atLeast)) continue;
            captured ??= Record.Capture(LogEvidence.MaxValueBytes);
            var hit = HitBuilder.Of(rules.Rules[match.Rule], match, Record, captured, origin, format, isPlain: true);
            if (counted) Count(match.Rule, origin, hit.Place);
            if (alone && hit.Level >= atLeast) Write(hit);
        }
    }

    /// <summary>Called after each portion of the log, and now and then when nothing comes: what has come true is written.</summary>
    public void Through()
    {
        var now = time.GetUtcNow();
        if (_hasRead)
        {
            _correlations.Heard(Source, _last, now);
            (_busyAt, _hasRead, _last) = (now, false, null);
        }

        _correlations.Advance(isIdle: now - _busyAt > IdleAfter);
        WriteCorrelations();
    }

    /// <summary>Says that the log is at its end: correlations wait for nothing more.</summary>
    public void End()
    {
        Through();
        _correlations.Complete();
        WriteCorrelations();
    }

    private static LiveCorrelations Begun(LoadedRules rules, TimeSpan lateness, TimeProvider time)
    {
        var correlations = new LiveCorrelations(lateness, time);
        correlations.Begin(rules, snapshot: null);
        return correlations;
    }

    private void Count(int rule, in LogOrigin origin, HitPlace place)
    {
        var identity = LiveCorrelations.IdentityOf(Record, origin);
        _hits.Remember(identity, place);
        _correlations.Observe(rule, _correlations.Needed(Record), identity);
    }

    private void WriteCorrelations()
    {
        foreach (var match in _correlations.Take())
        {
            if (match.Rule.Level >= atLeast) Write(_hits.Of(match));
        }

        if (_hasNoted || _correlations.Counters is { Late: 0, Ahead: 0, WithoutTime: 0 }) return;
        _hasNoted = true;
        note(string.Create(CultureInfo.InvariantCulture, $"events without a time, more than {lateness.TotalSeconds} s older than later ones (logs.lateness), or ahead of this clock are not counted by correlations"));
    }

    private void Write(LogHit hit)
    {
        writer.Write(hit);
        Any = true;
    }
}
