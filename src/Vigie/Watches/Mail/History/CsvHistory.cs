using System.Globalization;
using System.Text;

namespace Vigie.Watches.Mail.History;

/// <summary>
/// Reads who wrote to whom from CSV (RFC 4180, a record a line): a heading with <c>time</c>, <c>sender</c> and
/// <c>recipient</c>, and <c>status</c> where there is one, in any order. Times are ISO 8601; without a zone they are UTC.
/// </summary>
internal sealed class CsvHistory : IHistoryReader
{
    private static readonly string[] Wanted = ["time", "sender", "recipient", "status"];
    private int[]? _columns;

    /// <summary>What the first line lacks; null while it is good or not yet read.</summary>
    public string? Problem { get; private set; }

    public void Line(ReadOnlySpan<byte> line, ICollection<PastMessage> found)
    {
        if (line.IsEmpty || Problem is not null) return;
        var values = Split(Encoding.UTF8.GetString(line));
        if (_columns is null)
        {
            _columns = [.. Wanted.Select(name => values.FindIndex(value => value.Trim('\ufeff', ' ').Equals(name, StringComparison.OrdinalIgnoreCase)))];
            if (_columns.AsSpan(0, 3).Contains(-1)) Problem = $"the first line must name the columns time, sender and recipient; it is \"{string.Join(",", values.Take(10))}\"";
            return;
        }

        string? Column(int n) => _columns[n] >= 0 && _columns[n] < values.Count ? values[_columns[n]].Trim() : null;
        if (!DateTimeOffset.TryParse(Column(0), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return;
        if (Column(1) is not { } sender || Column(2) is not { Length: > 0 } recipient) return;
        found.Add(new PastMessage(time, sender, recipient) { Status = Column(3) is { Length: > 0 } status ? status.ToLowerInvariant() : null });
    }

    public void End(ICollection<PastMessage> found)
    {
    }

    private static List<string> Split(string line)
    {
        var values = new List<string>();
        var value = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted && c == '"' && i + 1 < line.Length && line[i + 1] == '"') value.Append(line[++i]);
            else if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                values.Add(value.ToString());
                value.Clear();
            }
            else
            {
                value.Append(c);
            }
        }

        values.Add(value.ToString());
        return values;
    }
}
