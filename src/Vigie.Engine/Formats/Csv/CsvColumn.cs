using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Csv;

/// <summary>A column: the header's name, and the Sigma name where it differs.</summary>
internal sealed class CsvColumn(string name, string? alias)
{
    private static readonly HashSet<string> TimeNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "time", "timestamp", "@timestamp", "_time", "datetime", "date and time", "date-time", "timecreated", "utctime", "eventtime", "event time", "creationdate",
        "createddatetime", "timegenerated", "activitydatetime", "activity date", "published", "ts", "date", "date (utc)", "log time", "generated time", "receive time",
    };

    private readonly EventField _name = new(name);
    private readonly EventField? _alias = alias is null || alias == name ? null : new EventField(alias);

    /// <summary>Whether the column says when it happened.</summary>
    public bool IsTime { get; } = TimeNames.Contains(name);

    /// <summary>Adds a value.</summary>
    public void Add(EventRecord record, int start, int length)
    {
        var field = _name.Add(record, start, length);
        _alias?.Alias(record, field);
    }
}
