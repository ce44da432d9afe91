using Vigie.Engine.Findings;
using Vigie.Watches.Logs.Context;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Watches.Logs.Pipeline;

/// <summary>What some batches brought, gathered until it is committed as one.</summary>
internal sealed class LogGroup
{
    private readonly Dictionary<string, LogRuleCounts> _rules = new(StringComparer.Ordinal);

    /// <summary>The batches, in the order they were matched.</summary>
    public List<LogBatch> Batches { get; } = [];

    /// <summary>The findings to store; the flag says that their rule is muted, the window what stands around them.</summary>
    public List<(Finding Finding, bool Muted, ContextWindow? Context)> Findings { get; } = [];

    /// <summary>Deliveries that brought something: the same one sent again must not be read again.</summary>
    public List<string> Deliveries { get; } = [];

    /// <summary>Where sources go on from.</summary>
    public Dictionary<string, string> Positions { get; } = new(StringComparer.Ordinal);

    /// <summary>What correlations were told, in order; see <see cref="CorrelationState"/>.</summary>
    public MemoryStream Correlated { get; } = new();

    /// <summary>Whether the whole state of correlations was written with it.</summary>
    public bool HasSnapshot { get; set; }

    /// <summary>How much it has brought; the same before and after a batch that brought nothing.</summary>
    public long Changes { get; private set; }

    /// <summary>What rules brought.</summary>
    public IEnumerable<LogRuleCounts> Rules => _rules.Values;

    /// <summary>
    /// Whether it has to be committed before anybody is told that it is through. What brought neither a finding nor a count
    /// nor anything for a correlation can be read again without a trace.
    /// </summary>
    public bool IsEssential => Changes > 0;

    /// <summary>Adds a finding to store.</summary>
    public void Add(Finding finding, bool muted, ContextWindow? context)
    {
        Changes++;
        Findings.Add((finding, muted, context));
    }

    /// <summary>Says that correlations were told something.</summary>
    public void Correlate() => Changes++;

    /// <summary>Counts a match.</summary>
    public void Count(string rule, DateTimeOffset time, bool stored, bool muted)
    {
        Changes++;
        var counts = _rules.GetValueOrDefault(rule) ?? new LogRuleCounts(rule, 0, 0, 0, 0, time, time);
        _rules[rule] = counts with
        {
            Matches = counts.Matches + 1,
            Findings = counts.Findings + (stored ? 1 : 0),
            Folded = counts.Folded + (stored ? 0 : 1),
            Muted = counts.Muted + (stored && muted ? 1 : 0),
            FirstFired = time < counts.FirstFired ? time : counts.FirstFired,
            LastFired = time > counts.LastFired ? time : counts.LastFired,
        };
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Batches.Clear();
        Findings.Clear();
        Deliveries.Clear();
        Positions.Clear();
        _rules.Clear();
        Correlated.SetLength(0);
        HasSnapshot = false;
        Changes = 0;
    }
}
