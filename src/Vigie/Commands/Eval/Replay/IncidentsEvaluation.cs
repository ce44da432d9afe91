using System.Globalization;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Eval.Replay;

/// <summary>How attacks are replayed.</summary>
/// <param name="Replays">How often each.</param>
/// <param name="Within">Within which time all begin.</param>
/// <param name="Seed">Decides names and times.</param>
internal sealed record ReplayOptions(int Replays, TimeSpan Within, int Seed);

/// <summary>
/// Whether findings of the same attack become one incident and those of others do not: recorded attacks, several times each
/// and interleaved, every replay under other names, so that it is known what belongs together.
/// </summary>
internal sealed class IncidentsEvaluation(LoadedRules rules, IReadOnlyList<RecordedAttack> attacks, string data, ReplayOptions options, IProgress<double> progress, CancellationToken token)
{
    private const double LeastShare = 0.9;
    private const double LeastPurity = 0.9;
    private const double MostIncidents = 3;
    private const double MostRows = 0.1;
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly LinkSurroundings Surroundings = new();

    /// <summary>Everything; nothing where no rule found anything that would be placed.</summary>
    public IReadOnlyList<Figure> Run()
    {
        // The second day's runs come last: the same people, other processes.
        var plan = Plan();
        var again = plan.Where(replay => replay.Number == 0).Select(replay => replay with { Number = -1, Session = $"{replay.Session}/again", Shift = replay.Shift + TimeSpan.FromDays(1) }).ToList();
        var originals = attacks.Select((_, i) => new AttackReplay(i, -2, "", "", TimeSpan.Zero));
        var judged = JudgedReplays.Of(attacks, [.. plan, .. again, .. originals], rules, progress, token);
        var main = judged.Where(finding => finding.Replay < plan.Count).ToList();
        if (!main.Any(finding => finding.Finding.Severity >= Severity.Medium)) return [];
        var placed = new PlacedReplays(main, new LinkPolicy(), Surroundings);
        return
        [
            .. Joined(plan, main, placed),
            .. Halves(plan, main, placed),
            NextDay(plan.Count, again.Count, judged),
            Faithful(plan, plan.Count + again.Count, judged),
            .. new NoiseEvaluation(options.Seed).Run(plan.Count, main),
        ];
    }

    private List<AttackReplay> Plan()
    {
        var random = new Random(options.Seed);
        var plan = new List<AttackReplay>();
        for (var number = 0; number < options.Replays; number++)
        {
            for (var attack = 0; attack < attacks.Count; attack++)
            {
                var begin = Start + TimeSpan.FromSeconds(Math.Floor(random.NextDouble() * options.Within.TotalSeconds));
                var name = $"{options.Seed}/{attacks[attack].Name}/{number}";
                plan.Add(new AttackReplay(attack, number, name, name, Whole(begin - attacks[attack].First)));
            }
        }

        return plan;

        // Times are written in whole seconds and fractions; only the former are moved.
        static TimeSpan Whole(TimeSpan shift) => TimeSpan.FromSeconds(Math.Floor(shift.TotalSeconds));
    }

    private IEnumerable<Figure> Joined(List<AttackReplay> plan, List<TrueFinding> findings, PlacedReplays placed)
    {
        var outcomes = placed.Outcomes();
        var all = findings.GroupBy(finding => finding.Replay).ToDictionary(g => g.Key, g => g.Count());
        var sets = attacks.Select((attack, i) => SetOutcome.Of(attack.Name, [.. Enumerable.Range(0, plan.Count).Where(r => plan[r].Attack == i).Select(r => (outcomes.GetValueOrDefault(r), all.GetValueOrDefault(r)))])).ToList();
        var judgedSets = sets.Where(set => set.Placed > 0).ToList();
        var what = Text($"{data}: {attacks.Count} attacks × {options.Replays} replays, all beginning within {options.Within.TotalHours:0.##} h, seed {options.Seed}; {attacks.Sum(a => a.Events) * options.Replays} events, {findings.Count} findings, {placed.Placed.Count} of them medium or higher");
        var rows = sets.Select(set => set.Row()).ToList();
        var share = Mean(judgedSets, set => set.Share);
        var purity = Mean(judgedSets, set => set.Purity);
        var incidents = Mean(judgedSets, set => set.Incidents);
        var rowShare = (double)outcomes.Values.Sum(outcome => outcome.Rows) / Math.Max(1, findings.Count);
        var weighted = outcomes.Values.Sum(o => o.Share * o.Placed) / Math.Max(1, outcomes.Values.Sum(o => o.Placed));
        yield return Figure.AtLeast("share", "Share of an attack's findings (medium and higher) in its main incident", what, Text($"{share:0.000} (each finding counting once: {weighted:0.000}; lowest {judgedSets.Select(s => s.Share).DefaultIfEmpty().Min():0.000})"), share, LeastShare, "≥ 0.9", rows);
        yield return Figure.AtLeast("purity", "Share of that incident that is the attack", what, Text($"{purity:0.000} (lowest {judgedSets.Select(s => s.Purity).DefaultIfEmpty().Min():0.000})"), purity, LeastPurity, "≥ 0.9");
        yield return Figure.AtMost("incidents", "Incidents per attack", what, Text($"{incidents:0.00} (most {judgedSets.Select(s => s.Incidents).DefaultIfEmpty().Max():0.00}); {placed.Incidents()} in all"), judgedSets.Select(s => s.Incidents).DefaultIfEmpty().Max(), MostIncidents, "≤ 3 for every attack");
        yield return Figure.AtMost("rows", "Rows an analyst sees / findings of all levels, nothing folded across attacks", what, Text($"{rowShare:0.000} ({outcomes.Values.Sum(o => o.Rows)} rows)"), rowShare, MostRows, "≤ 0.1");
        var folded = (double)placed.Rows() / Math.Max(1, findings.Count);
        yield return Figure.AtMost("inbox", "The same as the inbox shows it: lone alarms of a rule are one row", what, Text($"{folded:0.000} ({placed.Rows()} rows)"), folded, MostRows, "≤ 0.1");
    }

    // Whether a figure rests on some of the attacks only.
    private static IEnumerable<Figure> Halves(List<AttackReplay> plan, List<TrueFinding> findings, PlacedReplays placed)
    {
        var outcomes = placed.Outcomes();
        foreach (var (half, title) in new[] { (0, "the 1st, 3rd, 5th … by file name"), (1, "the 2nd, 4th, 6th …") })
        {
            var mine = outcomes.Where(o => plan[o.Key].Attack % 2 == half).Select(o => o.Value).ToList();
            var all = findings.Count(finding => plan[finding.Replay].Attack % 2 == half);
            yield return Figure.Reported(
                half == 0 ? "half-odd" : "half-even",
                $"Of these, {title}",
                Text($"{mine.Count} replays, {all} findings"),
                Text($"share {Mean(mine, o => o.Share):0.000}, purity {Mean(mine, o => o.Purity):0.000}, incidents {Mean(mine, o => o.Incidents):0.00}, rows {(double)mine.Sum(o => o.Rows) / Math.Max(1, all):0.000}"),
                Mean(mine, o => o.Share));
        }
    }

    // The same people attacked twice: what a trick that joins by names alone would take for one.
    private Figure NextDay(int count, int again, IReadOnlyList<TrueFinding> judged)
    {
        var firstRuns = judged.Where(finding => finding.Replay < attacks.Count || (finding.Replay >= count && finding.Replay < count + again)).ToList();
        var placed = new PlacedReplays(firstRuns, new LinkPolicy(), Surroundings);
        var incidents = placed.Placed.GroupBy(finding => finding.Replay).ToDictionary(g => g.Key, g => g.Select(placed.IncidentOf).ToHashSet());
        var (joined, pairs) = (0, 0);
        for (var i = 0; i < again; i++)
        {
            if (!incidents.TryGetValue(i, out var one) || !incidents.TryGetValue(count + i, out var other)) continue;
            pairs++;
            if (one.Overlaps(other)) joined++;
        }

        return Figure.Reported("next-day", "The same attack on the same hosts by the same accounts, a day apart: taken for one incident", Text($"{pairs} pairs"), Text($"{joined} of {pairs}"), joined);
    }

    // Other names must not make other findings: a rule that reads a name would.
    private Figure Faithful(List<AttackReplay> plan, int originals, IReadOnlyList<TrueFinding> judged)
    {
        var counts = judged.GroupBy(f => f.Replay).ToDictionary(g => g.Key, g => g.CountBy(f => f.Finding.Title.English).ToDictionary(StringComparer.Ordinal));
        var rows = new List<FigureRow>();
        var same = 0;
        for (var replay = 0; replay < plan.Count; replay++)
        {
            var mine = counts.GetValueOrDefault(replay) ?? [];
            var theirs = counts.GetValueOrDefault(originals + plan[replay].Attack) ?? [];
            var differing = mine.Keys.Union(theirs.Keys).Where(rule => mine.GetValueOrDefault(rule) != theirs.GetValueOrDefault(rule)).Order(StringComparer.Ordinal).ToList();
            if (differing.Count == 0) same++;
            rows.AddRange(differing.Select(rule => new FigureRow($"{attacks[plan[replay].Attack].Name} #{replay / attacks.Count}", Text($"{mine.GetValueOrDefault(rule)} instead of {theirs.GetValueOrDefault(rule)}"), rule)));
        }

        return Figure.Reported("faithful", "Replays in which every rule fires exactly as often as in the recording", Text($"{plan.Count} replays"), Text($"{same} of {plan.Count}"), same, rows);
    }

    private static double Mean<T>(IReadOnlyCollection<T> items, Func<T, double> of) => items.Count == 0 ? 0 : items.Average(of);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record SetOutcome(string Name, int All, int Placed, double Share, double Purity, double Incidents, double Rows)
    {
        public static SetOutcome Of(string name, IReadOnlyList<(ReplayOutcome? Outcome, int All)> replays)
        {
            var placed = replays.Where(replay => replay.Outcome is not null).Select(replay => replay.Outcome!).ToList();
            return new SetOutcome(name, replays.Sum(replay => replay.All), placed.Sum(o => o.Placed), Mean(placed, o => o.Share), Mean(placed, o => o.Purity), Mean(placed, o => o.Incidents), Mean(placed, o => o.Rows));
        }

        public FigureRow Row() => Placed == 0
            ? new FigureRow(Name, "nothing to place", Text($"{All} findings, none medium or higher"))
            : new FigureRow(Name, Text($"share {Share:0.000}, purity {Purity:0.000}"), Text($"{Incidents:0.##} incidents, {Rows:0.##} rows; {All} findings, {Placed} placed"));
    }
}
