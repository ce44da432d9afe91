using System.Diagnostics;
using System.Globalization;
using Vigie.Engine.Sigma.Matching;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Eval;

/// <summary>How fast all rules are matched, beside the time that merely walking over the same JSON takes in the same run.</summary>
internal sealed class SigmaSpeedEvaluation(LoadedRules rules, EvaluationData data, TextWriter progress, CancellationToken ct)
{
    private const int Rounds = 9;
    private const int Times = 10;
    private const double Million = 1e6;

    /// <summary>Everything.</summary>
    public IReadOnlyList<Figure> Run()
    {
        var log = SigmaSpeedCorpus.Load(data);
        if (log.Length == 0) return [];
        var (set, compiled) = Compile(rules.Rules);
        var run = new SigmaSpeedRun(log, set);
        progress.WriteLine(Text($"First pass over {log.Length / Million:0.0} MB with {set.Rules.Length} rules…"));
        var cold = run.Pass();
        run.Pass(countAllocations: true);
        var allocated = Allocations(run);
        progress.WriteLine(Text($"{Rounds} rounds…"));
        var one = Measure(run);
        var figures = new List<Figure> { Speed(log, run, one), allocated, Evaluated(run, set), Compilation(set, compiled, cold), Memory(log) };
        figures.Insert(1, Tenfold(log, one));
        return figures;
    }

    private Figure Tenfold(byte[] log, Speeds one)
    {
        progress.WriteLine(Text($"The same with {Times} times the rules…"));
        var (set, _) = Compile(RuleCopies.Of(rules.Rules, Times));
        var run = new SigmaSpeedRun(log, set);
        run.Pass();
        var ten = Measure(run);
        // Each beside the walk of its own rounds, so that a machine that grows slower does not count.
        var ratio = ten.Match / ten.Walk / (one.Match / one.Walk);
        return Figure.AtMost(
            "tenfold",
            "Time with ten times the rules, copies with changed texts",
            Text($"{set.Rules.Length} rules, {(double)run.Evaluated / run.Events:0.0} evaluated an event"),
            Text($"{ratio:0.00} times ({ten.Match:0.000} s, {ten.Match / ten.Walk:0.00} of the walk)"),
            ratio,
            1.5,
            "≤ 1.5");
    }

    private static Figure Speed(byte[] log, SigmaSpeedRun run, Speeds speeds) => Figure.AtMost(
        "throughput",
        "Time to read and match, beside that of Utf8JsonReader to walk over the bytes, one core",
        Text($"{log.Length / Million:0.0} MB, {run.Events} events"),
        Text($"{speeds.Match / speeds.Walk:0.00} ({speeds.Match:0.000} s beside {speeds.Walk:0.000} s)"),
        speeds.Match / speeds.Walk,
        1.0,
        "≤ 1.0",
        [
            new FigureRow("read and match", Text($"{log.Length / speeds.Match / Million:0} MB/s"), Text($"{run.Events / speeds.Match:0} events a second, {speeds.Match / run.Events * Million:0.00} µs an event")),
            new FigureRow("read only", Text($"{log.Length / speeds.Read / Million:0} MB/s"), Text($"{speeds.Read / run.Events * Million:0.00} µs an event")),
            new FigureRow("walk only", Text($"{log.Length / speeds.Walk / Million:0} MB/s"), Text($"{speeds.Walk / run.Events * Million:0.00} µs an event")),
        ]);

    private static Figure Allocations(SigmaSpeedRun run) => Figure.AtMost(
        "allocations",
        "Bytes allocated for events that match nothing, second pass",
        Text($"{run.Events} events"),
        Text($"{(double)run.Allocated / run.Events:0.###} bytes an event"),
        run.Allocated,
        0,
        "0");

    private static Figure Evaluated(SigmaSpeedRun run, RuleSet set) => Figure.Reported(
        "evaluated",
        "Rules evaluated an event; the others are ruled out by their texts",
        Text($"{set.Rules.Length} rules"),
        Text($"{(double)run.Evaluated / run.Events:0.0} ({run.Matches} matches in all, {set.RegexTimeouts} expressions given up)"),
        (double)run.Evaluated / run.Events);

    private static Figure Compilation(RuleSet set, TimeSpan compiled, double cold) => Figure.Reported(
        "compile",
        "Compiling the rules, and the first pass, in which each log source gets its tables",
        Text($"{set.Rules.Length} rules"),
        Text($"{compiled.TotalMilliseconds:0} ms, then {cold:0.0} s"),
        compiled.TotalMilliseconds);

    private static Figure Memory(byte[] log)
    {
        using var process = Process.GetCurrentProcess();
        var megabytes = (process.PeakWorkingSet64 - log.Length) / Million;
        return Figure.AtMost(
            "memory",
            "Peak memory of the process, without the log itself",
            Text($"{(Rounds + 2) * (double)log.Length / 1e9:0.0} GB matched"),
            Text($"{megabytes:0} MB"),
            megabytes,
            250,
            "≤ 250 MB");
    }

    private static (RuleSet Set, TimeSpan Took) Compile(IEnumerable<Engine.Sigma.SigmaRule> rules)
    {
        var all = rules.ToArray();
        var start = Stopwatch.GetTimestamp();
        var set = RuleSet.Compile(all);
        return (set, Stopwatch.GetElapsedTime(start));
    }

    // By turns, so that all three meet the same machine.
    private Speeds Measure(SigmaSpeedRun run)
    {
        var (walk, read, match) = (new double[Rounds], new double[Rounds], new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            ct.ThrowIfCancellationRequested();
            walk[round] = run.Walk();
            read[round] = run.Pass(match: false);
            match[round] = run.Pass();
        }

        return new Speeds(Median(walk), Median(read), Median(match));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Speeds(double Walk, double Read, double Match);
}
