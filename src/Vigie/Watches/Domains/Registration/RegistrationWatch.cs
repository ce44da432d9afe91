using System.Diagnostics.Metrics;
using Vigie.Operations;
using Vigie.Store;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Watches.Domains.Registration;

/// <summary>The look-alikes to look at, likeliest first; made anew for each run.</summary>
internal delegate IReadOnlyList<WatchedName> WatchedNames();

/// <summary>How a run ended.</summary>
internal enum RunOutcome
{
    Finished,

    /// <summary>No resolver answered; what was looked at so far is kept, and the run goes on later.</summary>
    ResolversDown,
}

/// <summary>
/// Looks up the look-alikes of the own domains at intervals and reports what changed. What a look showed, the findings
/// from it and the run's position are committed together, so a run cut short anywhere goes on where it was.
/// </summary>
internal sealed class RegistrationWatch(
    DomainsSettings settings,
    WatchedNames names,
    DomainInspector inspector,
    WatchTable table,
    Store.Store store,
    Findings findings,
    RunSchedule schedule,
    TimeProvider time,
    IMeterFactory meters,
    ILogger<RegistrationWatch> log) : IStage
{
    // Small enough that little is asked again after a crash, large enough that one slow domain does not hold up many.
    private const int BatchSize = 64;

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(10);

    private readonly Counter<long> _looks = meters.Create("Vigie").CreateCounter<long>("vigie.domains.looks", "{look}", "Looks at look-alike domains, by what they showed.");
    private readonly Counter<long> _changes = meters.Create("Vigie").CreateCounter<long>("vigie.domains.changes", "{change}", "Changes of look-alike domains reported, by kind.");

    public string Name => "domains.watch";

    /// <summary>How the last run ended; null before the first ended.</summary>
    public RunOutcome? LastOutcome { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await store.WhenOpenAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var last = await table.LastRunAsync(cancellationToken).ConfigureAwait(false);
            if (last?.Finished is not null) await WaitUntilAsync(schedule.Next(last.Started), cancellationToken).ConfigureAwait(false);

            LastOutcome = await RunOnceAsync(cancellationToken).ConfigureAwait(false);
            if (LastOutcome == RunOutcome.Finished) continue;
            log.DomainResolversDown(TryAgainAfter);
            await Task.Delay(TryAgainAfter, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One run, or the rest of one that was cut short.</summary>
    public async Task<RunOutcome> RunOnceAsync(CancellationToken ct)
    {
        inspector.ForgetSuffixes();
        var known = await table.LoadAsync(ct).ConfigureAwait(false);
        var plan = Plan(names(), known);
        var run = await OpenRunAsync(plan.Count, ct).ConfigureAwait(false);
        var rest = plan.Where(name => !known.TryGetValue(name.Domain, out var entry) || entry.Run != run.Id);
        foreach (var batch in rest.Chunk(BatchSize))
        {
            var seen = await Task.WhenAll(batch.Select(name => inspector.InspectAsync(name.Domain, ct))).ConfigureAwait(false);
            if (seen.All(ResolverFailed) && !await inspector.ResolversAnswerAsync(ct).ConfigureAwait(false)) return RunOutcome.ResolversDown;
            run = await CommitAsync(run, batch, seen, known, ct).ConfigureAwait(false);
        }

        run = run with { Finished = time.GetUtcNow() };
        await store.WriteAsync(Lane.Background, transaction => WatchTable.Save(transaction, run), ct).ConfigureAwait(false);
        log.DomainRunFinished(run.Checked, run.Registered, run.WithMail, run.Unknown, run.Changes);
        return RunOutcome.Finished;
    }

    /// <summary>The candidates, and what was found registered earlier although it is no candidate any more.</summary>
    private static List<WatchedName> Plan(IReadOnlyList<WatchedName> candidates, Dictionary<string, WatchEntry> known)
    {
        var plan = candidates.DistinctBy(name => name.Domain, StringComparer.Ordinal).ToList();
        var planned = plan.Select(name => name.Domain).ToHashSet(StringComparer.Ordinal);
        var targets = plan.Select(name => name.Target).ToHashSet(StringComparer.Ordinal);
        plan.AddRange(known.Values
            .Where(entry => entry.State.Registered && targets.Contains(entry.Name.Target) && !planned.Contains(entry.Name.Domain))
            .OrderBy(entry => entry.Name.Domain, StringComparer.Ordinal)
            .Select(entry => entry.Name));
        return plan;
    }

    private async Task<WatchRun> OpenRunAsync(int planned, CancellationToken ct)
    {
        var last = await table.LastRunAsync(ct).ConfigureAwait(false);
        var now = time.GetUtcNow();
        // The id is the start; a clock that went back must not name an old run again.
        var run = last is { Finished: null } ? last : new WatchRun(Math.Max(now.ToUnixTimeMilliseconds(), (last?.Id ?? 0) + 1), now);
        run = run with { Planned = planned };
        await store.WriteAsync(Lane.Background, transaction => WatchTable.Save(transaction, run), ct).ConfigureAwait(false);
        return run;
    }

    private async Task<WatchRun> CommitAsync(
        WatchRun run, WatchedName[] batch, Observation[] seen, Dictionary<string, WatchEntry> known, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var entries = new List<WatchEntry>(batch.Length);
        var changes = new List<(WatchedName Name, WatchChange Change)>();
        foreach (var (name, observation) in batch.Zip(seen))
        {
            var (after, change) = ChangeDetector.Apply(known.GetValueOrDefault(name.Domain)?.State, observation, now, settings.GoneAfter);
            entries.Add(new WatchEntry(name, after, run.Id));
            if (change is not null) changes.Add((name, change));
        }

        var advanced = run with
        {
            Checked = run.Checked + batch.Length,
            Unknown = run.Unknown + seen.Count(o => o.Registration == Registration.Unknown),
            Registered = run.Registered + entries.Count(e => e.State.Registered),
            WithMail = run.WithMail + entries.Count(e => e.State is { Registered: true, Mail: MailPath.Exchange }),
            Changes = run.Changes + changes.Count,
        };
        await store.WriteAsync(
            Lane.Background,
            transaction =>
            {
                foreach (var entry in entries) WatchTable.Save(transaction, entry);
                foreach (var (name, change) in changes) findings.Save(transaction, DomainFindings.Of(name, change));
                WatchTable.Save(transaction, advanced);
            },
            ct).ConfigureAwait(false);

        foreach (var entry in entries) known[entry.Name.Domain] = entry;
        foreach (var observation in seen) _looks.Add(1, new KeyValuePair<string, object?>("showed", observation.Registration.ToString().ToLowerInvariant()));
        foreach (var (_, change) in changes) _changes.Add(1, new KeyValuePair<string, object?>("kind", change.Kind.ToString()));
        return advanced;
    }

    private async Task WaitUntilAsync(DateTimeOffset moment, CancellationToken ct)
    {
        // Timers count at most 49 days, and a clock that is set jumps; an hour at a time does for both.
        while (moment - time.GetUtcNow() is { Ticks: > 0 } wait)
            await Task.Delay(wait < TimeSpan.FromHours(1) ? wait : TimeSpan.FromHours(1), time, ct).ConfigureAwait(false);
    }

    // These may be failures of the way to the resolvers, or of a few domains whose servers are silent.
    private static bool ResolverFailed(Observation seen) =>
        seen is { Registration: Registration.Unknown, Failure: DnsFailure.NoServer or DnsFailure.Timeout or DnsFailure.Unreachable or DnsFailure.Refused };
}
