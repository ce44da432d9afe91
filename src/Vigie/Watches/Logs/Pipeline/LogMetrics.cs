using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Vigie.Watches.Logs.Pipeline;

/// <summary>What the log watch counts.</summary>
internal sealed class LogMetrics
{
    private readonly Counter<long> _events;
    private readonly Counter<long> _findings;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _folded;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _delay;
    private readonly ConcurrentDictionary<string, long> _behind = new(StringComparer.Ordinal);

    public LogMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Vigie");
        _events = meter.CreateCounter<long>("vigie.logs.events", "{event}", "Log events read and matched.");
        _findings = meter.CreateCounter<long>("vigie.logs.findings", "{finding}", "Findings in logs.");
        _errors = meter.CreateCounter<long>("vigie.logs.parse.errors", "{error}", "Log contents that could not be read.");
        _dropped = meter.CreateCounter<long>("vigie.logs.udp.drops", "{message}", "Messages that arrived and were lost before they could be read.");
        _folded = meter.CreateCounter<long>("vigie.logs.folded", "{match}", "Matches counted instead of stored: too many of the same within an hour.");
        _refused = meter.CreateCounter<long>("vigie.logs.refused", "{request}", "Requests over HTTP that were refused.");
        _delay = meter.CreateHistogram<double>("vigie.logs.delay", "s", "From the arrival of logs until what was found in them is stored.");
        meter.CreateObservableGauge("vigie.logs.behind", ObserveBehind, "By", "Bytes of files still to read.");
    }

    public void Events(string source, long count) => _events.Add(count, Tag(source));

    public void Findings(string source, long count)
    {
        if (count > 0) _findings.Add(count, Tag(source));
    }

    public void ParseError(string source, string code) => _errors.Add(1, Tag(source), new("code", code));

    public void Dropped(string source, long count) => _dropped.Add(count, Tag(source));

    public void Folded(long count)
    {
        if (count > 0) _folded.Add(count);
    }

    public void Refused(string source, int status) => _refused.Add(1, Tag(source), new("status", status));

    public void Delay(string source, TimeSpan delay) => _delay.Record(delay.TotalSeconds, Tag(source));

    public void Behind(string source, long bytes) => _behind[source] = bytes;

    private IEnumerable<Measurement<long>> ObserveBehind() => _behind.Select(entry => new Measurement<long>(entry.Value, Tag(entry.Key)));

    private static KeyValuePair<string, object?> Tag(string source) => new("source", source);
}
