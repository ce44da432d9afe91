namespace Vigie.Engine.Events;

/// <summary>
/// The view of an observation that the generic engines read, whatever watch it comes from.
/// It borrows the observation: it lives on the stack and is valid only while the observation is.
/// </summary>
public readonly ref struct Event
{
    private readonly IFieldSource _fields;

    /// <summary>Makes a view over <paramref name="fields"/>.</summary>
    /// <param name="time">When it happened, UTC.</param>
    /// <param name="source">What kind of log it comes from.</param>
    /// <param name="partition">What keeps its order: a host, a mailbox; two events with the same key are never reordered.</param>
    /// <param name="fields">The named values.</param>
    public Event(DateTimeOffset time, LogSource source, string partition, IFieldSource fields)
    {
        Time = time;
        Source = source;
        Partition = partition;
        _fields = fields;
    }

    /// <summary>When it happened, UTC.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>What kind of log it comes from.</summary>
    public LogSource Source { get; }

    /// <summary>What keeps its order.</summary>
    public string Partition { get; }

    /// <summary>The value of a field, if the event has it.</summary>
    public bool TryGet(string field, out ReadOnlySpan<char> value) => _fields.TryGet(field, out value);

    /// <summary>A copy that may outlive the observation, for evidence.</summary>
    public CapturedEvent Capture()
    {
        var copy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in _fields.Names)
        {
            if (_fields.TryGet(name, out var value)) copy[name] = value.ToString();
        }

        return new CapturedEvent(Time, Source, Partition, copy);
    }
}

/// <summary>Gives an <see cref="Event"/> its fields; each watch's observation implements it.</summary>
public interface IFieldSource
{
    /// <summary>The names present, in the observation's own order.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>The value of <paramref name="field"/>; the span is valid as long as the observation is.</summary>
    bool TryGet(string field, out ReadOnlySpan<char> value);
}

/// <summary>An event copied out of its observation.</summary>
/// <param name="Time">When it happened, UTC.</param>
/// <param name="Source">What kind of log it comes from.</param>
/// <param name="Partition">What keeps its order.</param>
/// <param name="Fields">Its named values.</param>
public sealed record CapturedEvent(
    DateTimeOffset Time,
    LogSource Source,
    string Partition,
    IReadOnlyDictionary<string, string> Fields);
