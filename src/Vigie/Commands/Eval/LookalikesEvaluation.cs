using Vigie.Protection;

namespace Vigie.Commands.Eval;

/// <summary>The whole evaluation of the look-alike guard, one stage after the other.</summary>
internal sealed class LookalikesEvaluation(IReadOnlyList<Pack> packs, EvaluationData data, TextWriter progress, CancellationToken ct)
{
    // Never allow-lists: the guard does not know these names, it is only asked about them.
    private static readonly string[] PopularityLists =
        ["domains/misp_tranco10k.json", "domains/misp_majestic_million.json", "domains/misp_cisco_top20k.json"];

    public IReadOnlyList<Figure> Run()
    {
        using var names = new ProtectedNames(new ProtectionSettings { Packs = packs });
        var judge = new ImitationJudge(names, Strictness.Normal);
        return
        [
            .. Stage("coverage beside dnstwist", () => EngineFigures.Coverage(progress, ct)),
            .. Stage("speed of generation", () => EngineFigures.Generation(progress, ct)),
            .. Stage("speed of the index", () => EngineFigures.Lookup(PopularityLists.SelectMany(data.WarningList), progress, ct)),
            .. Stage("likeliest candidates of the packs", () => [new PackCandidates(packs, judge).Measure(progress, ct)]),
            .. Stage("false alarms", () => FalseAlarms(judge)),
            .. Stage("disputed domains", () => new DisputedDomains(data).Measure(Strictness.Normal)),
            .. Stage("round trip", () => [new RoundTrip(packs, names.Index).Measure(progress, ct)]),
        ];
    }

    private IReadOnlyList<Figure> Stage(string name, Func<IReadOnlyList<Figure>> measure)
    {
        ct.ThrowIfCancellationRequested();
        progress.WriteLine($"… {name}");
        return measure();
    }

    private List<Figure> FalseAlarms(ImitationJudge judge)
    {
        var measure = new FalseAlarms(judge);
        var figures = new List<Figure>();
        var popular = PopularityLists.Select(data.WarningList).ToList();
        if (popular.All(list => list.Count > 0))
            figures.Add(measure.Measure("false-alarms", "Tranco, Majestic and Cisco lists", popular.SelectMany(list => list), 5));

        Report("false-alarms-universities", "university domains", data.WarningList("domains/misp_university_domains.json"));
        Report("false-alarms-banks", "bank web sites", data.WarningList("domains/misp_bank-website.json"));
        Report("false-alarms-legit", "legitimate half of dga_or_legit.csv", data.PlainCsv("domains/dga_or_legit.csv").Where(row => row[1] == "legit").Select(row => row[0]));
        Report("phishing-hosts", "phishing hosts reported by JPCERT/CC (stopped is right here)", data.PhishingHosts("domains/jpcert"));
        return figures;

        void Report(string id, string list, IEnumerable<string> hosts)
        {
            if (hosts.Any()) figures.Add(measure.Measure(id, list, hosts, null));
        }
    }
}
