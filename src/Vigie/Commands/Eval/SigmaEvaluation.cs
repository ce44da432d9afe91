using System.Globalization;
using Vigie.Engine.Events;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Eval;

/// <summary>The public rules: whether they compile, and whether each fires on the log that was recorded for it.</summary>
internal sealed class SigmaEvaluation(LoadedRules rules, EvaluationData data, TextWriter progress, CancellationToken ct)
{
    private const string Regression = "sigma/regression_data";

    /// <summary>Everything.</summary>
    public IReadOnlyList<Figure> Run() => [Compile(), Placeholders(), .. Fire()];

    /// <summary>The folders of public rules in the data.</summary>
    public static IReadOnlyList<string> PublicRules(EvaluationData data)
    {
        var sigma = Path.Combine(data.Root, "sigma");
        return Directory.Exists(sigma) ? [.. Directory.EnumerateDirectories(sigma, "rules*").Order(StringComparer.Ordinal)] : [];
    }

    private Figure Compile()
    {
        var failed = rules.Problems.Where(problem => problem.IsError).ToList();
        var documents = failed.Select(problem => problem.File).Distinct(StringComparer.Ordinal).Count();
        var all = rules.Rules.Length + documents;
        var share = all == 0 ? 0 : 100.0 * rules.Rules.Length / all;
        return Figure.AtLeast(
            "compile",
            "Rules that compile",
            string.Create(CultureInfo.InvariantCulture, $"{rules.Files} files"),
            string.Create(CultureInfo.InvariantCulture, $"{share:0.00} % ({rules.Rules.Length} of {all})"),
            share,
            99.9,
            "≥ 99.9 %",
            [.. failed.Select(problem => new FigureRow(Path.GetFileName(problem.File), problem.Code, problem.Message.English))]);
    }

    private Figure Placeholders()
    {
        var waiting = rules.Rules.Where(rule => !rule.MissingPlaceholders.IsEmpty).OrderBy(rule => rule.Title, StringComparer.Ordinal).ToList();
        return Figure.Reported(
            "placeholders",
            "Rules that compile and match nothing until settings give their placeholders values",
            "the same",
            waiting.Count.ToString(CultureInfo.InvariantCulture),
            waiting.Count,
            [.. waiting.Select(rule => new FigureRow(rule.Id, string.Join(", ", rule.MissingPlaceholders.Select(name => $"%{name}%")), rule.Title))]);
    }

    private List<Figure> Fire()
    {
        var folder = Path.Combine(data.Root, Regression);
        if (!Directory.Exists(folder))
        {
            data.Find(Regression);
            return [];
        }

        var problems = new List<string>();
        var cases = RegressionCase.Under(folder, problems);
        foreach (var problem in problems) progress.WriteLine(problem);
        var binary = cases.Where(c => Path.GetExtension(c.File) == ".evtx").ToList();
        return
        [
            Fire("regression-evtx", "Rules that fire on their own event log as often as they must, read by our reader", binary, c => c.File),
            Fire("regression-json", "The same from the JSON beside it", [.. binary.Where(c => c.Json is not null)], c => c.Json!),
            Fire("regression-raw", "The same from raw logs", [.. cases.Where(c => Path.GetExtension(c.File) != ".evtx")], c => c.File),
        ];
    }

    private Figure Fire(string id, string title, List<RegressionCase> cases, Func<RegressionCase, string> file)
    {
        var matcher = rules.Set.CreateMatcher();
        var record = new EventRecord(rules.Set.Fields);
        var places = Places();
        var rows = new List<FigureRow>();
        var (met, events) = (0, 0L);
        foreach (var test in cases)
        {
            ct.ThrowIfCancellationRequested();
            var tally = LogTally.Of(file(test), matcher, record);
            events += tally.Events;
            var fired = places.TryGetValue(test.Rule, out var place) ? tally.Fired.GetValueOrDefault(place) : -1;
            var diagnostics = string.Join("; ", tally.Diagnostics.Take(3).Select(d => $"{d.Code} at {d.Offset}"));
            if (fired >= test.AtLeast) met++;
            if (fired < test.AtLeast || tally.Diagnostics.Count > 0)
                rows.Add(new FigureRow(test.Rule, fired < 0 ? "no such rule" : $"fired {fired} of {test.AtLeast}", $"{test.Title} ({tally.Events} events) {diagnostics}".TrimEnd()));
        }

        var share = cases.Count == 0 ? 0 : 100.0 * met / cases.Count;
        return Figure.AtLeast(
            id,
            title,
            string.Create(CultureInfo.InvariantCulture, $"{cases.Count} files, {events} events"),
            string.Create(CultureInfo.InvariantCulture, $"{share:0.0} % ({met} of {cases.Count})"),
            share,
            100,
            "100 %",
            rows);
    }

    private Dictionary<string, int> Places()
    {
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < rules.Rules.Length; i++) places[rules.Rules[i].Id] = i;
        return places;
    }
}
