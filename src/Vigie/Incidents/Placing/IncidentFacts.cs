using System.Collections.Immutable;
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
    /// <summary>The outline of a finding; texts that many share are kept once.</summary>
    public static FindingOutline Of(Finding finding) => new(
        finding.Id, string.Intern(finding.Detector), string.Intern(finding.Rule), finding.Title, finding.Severity, finding.Confidence, finding.FirstSeen.ToUnixTimeMilliseconds(),
        finding.LastSeen.ToUnixTimeMilliseconds(), finding.Techniques, finding.Entities);

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
    private readonly int[] _counts = new int[5];

    public Severity Severity => (Severity)Math.Max(0, Array.FindLastIndex(_counts, count => count > 0));

    public double? Confidence { get; private set; }

    public int Count => _counts.Sum();

    /// <summary>The gravest of its findings, of these the first: the one that is quoted. Of a rule whose gravest was taken away, still that one.</summary>
    public FindingOutline Lead { get; private set; } = null!;

    public void Add(FindingOutline finding)
    {
        _counts[(int)finding.Severity]++;
        Take(finding, finding.Confidence);
    }

    public void Add(RuleFacts other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        Take(other.Lead, other.Confidence);
    }

    public void Remove(FindingOutline finding) => _counts[(int)finding.Severity]--;

    private void Take(FindingOutline lead, double? confidence)
    {
        if (Lead is null || Precedes(lead, Lead)) Lead = lead;
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

    private const int MaxTechniques = 500;

    private readonly Dictionary<(string Detector, string Rule), RuleFacts> _rules = [];
    private readonly Dictionary<Entity, int> _entities = [];
    private readonly SortedDictionary<string, int> _watches = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _techniques = new(StringComparer.Ordinal);
    private Severity _least;

    public long Count { get; private set; }

    public long FirstSeen { get; private set; } = long.MaxValue;

    public long LastSeen { get; private set; } = long.MinValue;

    public Severity Severity => _rules.Count == 0 ? _least : (Severity)Math.Max((int)_least, _rules.Values.Max(rule => (int)rule.Severity));

    public IReadOnlyDictionary<(string Detector, string Rule), RuleFacts> Rules => _rules;

    public IReadOnlyDictionary<Entity, int> Entities => _entities;

    public IReadOnlyCollection<string> WatchNames => _watches.Keys;

    public IReadOnlyCollection<string> Techniques => _techniques.Keys;

    /// <summary>Changes whenever the incident says something it did not say before; not when the same comes once more.</summary>
    public (Severity Severity, int Rules, int Watches, int Techniques) Gist => (Severity, _rules.Count, _watches.Count, _techniques.Count);

    public void Add(FindingOutline finding)
    {
        Count++;
        Span(finding.FirstSeen, finding.LastSeen);
        if (RuleOf((finding.Detector, finding.Rule)) is { } rule) rule.Add(finding);
        Bump(_watches, WatchOf(finding.Detector), 1, int.MaxValue);
        foreach (var technique in finding.Techniques) Bump(_techniques, technique, 1, MaxTechniques);
        foreach (var entity in finding.Entities) Bump(_entities, entity, 1, MaxEntities);
    }

    public void Add(IncidentFacts other)
    {
        Count += other.Count;
        if (other._least > _least) _least = other._least;
        Span(other.FirstSeen, other.LastSeen);
        foreach (var (key, rule) in other._rules) RuleOf(key)?.Add(rule);
        foreach (var (watch, count) in other._watches) Bump(_watches, watch, count, int.MaxValue);
        foreach (var (technique, count) in other._techniques) Bump(_techniques, technique, count, MaxTechniques);
        foreach (var (entity, count) in other._entities) Bump(_entities, entity, count, MaxEntities);
    }

    /// <summary>Takes a finding out; false when the times of the rest are no longer known exactly.</summary>
    public bool Remove(FindingOutline finding)
    {
        Count--;
        if (_rules.TryGetValue((finding.Detector, finding.Rule), out var rule))
        {
            rule.Remove(finding);
            if (rule.Count <= 0) _rules.Remove((finding.Detector, finding.Rule));
        }

        Bump(_watches, WatchOf(finding.Detector), -1, int.MaxValue);
        foreach (var technique in finding.Techniques) Bump(_techniques, technique, -1, MaxTechniques);
        foreach (var entity in finding.Entities) Bump(_entities, entity, -1, MaxEntities);
        return finding.FirstSeen > FirstSeen && finding.LastSeen < LastSeen;
    }

    /// <summary>Takes over what a stored summary says and its findings, deleted since, no longer show.</summary>
    public void AddForgotten(Incident stored)
    {
        if (stored.Findings <= Count) return;
        Count = stored.Findings;
        if (stored.Severity > _least) _least = stored.Severity;
        Span(stored.FirstSeen.ToUnixTimeMilliseconds(), stored.LastSeen.ToUnixTimeMilliseconds());
        foreach (var watch in stored.Watches) Bump(_watches, watch, 1, int.MaxValue);
        foreach (var technique in stored.Techniques) Bump(_techniques, technique, 1, MaxTechniques);
    }

    public IncidentFacts Copy()
    {
        var copy = new IncidentFacts();
        copy.Add(this);
        return copy;
    }

    public static string WatchOf(string detector) => detector.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? detector[..dot] : detector;

    private void Span(long first, long last)
    {
        FirstSeen = Math.Min(FirstSeen, first);
        LastSeen = Math.Max(LastSeen, last);
    }

    private RuleFacts? RuleOf((string Detector, string Rule) key)
    {
        if (_rules.TryGetValue(key, out var rule)) return rule;
        if (_rules.Count >= MaxRules) return null;
        _rules.Add(key, rule = new RuleFacts());
        return rule;
    }

    private static void Bump<TKey>(IDictionary<TKey, int> counts, TKey key, int by, int most)
    {
        if (counts.TryGetValue(key, out var count))
        {
            if (count + by > 0) counts[key] = count + by;
            else counts.Remove(key);
        }
        else if (by > 0 && counts.Count < most)
        {
            counts.Add(key, by);
        }
    }
}
