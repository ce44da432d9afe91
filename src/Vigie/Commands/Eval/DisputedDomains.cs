using System.Globalization;
using Vigie.Engine.Lookalikes;
using Vigie.Protection;

namespace Vigie.Commands.Eval;

/// <summary>How many domains that were disputed for imitating a trademark are recognised, averaged per decision.</summary>
internal sealed class DisputedDomains(EvaluationData data)
{
    private const string File = "domains/udrp_disputed.csv";
    private const int ShortestMark = 4;
    private const int LargestDistance = 2;

    private sealed record Dispute(string Decision, string Domain, string Protected);

    private sealed record Outcome(Dispute Dispute, Imitation? Found, bool Stopped);

    public IReadOnlyList<Figure> Measure(Strictness strictness)
    {
        var outcomes = Disputes().GroupBy(d => d.Protected, StringComparer.Ordinal)
            .SelectMany(group => Judge(group.Key, group, strictness)).ToList();
        if (outcomes.Count == 0) return [];

        var decisions = outcomes.GroupBy(o => o.Dispute.Decision, StringComparer.Ordinal).ToList();
        var indexRecall = decisions.Average(d => d.Average(o => o.Found is null ? 0.0 : 1.0));
        var judgeRecall = decisions.Average(d => d.Average(o => o.Stopped ? 1.0 : 0.0));
        var source = string.Create(CultureInfo.InvariantCulture, $"{File}, {outcomes.Count} disputed domains of {decisions.Count} decisions");
        var families = outcomes.Where(o => o.Found is not null).GroupBy(o => o.Found!.Family).OrderByDescending(g => g.Count())
            .Select(g => new FigureRow(g.Key.ToString(), string.Create(CultureInfo.InvariantCulture, $"{g.Count()} found"),
                string.Create(CultureInfo.InvariantCulture, $"refused or held {PerDecision(g):0.0} % per decision")));
        var missed = outcomes.Where(o => o.Found is null).OrderBy(o => o.Dispute.Domain, StringComparer.Ordinal)
            .Select(o => new FigureRow(o.Dispute.Domain, $"not found for {o.Dispute.Protected}"));
        return
        [
            Figure.Reported("disputed-index", "Disputed domains found by the index", source, Percent(indexRecall), indexRecall, [.. families, .. missed]),
            Figure.Reported("disputed-judge", "Disputed domains refused or held", source, Percent(judgeRecall), judgeRecall),
        ];
    }

    private static double PerDecision(IEnumerable<Outcome> outcomes) =>
        100 * outcomes.GroupBy(o => o.Dispute.Decision, StringComparer.Ordinal).Average(d => d.Average(o => o.Stopped ? 1.0 : 0.0));

    private static List<Outcome> Judge(string name, IEnumerable<Dispute> disputes, Strictness strictness)
    {
        using var names = new ProtectedNames(new ProtectionSettings { OwnDomains = [name] });
        var judge = new ImitationJudge(names, strictness);
        return [.. disputes.Select(d => new Outcome(
            d,
            names.Index.Find(d.Domain, 1) is [var found, ..] ? found : null,
            judge.Judge(d.Domain, RelationshipEvidence.None).Strength >= ImitationStrength.Hold))];
    }

    // A row counts where the registrable label contains the mark (letters and digits only, at least four) or lies within
    // two edits of it; the mark's own domain imitates nothing. One decision counts a domain once.
    private List<Dispute> Disputes()
    {
        var disputes = new List<Dispute>();
        foreach (var fields in data.PlainCsv(File))
        {
            if (!DomainNames.TryNormalize(fields[1], out var ascii, out _) || !PublicSuffixes.Default.TrySplit(ascii, out var parts) || parts.Label.Length == 0)
                continue;
            foreach (var mark in fields[2].Split(';').Select(LettersAndDigits).Where(mark => mark.Length >= ShortestMark))
            {
                var label = LettersAndDigits(parts.Label);
                if (!label.Contains(mark, StringComparison.Ordinal) && Distance(label, mark) > LargestDistance) continue;
                if (parts.Registrable != mark + ".com") disputes.Add(new Dispute(fields[0], parts.Registrable, mark + ".com"));
                break;
            }
        }

        return [.. disputes.Distinct()];
    }

    private static string LettersAndDigits(string text) => string.Concat(text.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit));

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " % per decision";

    // Levenshtein distance, two rows.
    internal static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            previous = current;
        }

        return previous[^1];
    }
}
