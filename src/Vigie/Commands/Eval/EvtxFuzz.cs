using System.Diagnostics;
using System.Globalization;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Evtx;

namespace Vigie.Commands.Eval;

/// <summary>
/// Reads damaged event logs, each case a file of the corpus damaged by a seed of its own, so that any case can be read
/// again alone. Failures are: an exception, a reader that makes no progress, more events than bytes allow, a case that takes
/// longer than <see cref="Longest"/>.
/// </summary>
internal sealed class EvtxFuzz(EvtxCorpus corpus, int seed)
{
    /// <summary>The time a case may take; a whole file takes a thousandth of it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    // Larger files are cut to some of their chunks: many small cases find more than few large ones.
    private const int MostBytes = 140_000;
    private const int SmallestRecord = 28;

    private readonly EventRecord _record = new(new FieldCatalog(EventFields.Always));

    public EvtxFuzzReport Run(long first, long cases, IProgress<double> progress, CancellationToken ct)
    {
        var report = new EvtxFuzzReport(seed, first);
        var clock = Stopwatch.StartNew();
        for (var number = first; number < first + cases; number++)
        {
            ct.ThrowIfCancellationRequested();
            Case(number, report);
            if (report.Cases % 1024 == 0) progress.Report((double)report.Cases / cases);
        }

        report.Time = clock.Elapsed;
        return report;
    }

    private void Case(long number, EvtxFuzzReport report)
    {
        var random = new Random(HashCode(seed, number));
        var content = EvtxDamage.Of(Cut(corpus.Files[random.Next(corpus.Files.Count)].Bytes, random), random);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            Read(content, report);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            report.Failures.Add($"case {number}: {e.GetType().Name}: {e.Message}");
        }

        var taken = Stopwatch.GetElapsedTime(begun);
        report.Cases++;
        report.Bytes += content.Length;
        if (taken > report.Slowest) (report.Slowest, report.SlowestCase) = (taken, number);
        if (taken > Longest) report.Failures.Add(string.Create(CultureInfo.InvariantCulture, $"case {number}: took {taken.TotalSeconds:0.0} s"));
    }

    private void Read(byte[] content, EvtxFuzzReport report)
    {
        var reader = new EvtxReader();
        var (at, events, idle) = (0, 0L, 0L);
        while (true)
        {
            var result = reader.Read(new LogWindow(content, at, content.Length, at, true), _record);
            if (result.Diagnostic is { } diagnostic) report.Note(diagnostic.Code);
            if (result.Consumed < 0 || result.Consumed > content.Length - at) throw new InvalidOperationException("consumed what is not there");
            at += result.Consumed;
            if (result.Status == ReadStatus.NeedMore) break;
            idle = result.Consumed > 0 ? 0 : idle + 1;
            if (idle > content.Length) throw new InvalidOperationException("no progress");
            if (result.Status != ReadStatus.Event) continue;
            events++;
            for (var field = 0; field < _record.Count; field++) report.ValueBytes += _record.Value(field).Length;
        }

        if (at != content.Length) throw new InvalidOperationException("stopped before the end");
        if (events > content.Length / SmallestRecord) throw new InvalidOperationException("more events than bytes");
        report.Events += events;
    }

    private static byte[] Cut(byte[] file, Random random)
    {
        const int HeaderSize = 4096;
        const int ChunkSize = 65_536;
        if (file.Length <= MostBytes) return file;
        var chunk = HeaderSize + (random.Next((file.Length - HeaderSize) / ChunkSize) * ChunkSize);
        return [.. file.AsSpan(0, HeaderSize), .. file.AsSpan(chunk, Math.Min(2 * ChunkSize, file.Length - chunk))];
    }

    // The same in every process, unlike System.HashCode.
    private static int HashCode(int seed, long number) => (int)(((ulong)number * 0x9E3779B97F4A7C15UL) >> 32) ^ (seed * 0x01000193);
}

/// <summary>What a run of <see cref="EvtxFuzz"/> came to.</summary>
internal sealed class EvtxFuzzReport(int seed, long first)
{
    private readonly SortedDictionary<string, long> _diagnostics = new(StringComparer.Ordinal);

    public long Cases { get; set; }

    public long Bytes { get; set; }

    public long ValueBytes { get; set; }

    public long Events { get; set; }

    public TimeSpan Time { get; set; }

    public TimeSpan Slowest { get; set; }

    public long SlowestCase { get; set; }

    public List<string> Failures { get; } = [];

    public void Note(string code) => _diagnostics[code] = _diagnostics.GetValueOrDefault(code) + 1;

    public async Task WriteAsync(TextWriter output)
    {
        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        await output.WriteLineAsync(Text($"cases        {Cases} (seed {seed}, from {first})"));
        await output.WriteLineAsync(Text($"bytes        {Bytes / 1e6:0} MB, values {ValueBytes / 1e6:0} MB"));
        await output.WriteLineAsync(Text($"events       {Events}"));
        foreach (var (code, count) in _diagnostics) await output.WriteLineAsync(Text($"  {code,-24} {count}"));
        await output.WriteLineAsync(Text($"slowest      {Slowest.TotalMilliseconds:0.0} ms (case {SlowestCase})"));
        await output.WriteLineAsync(Text($"time         {Time.TotalSeconds:0} s"));
        await output.WriteLineAsync(Text($"failures     {Failures.Count}"));
        foreach (var failure in Failures.Take(50)) await output.WriteLineAsync("  " + failure);
    }
}
