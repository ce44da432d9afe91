using System.Globalization;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Evtx;
using Vigie.Engine.Sigma.Matching;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Eval;

/// <summary>How many records of the event logs are read, how fast, with and without all rules, and what an event costs in memory.</summary>
internal sealed class EvtxEvaluation(LoadedRules rules, EvaluationData data, int megabytes, TextWriter error, CancellationToken ct)
{
    /// <summary>What is done with each event.</summary>
    private enum Work
    {
        /// <summary>Fields are located, the event is classified.</summary>
        Read,

        /// <summary>Every value is written in UTF-8 as well, as a tool that prints events has to.</summary>
        Decode,

        /// <summary>All rules are matched.</summary>
        Match,
    }

    /// <summary>Everything; nothing where the data is absent.</summary>
    public IReadOnlyList<Figure> Run()
    {
        var corpus = EvtxCorpus.Load(data);
        if (corpus.Files.Count == 0) return [];
        var records = Records(corpus);
        var log = corpus.OneLog();
        var (read, decoded, matched) = Measure(log);
        return
        [
            .. records,
            Speed("speed-read", "Reading alone, fields located", read, null),
            Speed("speed-decode", "Reading with every value written in UTF-8", decoded, null),
            Speed("speed-match", string.Create(CultureInfo.InvariantCulture, $"Reading and matching {rules.Rules.Length} rules"), matched, 60),
            Added("match-adds-to-decode", "Matching adds to reading with every value written", matched, decoded),
            Added("match-adds", "Matching adds to reading alone", matched, read),
            Allocated("allocated-read", "Allocated per event, reading alone, after warm-up", decoded),
            Allocated("allocated-match", "Allocated per event, reading and matching, after warm-up", matched),
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Figure Speed(string id, string title, Pass pass, double? least)
    {
        var amount = Text($"{pass.Bytes / 1e6:0} MB of records, {pass.Events} events");
        var measured = Text($"{pass.MegabytesPerSecond:0} MB/s of CPU time, {pass.Events / pass.Seconds:0} events/s");
        return least is { } target
            ? Figure.AtLeast(id, title, amount, measured, pass.MegabytesPerSecond, target, Text($"≥ {target} MB/s"))
            : Figure.Reported(id, title, amount, measured, pass.MegabytesPerSecond);
    }

    private static Figure Added(string id, string title, Pass with, Pass without)
    {
        var added = 100 * ((with.Seconds / without.Seconds) - 1);
        return Figure.AtMost(id, title, "the same", Text($"{added:0} %"), added, 50, "≤ 50 %");
    }

    private static Figure Allocated(string id, string title, Pass pass) =>
        Figure.AtMost(id, title, Text($"{pass.Events} events"), Text($"{pass.AllocatedPerEvent:0.00} bytes"), pass.AllocatedPerEvent, 0, "0 bytes");

    private static IEnumerable<Figure> Records(EvtxCorpus corpus)
    {
        var record = new EventRecord(new FieldCatalog(EventFields.Always));
        foreach (var folder in corpus.Files.GroupBy(f => f.Folder))
        {
            var (files, records, recordBytes) = (0, 0L, 0L);
            var rows = new List<FigureRow>();
            var lost = 0;
            foreach (var file in folder)
            {
                files++;
                var reader = new EvtxReader();
                for (var at = 0; ;)
                {
                    var result = reader.Read(new LogWindow(file.Bytes, at, file.Bytes.Length, at, true), record);
                    at += result.Consumed;
                    if (result.Diagnostic is { } diagnostic) rows.Add(new FigureRow(file.Name, Text($"{diagnostic.Code} at {diagnostic.Offset}"), diagnostic.Message));
                    if (result.Status == ReadStatus.NeedMore) break;
                    if (result.Status == ReadStatus.Skipped) lost++;
                    if (result.Status != ReadStatus.Event) continue;
                    records++;
                    recordBytes += record.Length;
                }
            }

            yield return Figure.AtMost(Text($"unreadable:{folder.Key}"), Text($"Records that could not be read, {folder.Key}"), Text($"{files} files, {recordBytes / 1e6:0.0} MB in {records} records"), Text($"{lost}"), lost, 0, "0, listed", rows);
        }
    }

    // In turns, so that whatever else the machine does meets all three alike. The log is one stream of chunks: a reader goes on from pass to pass.
    private (Pass Read, Pass Decode, Pass Match) Measure(byte[] log)
    {
        using var bar = ProgressBar.On(error, "evtx");
        var passes = new[] { Work.Read, Work.Decode, Work.Match }.Select(work => new Pass(work, rules.Set)).ToArray();
        var wanted = megabytes * 1_000_000L;
        foreach (var pass in passes)
            while (pass.Bytes < Math.Min(wanted, 60_000_000)) pass.Run(log);
        foreach (var pass in passes) pass.Reset();
        while (passes[^1].Bytes < wanted)
        {
            ct.ThrowIfCancellationRequested();
            foreach (var pass in passes) pass.Run(log);
            bar.Report((double)passes[^1].Bytes / wanted);
        }

        return (passes[0], passes[1], passes[2]);
    }

    /// <summary>One kind of work and what it took so far.</summary>
    private sealed class Pass(Work work, RuleSet set)
    {
        private readonly EvtxReader _reader = new();
        private readonly EventRecord _record = new(set.Fields);
        private readonly RuleMatcher _matcher = set.CreateMatcher();
        private long _allocated;

        public long Events { get; private set; }

        public long Bytes { get; private set; }

        /// <summary>CPU time of the process, whatever its threads did.</summary>
        public double Seconds { get; private set; }

        public double MegabytesPerSecond => Bytes / 1e6 / Seconds;

        public double AllocatedPerEvent => (double)_allocated / Events;

        public void Reset() => (Events, Bytes, Seconds, _allocated) = (0, 0, 0, 0);

        public void Run(byte[] log)
        {
            var started = Environment.CpuUsage.TotalTime;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            for (var at = 0; at < log.Length;)
            {
                var result = _reader.Read(new LogWindow(log, at, log.Length, at, true), _record);
                at += result.Consumed;
                if (result.Status != ReadStatus.Event) continue;
                Events++;
                Bytes += _record.Length;
                if (work == Work.Match) _matcher.Match(_record);
                else if (work == Work.Decode) Decode(_record);
            }

            _allocated += GC.GetAllocatedBytesForCurrentThread() - allocated;
            Seconds += (Environment.CpuUsage.TotalTime - started).TotalSeconds;
        }

        private static void Decode(EventRecord record)
        {
            for (var field = 0; field < record.Count; field++) record.Value(field);
        }
    }
}
