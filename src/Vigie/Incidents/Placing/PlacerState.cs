using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Operations;

namespace Vigie.Incidents.Placing;

/// <summary>How placing fares, for health and metrics.</summary>
internal sealed class PlacerState
{
    private readonly Counter<long> _placed;
    private readonly Counter<long> _suppressed;
    private readonly Histogram<double> _time;
    private long _waiting;
    private long _since;
    private long _findings;
    private long _incidents;
    private volatile string? _problem;
    private volatile bool _ready;

    /// <summary>Makes the instruments.</summary>
    public PlacerState(IMeterFactory meters)
    {
        var meter = meters.Create("Vigie");
        _placed = meter.CreateCounter<long>("vigie.incidents.placed", "{finding}", "Findings placed in incidents.");
        _suppressed = meter.CreateCounter<long>("vigie.incidents.suppressed", "{finding}", "Findings that were not placed because somebody suppressed them.");
        _time = meter.CreateHistogram<double>("vigie.incidents.placing.duration", "s", "Of placing one batch of findings, commit included.");
        meter.CreateObservableGauge("vigie.incidents.waiting", () => Waiting, "{finding}", "Findings that wait to be placed.");
        meter.CreateObservableGauge("vigie.incidents.held", () => Interlocked.Read(ref _findings), "{finding}", "Findings held in memory to be joined with new ones.");
        meter.CreateObservableGauge("vigie.incidents.groups", () => Interlocked.Read(ref _incidents), "{group}", "Groups that these findings form.");
    }

    /// <summary>How many findings wait, as last counted.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>When the one that waits longest was stored, Unix milliseconds; 0 while none waits.</summary>
    public long Since => Interlocked.Read(ref _since);

    /// <summary>Whether what was placed before is in memory, so that new findings can be joined with it.</summary>
    public bool IsReady => _ready;

    /// <summary>What keeps findings from being placed; null while they are.</summary>
    public string? Problem => _problem;

    public void Count(long waiting, long? since)
    {
        Interlocked.Exchange(ref _waiting, waiting);
        Interlocked.Exchange(ref _since, since ?? 0);
    }

    public void Ready(bool ready) => _ready = ready;

    public void Failing(string? problem) => _problem = problem;

    public void Placed(int placed, int suppressed, TimeSpan took, int held, int groups)
    {
        _placed.Add(placed);
        _suppressed.Add(suppressed);
        _time.Record(took.TotalSeconds);
        Interlocked.Exchange(ref _findings, held);
        Interlocked.Exchange(ref _incidents, groups);
    }
}

/// <summary>Whether findings become incidents as they come.</summary>
internal sealed class PlacerHealth(PlacerState state, TimeProvider time) : IHealthCheck
{
    /// <summary>From here somebody would miss what waits.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Judge());

    private HealthCheckResult Judge()
    {
        if (state.Problem is { } problem) return HealthSaid.Worries($"findings wait to be placed in incidents: {problem}", $"des constats attendent d’être rattachés à un incident : {problem}");
        if (!state.IsReady)
        {
            return HealthSaid.Works(
                string.Create(CultureInfo.InvariantCulture, $"what was placed before is being read; {state.Waiting} findings wait"),
                string.Create(CultureInfo.InvariantCulture, $"relecture de ce qui était déjà rattaché ; {state.Waiting} constats attendent"));
        }

        if (state.Waiting == 0) return HealthSaid.Works("none waiting", "aucun en attente");
        var since = DateTimeOffset.FromUnixTimeMilliseconds(state.Since);
        var english = string.Create(CultureInfo.InvariantCulture, $"{state.Waiting} findings waiting since {since:yyyy-MM-dd HH:mm:ss} UTC");
        var french = string.Create(CultureInfo.InvariantCulture, $"{state.Waiting} constats en attente depuis {since:yyyy-MM-dd HH:mm:ss} UTC");
        return state.Since > 0 && time.GetUtcNow() - since > TooLong ? HealthSaid.Worries(english, french) : HealthSaid.Works(english, french);
    }
}
