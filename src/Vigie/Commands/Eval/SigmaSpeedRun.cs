using System.Text.Json;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Json;
using Vigie.Engine.Sigma.Matching;

namespace Vigie.Commands.Eval;

/// <summary>One log, read and matched again and again by one thread with the same rules.</summary>
internal sealed class SigmaSpeedRun(byte[] log, RuleSet set)
{
    private readonly RuleMatcher _matcher = set.CreateMatcher();
    private readonly EventRecord _record = new(set.Fields);
    private readonly JsonReader _reader = new(new LogReaderOptions());
    private long _offset;

    /// <summary>Events of the last pass.</summary>
    public long Events { get; private set; }

    /// <summary>Matches of the last pass.</summary>
    public long Matches { get; private set; }

    /// <summary>Conditions that were evaluated in the last pass.</summary>
    public long Evaluated { get; private set; }

    /// <summary>What reading and matching allocated in the last pass for events that match nothing, in bytes, if that was asked for.</summary>
    public long Allocated { get; private set; }

    /// <summary>Reads, and unless told otherwise matches, the whole log once. Returns the processor's seconds.</summary>
    public double Pass(bool match = true, bool countAllocations = false)
    {
        (Events, Matches, Evaluated, Allocated) = (0, 0, 0, 0);
        var start = Seconds();
        for (var at = 0; at < log.Length;)
        {
            var before = countAllocations ? GC.GetAllocatedBytesForCurrentThread() : 0;
            var result = _reader.Read(new LogWindow(log, at, log.Length, _offset + at, false), _record);
            if (result.Status == ReadStatus.NeedMore) break;
            at += result.Consumed;
            if (result.Status != ReadStatus.Event) continue;
            Events++;
            var matches = match ? _matcher.Match(_record).Length : 0;
            if (matches == 0 && countAllocations) Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            Matches += matches;
            Evaluated += _matcher.Evaluated;
        }

        _offset += log.Length;
        return Seconds() - start;
    }

    /// <summary>Walks over the same bytes with <see cref="Utf8JsonReader"/>, token by token, doing nothing with them. Returns the processor's seconds.</summary>
    public double Walk()
    {
        var start = Seconds();
        var reader = new Utf8JsonReader(log, new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            // The walk is all there is to it.
        }

        return Seconds() - start;
    }

    // The processor's time, not the clock's: what other processes do at the same time is not measured.
    private static double Seconds() => Environment.CpuUsage.TotalTime.TotalSeconds;
}
