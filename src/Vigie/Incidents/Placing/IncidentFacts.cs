using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Placing;

/// <summary>A finding as far as the summary of its incident needs it.</summary>
/// <param name="Id">The finding.</param>
/// <param name="Detector">Whose rule.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Title">Its title.</param>
/// <param name="Severity">How grave.</param>
/// <param name="Confidence">How sure, or null.</param>
/// <param name="FirstSeen">Unix milliseconds.</param>
/// <param name="LastSeen">Unix milliseconds.</param>
/// <param name="Techniques">ATT&amp;CK techniques.</param>
/// <param name="Entities">Its entities.</param>
internal sealed record FindingOutline(
    FindingId Id, string Detector, string Rule, Bilingual Title, Severity Severity, double? Confidence, long FirstSeen, long LastSeen, ImmutableArray<string> Techniques,
    ImmutableArray<Entity> Entities)
{
    /// <summary>The finding with what correlation looks at; texts and evidence are left out.</summary>
    public Finding ToFinding() => new()
    {
        Id = Id,
        Detector = Detector,
        Rule = Rule,
        RuleVersion = "",
        Title = Title,
        Severity = Severity,
        Confidence = Confidence,
        FirstSeen = DateTimeOffset.FromUnixTimeMilliseconds(FirstSeen),
        LastSeen = DateTimeOffset.FromUnixTimeMilliseconds(LastSeen),
        Techniques = Techniques,
        Entities = Entities,
        Explanation = new Bilingual("", ""),
    };
}

/// <summary>What one rule said in an incident.</summary>
internal sealed class RuleFacts
{
    public Severity Severity { get; private set; }

    public double? Confidence { get; private set; }

    public int Count { get; private set; }

    /// <summary>The gravest of its findings, of these the first: the one that is quoted.</summary>
    public FindingOutline Lead { get; private set; } = null!;

    public void Add(FindingOutline finding)
    {
        Count++;
        Take(finding, finding.Severity, finding.Confidence);
    }

    public void Add(RuleFacts other)
    {
        Count += other.Count;
        Take(other.Lead, other.Severity, other.Confidence);
    }

    private void Take(FindingOutline lead, Severity severity, double? confidence)
    {
        if (Lead is null || Precedes(lead, Lead)) Lead = lead;
        if (severity > Severity) Severity = severity;
        if (confidence > Confidence || Confidence is null) Confidence = confidence;
    }

    private static bool Precedes(FindingOutline one, FindingOutline other) =>
        one.Severity != other.Severity ? one.Severity > other.Severity
        : one.FirstSeen != other.FirstSeen ? one.FirstSeen < other.FirstSeen
        : string.CompareOrdinal(one.Id.Value, other.Id.Value) < 0;
}

/// <summary>
/// What an incident's row sums up, kept while findings keep coming. Sums do not depend on the order in which findings came, as
/// long as an incident has fewer different entities, rules and techniques than are counted (<see cref="MaxEntities"/> …).
/// </summary>
internal sealed class IncidentFacts
{
    /// <summary>The most different entities that are counted in one incident; those that come later are left out of counts and scores.</summary>
    public const int MaxEntities = 2000;

    /// <summary>The most different rules that are told apart.</summary>
    public const int MaxRules = 1000;

    private const int MaxTechniques = 200;

    private readonly Dictionary<(string Detector, string Rule), RuleFacts> _rules = [];
    private readonly Dictionary<Entity, int> _entities = [];
    private readonly SortedSet<string> _watches = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _techniques = new(StringComparer.Ordinal);

    public long Count { get; private set; }

    public long FirstSeen { get; private set; } = long.MaxValue;

    public long LastSeen { get; private set; } = long.MinValue;

    public Severity Severity { get; private set; }

    public IReadOnlyDictionary<(string Detector, string Rule), RuleFacts> Rules => _rules;

    public IReadOnlyDictionary<Entity, int> Entities => _entities;

    public IReadOnlyCollection<string> WatchNames => _watches;

    public IReadOnlyCollection<string> Techniques => _techniques;

    /// <summary>Changes whenever the incident says something it did not say before; not when the same comes once more.</summary>
    public (Severity Severity, int Rules, int Watches, int Techniques) Gist => (Severity, _rules.Count, _watches.Count, _techniques.Count);

    public void Add(FindingOutline finding)
    {
        Count++;
        Span(finding.FirstSeen, finding.LastSeen, finding.Severity);
        if (RuleOf((finding.Detector, finding.Rule)) is { } rule) rule.Add(finding);
        _watches.Add(WatchOf(finding.Detector));
        AddTechniques(finding.Techniques);
        foreach (var entity in finding.Entities) AddEntity(entity, 1);
    }

    public void Add(IncidentFacts other)
    {
        Count += other.Count;
        Span(other.FirstSeen, other.LastSeen, other.Severity);
        foreach (var (key, rule) in other._rules) RuleOf(key)?.Add(rule);
        _watches.UnionWith(other._watches);
        AddTechniques(other._techniques);
        foreach (var (entity, count) in other._entities) AddEntity(entity, count);
    }

    /// <summary>Takes over what a stored summary says and its findings, deleted since, no longer show.</summary>
    public void AddForgotten(Incident stored)
    {
        if (stored.Findings <= Count) return;
        Count = stored.Findings;
        Span(stored.FirstSeen.ToUnixTimeMilliseconds(), stored.LastSeen.ToUnixTimeMilliseconds(), stored.Severity);
        _watches.UnionWith(stored.Watches);
        AddTechniques(stored.Techniques);
    }

    public IncidentFacts Copy()
    {
        var copy = new IncidentFacts();
        copy.Add(this);
        return copy;
    }

    public static string WatchOf(string detector) => detector.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? detector[..dot] : detector;

    private void Span(long first, long last, Severity severity)
    {
        FirstSeen = Math.Min(FirstSeen, first);
        LastSeen = Math.Max(LastSeen, last);
        if (severity > Severity) Severity = severity;
    }

    private RuleFacts? RuleOf((string Detector, string Rule) key)
    {
        if (_rules.TryGetValue(key, out var rule)) return rule;
        if (_rules.Count >= MaxRules) return null;
        _rules.Add(key, rule = new RuleFacts());
        return rule;
    }

    private void AddTechniques(IEnumerable<string> techniques)
    {
        foreach (var technique in techniques)
        {
            if (_techniques.Count < MaxTechniques) _techniques.Add(technique);
        }
    }

    private void AddEntity(Entity entity, int count)
    {
        if (_entities.Count >= MaxEntities && !_entities.ContainsKey(entity)) return;
        CollectionsMarshal.GetValueRefOrAddDefault(_entities, entity, out _) += count;
    }
}
