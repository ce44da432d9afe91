using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Commands.Eval.Replay;

/// <summary>Findings of medium and higher levels in the incidents where the graph puts them, one after the other as they come.</summary>
internal sealed class PlacedReplays
{
    // As often as the node does it.
    private const int ReweighEvery = 256;

    private readonly Dictionary<FindingId, long> _incidents = [];

    /// <summary>Places the findings.</summary>
    /// <param name="findings">In the order in which they come.</param>
    /// <param name="policy">What links weigh.</param>
    /// <param name="surroundings">What is known of the surroundings.</param>
    public PlacedReplays(IReadOnlyList<TrueFinding> findings, LinkPolicy policy, LinkSurroundings surroundings)
    {
        var graph = new IncidentGraph(policy);
        var since = 0;
        foreach (var finding in findings)
        {
            if (finding.Finding.Severity < Severity.Medium) continue;
            graph.Place(LinkKeys.ForGraph(finding.Finding, surroundings));
            if (++since % ReweighEvery == 0) graph.Reweigh();
        }

        graph.Reweigh();
        foreach (var finding in findings)
        {
            if (graph.GroupOf(finding.Finding.Id) is { } group) _incidents[finding.Finding.Id] = group;
        }

        Placed = [.. findings.Where(finding => _incidents.ContainsKey(finding.Finding.Id))];
    }

    /// <summary>The findings that were placed.</summary>
    public IReadOnlyList<TrueFinding> Placed { get; }

    /// <summary>The incident of a finding that was placed.</summary>
    public long IncidentOf(TrueFinding finding) => _incidents[finding.Finding.Id];

    /// <summary>How well each replay was put together; replays without a finding that is placed have none.</summary>
    public IReadOnlyDictionary<int, ReplayOutcome> Outcomes()
    {
        var size = Placed.GroupBy(IncidentOf).ToDictionary(g => g.Key, g => g.Count());
        var rules = Placed.GroupBy(IncidentOf).ToDictionary(g => g.Key, g => g.Select(RuleOf).Distinct().Take(2).ToArray());
        return Placed.Where(finding => finding.Replay >= 0).GroupBy(finding => finding.Replay).ToDictionary(g => g.Key, g =>
        {
            var incidents = g.GroupBy(IncidentOf).OrderByDescending(i => i.Count()).ThenBy(i => i.Key).ToList();
            var main = incidents[0];
            // Incidents in which a single rule speaks are one row for all of them.
            var rows = incidents.Select(i => rules[i.Key] is [var only] ? only : $"#{i.Key}").Distinct(StringComparer.Ordinal).Count();
            return new ReplayOutcome(g.Count(), incidents.Count, rows, (double)main.Count() / g.Count(), (double)main.Count() / size[main.Key]);
        });
    }

    /// <summary>The rows of the inbox: incidents in which one rule speaks alone fold into one for that rule.</summary>
    public int Rows() => Placed.GroupBy(IncidentOf).Select(g => g.Select(RuleOf).Distinct().Take(2).ToArray() is [var only] ? only : $"#{g.Key}").Distinct(StringComparer.Ordinal).Count();

    /// <summary>How many incidents there are.</summary>
    public int Incidents() => Placed.Select(IncidentOf).Distinct().Count();

    private static string RuleOf(TrueFinding finding) => $"{finding.Finding.Detector} {finding.Finding.Rule}";
}

/// <summary>How well the findings of one replay were put together.</summary>
/// <param name="Placed">Findings of medium and higher levels.</param>
/// <param name="Incidents">Over how many incidents they are spread.</param>
/// <param name="Rows">How many rows of the inbox these are.</param>
/// <param name="Share">The share of them that is in the incident with the most.</param>
/// <param name="Purity">The share of that incident that is of this replay.</param>
internal sealed record ReplayOutcome(int Placed, int Incidents, int Rows, double Share, double Purity);
