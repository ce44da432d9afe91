using System.Globalization;
using System.Text;

namespace Vigie.Commands.Logs;

/// <summary>
/// Findings as lines for people, in the order in which the events happened, whatever files they came from; events
/// without a time come last. Memory is bounded: sorted runs go to temporary files and are merged at the end.
/// </summary>
internal sealed class TimelineHits(TextWriter output, string language, int linesInMemory = 100_000) : IHitWriter, IDisposable
{
    private readonly List<Line> _lines = [];
    private readonly List<string> _runs = [];
    private long _order;

    /// <inheritdoc/>
    public void Write(LogHit hit)
    {
        _lines.Add(new Line(hit.Time?.UtcTicks ?? long.MaxValue, _order++, TextOf(hit, language)));
        if (_lines.Count >= linesInMemory) Spill();
    }

    /// <inheritdoc/>
    public void End(ScanSummary summary)
    {
        _lines.Sort();
        var queue = new PriorityQueue<IEnumerator<Line>, Line>();
        try
        {
            foreach (var run in _runs.Select(ReadRun).Append(_lines))
            {
                var lines = run.GetEnumerator();
                if (lines.MoveNext()) queue.Enqueue(lines, lines.Current);
                else lines.Dispose();
            }

            while (queue.TryDequeue(out var lines, out var line))
            {
                output.Write(line.Text);
                output.Write('\n');
                if (lines.MoveNext()) queue.Enqueue(lines, lines.Current);
                else lines.Dispose();
            }
        }
        finally
        {
            foreach (var (lines, _) in queue.UnorderedItems) lines.Dispose();
            Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var run in _runs) File.Delete(run);
        _runs.Clear();
    }

    /// <summary>One line for somebody who speaks <paramref name="language"/>: time, level, host, title, and the values that made it true.</summary>
    internal static string TextOf(LogHit hit, string language)
    {
        var text = new StringBuilder();
        text.Append(hit.Time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? "-".PadRight(24));
        text.Append("  ").Append(LogHit.NameOf(hit.Level).PadRight(13)).Append("  ").Append(TerminalText.Plain(hit.Host ?? "-", 40).PadRight(16));
        text.Append("  ").Append(TerminalText.Plain(hit.Titles.In(language), 120));
        foreach (var (name, value) in hit.Matched.Take(6)) text.Append("  ").Append(TerminalText.Plain(name, 60)).Append('=').Append(TerminalText.Plain(value, 160));
        text.Append("  [").Append(TerminalText.Plain(hit.Place.File)).Append(hit.Place.Record is { } record ? " record " : " offset ").Append(hit.Place.Record is { } number ? TerminalText.Plain(number, 40) : hit.Place.Offset.ToString(CultureInfo.InvariantCulture)).Append(']');
        return text.ToString();
    }

    // A line of a run: time, order, text; the text has no line break (TerminalText made it plain).
    private void Spill()
    {
        _lines.Sort();
        var path = Path.GetTempFileName();
        _runs.Add(path);
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        foreach (var line in _lines) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.Time} {line.Order} {line.Text}"));
        _lines.Clear();
    }

    private static IEnumerable<Line> ReadRun(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            var first = line.IndexOf(' ', StringComparison.Ordinal);
            var second = line.IndexOf(' ', first + 1);
            yield return new Line(
                long.Parse(line.AsSpan(0, first), CultureInfo.InvariantCulture),
                long.Parse(line.AsSpan(first + 1, second - first - 1), CultureInfo.InvariantCulture),
                line[(second + 1)..]);
        }
    }

    private readonly record struct Line(long Time, long Order, string Text) : IComparable<Line>
    {
        public int CompareTo(Line other) => Time != other.Time ? Time.CompareTo(other.Time) : Order.CompareTo(other.Order);
    }
}
