namespace Vigie.Engine.Events;

/// <summary>
/// An event set aside cheaply while the next ones are read: the table of its fields is copied, the bytes they lie in are not.
/// It can be read as long as the buffer it was read from holds them. One object serves event after event.
/// Not safe for use by several threads.
/// </summary>
public sealed class EventCopy
{
    private EventRecord? _record;

    /// <summary>Sets an event aside in place of the one before.</summary>
    public void Take(EventRecord record) => _record = record.CopyTo(_record);

    /// <summary>The event, as <see cref="EventRecord.Capture"/> gives it; null when none was taken.</summary>
    public CapturedEvent? Capture(int maxValueBytes = int.MaxValue) => _record?.Capture(maxValueBytes);
}
