using System.Globalization;

namespace Vigie.Commands.Eval;

/// <summary>The engine's own numbers as figures: coverage beside dnstwist, speed of making, speed and size of finding.</summary>
internal static class EngineFigures
{
    private const double LeastCoverage = 0.99;
    private const double LeastPerSecond = 1_000_000;
    private const double MostMicroseconds = 20;
    private const double MostMegabytes = 150;

    /// <summary>Whether what dnstwist makes is made here too; nothing where it is not installed.</summary>
    public static IReadOnlyList<Figure> Coverage(TextWriter progress, CancellationToken ct)
    {
        var coverage = DnstwistCoverage.Measure(progress, ct);
        if (!coverage.Available) return [Figure.Reported("dnstwist", "Names of dnstwist's defaults that are made here too", "dnstwist is not installed", "not compared", 0)];

        var rows = coverage.Rows
            .Select(row => new FigureRow(row.Domain, Text($"{row.Made} of {row.Theirs}")))
            .Concat(coverage.Rows.SelectMany(row => row.Missing.Select(missing => new FigureRow(missing.Name, $"not made for {row.Domain}", missing.Reason))))
            .ToList();
        return
        [
            Figure.AtLeast("dnstwist", "Names of dnstwist's defaults that are made here too", Text($"{coverage.Rows.Count} domains, {coverage.Rows.Sum(row => row.Theirs)} names"),
                Text($"{100 * coverage.Share:0.00} %"), coverage.Share, LeastCoverage, "≥ 99 %, the rest explained", rows),
        ];
    }

    /// <summary>How many candidates a second one core makes.</summary>
    public static IReadOnlyList<Figure> Generation(TextWriter progress, CancellationToken ct)
    {
        var speed = GenerationSpeed.Measure(progress, ct);
        return
        [
            Figure.AtLeast("generation-speed", "Candidates made a second, one core, neither sorted nor explained", Text($"{speed.Candidates} candidates a pass, {speed.BytesPerCandidate:0.0} bytes allocated for each"),
                Text($"{speed.PerSecond / 1e6:0.00} million a second"), speed.PerSecond, LeastPerSecond, "≥ 1 million a second"),
        ];
    }

    /// <summary>How long the index takes to answer, and how much memory it needs.</summary>
    public static IReadOnlyList<Figure> Lookup(IEnumerable<string> realNames, TextWriter progress, CancellationToken ct)
    {
        var lookup = LookupSpeed.Measure(realNames, progress, ct);
        var data = Text($"{lookup.Names} protected names ({lookup.RealNames} real ones), {lookup.Queries} names asked, {lookup.Answered} of them imitate one");
        return
        [
            Figure.AtMost("lookup-p99", "Index look-up, 99th percentile, one core", data,
                Text($"{lookup.P99:0.0} µs (median {lookup.Median:0.0}, 99.9 % {lookup.P999:0.0}, slowest {lookup.Slowest:0.0})"), lookup.P99, MostMicroseconds, "≤ 20 µs"),
            Figure.AtMost("lookup-memory", "Memory of the index", data, Text($"{lookup.Megabytes:0} MB, built in {lookup.BuildSeconds:0.0} s"), lookup.Megabytes, MostMegabytes, "≤ 150 MB"),
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
