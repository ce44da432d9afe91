using System.Globalization;
using Vigie.Engine.Lookalikes;
using Vigie.Protection;

namespace Vigie.Commands.Eval;

/// <summary>How many well-known domains the guard would stop as first-time recipients: each is taken for a false alarm.</summary>
internal sealed class FalseAlarms(ImitationJudge judge)
{
    /// <summary>Judges every distinct registrable domain of a list.</summary>
    /// <param name="id">The figure's id.</param>
    /// <param name="list">The list's name.</param>
    /// <param name="hosts">Its entries; what is not a host below a public suffix is left out.</param>
    /// <param name="mostPerTenThousand">The target; null to report only.</param>
    public Figure Measure(string id, string list, IEnumerable<string> hosts, double? mostPerTenThousand)
    {
        var domains = Registrable(hosts);
        var stopped = domains.Select(domain => (Domain: domain, Verdict: judge.Judge(domain, RelationshipEvidence.None)))
            .Where(judged => judged.Verdict.Strength >= ImitationStrength.Hold)
            .OrderByDescending(judged => judged.Verdict.Posterior)
            .ToList();
        var rate = domains.Count == 0 ? 0 : 10_000.0 * stopped.Count / domains.Count;
        var halves = domains.GroupBy(InFirstHalf).ToDictionary(half => half.Key, half => half.Count());
        var measured = string.Create(CultureInfo.InvariantCulture,
            $"{rate:0.0} per 10,000 ({stopped.Count} of {domains.Count}; first half {stopped.Count(s => InFirstHalf(s.Domain))} of {halves.GetValueOrDefault(true)}, second half {stopped.Count(s => !InFirstHalf(s.Domain))} of {halves.GetValueOrDefault(false)})");
        var rows = stopped.Select(s => new FigureRow(
            s.Domain,
            string.Create(CultureInfo.InvariantCulture, $"{s.Verdict.Strength} for {s.Verdict.Best!.Target.Domain}"),
            string.Create(CultureInfo.InvariantCulture, $"{s.Verdict.Best!.Family}, {s.Verdict.Posterior:P1}"))).ToList();
        var title = $"{list}: registrable domains refused or held as first-time recipients, all packs loaded";
        var data = string.Create(CultureInfo.InvariantCulture, $"{list}, {domains.Count} distinct registrable domains");
        return mostPerTenThousand is { } most
            ? Figure.AtMost(id, title, data, measured, rate, most, string.Create(CultureInfo.InvariantCulture, $"≤ {most} per 10,000"), rows)
            : Figure.Reported(id, title, data, measured, rate, rows);
    }

    internal static IReadOnlyList<string> Registrable(IEnumerable<string> hosts)
    {
        var domains = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var host in hosts)
        {
            if (DomainNames.TryNormalize(host.TrimStart('.'), out var ascii, out _)
                && PublicSuffixes.Default.TrySplit(ascii, out var parts) && parts.Label.Length > 0)
                domains.Add(parts.Registrable);
        }

        return [.. domains];
    }

    // The numbers of the judge were chosen by looking at the first half of each list alone (FNV-1a, even); the second
    // half says how they do on names nobody looked at.
    internal static bool InFirstHalf(string domain)
    {
        var hash = 2166136261u;
        foreach (var c in domain) hash = (hash ^ c) * 16777619u;
        return (hash & 1) == 0;
    }
}
