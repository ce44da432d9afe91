using System.Globalization;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Eval;

/// <summary>Event logs of known attacks: in how many of them the public rules find something, and what our own rules add.</summary>
internal sealed class EvtxSamplesEvaluation(LoadedRules publicRules, LoadedRules ownRules, EvaluationData data, IProgress<double> progress, CancellationToken ct)
{
    private const string Folder = "logs/evtx-attack-samples";
    private const Severity AtLeast = Severity.Medium;

    /// <summary>Everything; nothing where the data is absent.</summary>
    public IReadOnlyList<Figure> Run()
    {
        var folder = Path.Combine(data.Root, Folder);
        if (!Directory.Exists(folder))
        {
            data.Find(Folder);
            return [];
        }

        var files = Directory.EnumerateFiles(folder, "*.evtx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var found = new List<(string File, bool Public, bool Own, LogTally Tally)>();
        var (general, own) = (publicRules.Set.CreateMatcher(), ownRules.Set.CreateMatcher());
        var (generalRecord, ownRecord) = (new EventRecord(publicRules.Set.Fields), new EventRecord(ownRules.Set.Fields));
        foreach (var file in files)
        {
            ct.ThrowIfCancellationRequested();
            var tally = LogTally.Of(file, general, generalRecord);
            var additional = LogTally.Of(file, own, ownRecord);
            found.Add((Path.GetRelativePath(folder, file), tally.HasAtLeast(publicRules.Set, AtLeast), additional.HasAtLeast(ownRules.Set, AtLeast), tally));
            progress.Report((double)found.Count / files.Count);
        }

        return [Found("files-public", "Files with a finding of level medium or higher, public rules", found, f => f.Public, 70), Gain(found), Records(found), Unreadable(found)];
    }

    private static Figure Found(string id, string title, List<(string File, bool Public, bool Own, LogTally Tally)> found, Func<(string File, bool Public, bool Own, LogTally Tally), bool> has, double least)
    {
        var with = found.Count(has);
        var share = found.Count == 0 ? 0 : 100.0 * with / found.Count;
        return Figure.AtLeast(
            id,
            title,
            string.Create(CultureInfo.InvariantCulture, $"{found.Count} files"),
            string.Create(CultureInfo.InvariantCulture, $"{share:0.0} % ({with} of {found.Count})"),
            share,
            least,
            string.Create(CultureInfo.InvariantCulture, $"≥ {least} %"),
            [.. found.Where(f => !has(f)).Select(f => new FigureRow(f.File, string.Create(CultureInfo.InvariantCulture, $"{f.Tally.Events} events"), "nothing found"))]);
    }

    private Figure Gain(List<(string File, bool Public, bool Own, LogTally Tally)> found)
    {
        var gained = found.Where(f => f.Own && !f.Public).ToList();
        var with = found.Count(f => f.Own || f.Public);
        return Figure.Reported(
            "files-own",
            "The same with our own rules added",
            string.Create(CultureInfo.InvariantCulture, $"{ownRules.Rules.Length} own rules"),
            string.Create(CultureInfo.InvariantCulture, $"{(found.Count == 0 ? 0 : 100.0 * with / found.Count):0.0} % ({with} of {found.Count}; own rules alone {found.Count(f => f.Own)})"),
            with,
            [.. gained.Select(f => new FigureRow(f.File, "gained"))]);
    }

    private static Figure Records(List<(string File, bool Public, bool Own, LogTally Tally)> found)
    {
        var events = found.Sum(f => f.Tally.Events);
        return Figure.Reported("records", "Records read", string.Create(CultureInfo.InvariantCulture, $"{found.Count} files"), events.ToString(CultureInfo.InvariantCulture), events);
    }

    private static Figure Unreadable(List<(string File, bool Public, bool Own, LogTally Tally)> found)
    {
        var problems = found.SelectMany(f => f.Tally.Diagnostics.Select(diagnostic => (f.File, diagnostic))).ToList();
        return Figure.AtMost(
            "records-unreadable",
            "Records the reader could not read, and what else it noted",
            string.Create(CultureInfo.InvariantCulture, $"{found.Count} files"),
            problems.Count.ToString(CultureInfo.InvariantCulture),
            problems.Count(problem => IsLoss(problem.diagnostic.Code)),
            0,
            "0, listed",
            [.. problems.Select(problem => new FigureRow(problem.File, string.Create(CultureInfo.InvariantCulture, $"{problem.diagnostic.Code} at {problem.diagnostic.Offset}"), problem.diagnostic.Message))]);
    }

    // A dirty header or a checksum that was not updated is noted, and the records behind it are read all the same.
    private static bool IsLoss(string code) => code is "evtx.record-lost" or "evtx.record-unreadable" or "evtx.record-damaged" || code.StartsWith("content.", StringComparison.Ordinal);
}
