using System.Buffers;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Web;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>A document that was read, as its shape sees it.</summary>
/// <param name="record">The event's fields.</param>
/// <param name="anchors">The index of the field of each anchor, -1 where it is missing.</param>
/// <param name="options">What the operator said about the source.</param>
/// <param name="http">The reader's own.</param>
internal readonly ref struct JsonDocumentView(EventRecord record, ReadOnlySpan<int> anchors, LogReaderOptions options, HttpFields http)
{
    private readonly ReadOnlySpan<int> _anchors = anchors;

    /// <summary>The event's fields.</summary>
    public EventRecord Record { get; } = record;

    /// <summary>What the operator said about the source.</summary>
    public LogReaderOptions Options { get; } = options;

    /// <summary>The first field of an anchor, or -1.</summary>
    public int Field(int anchor) => _anchors[anchor];

    /// <summary>Whether an anchor is there.</summary>
    public bool Has(int anchor) => _anchors[anchor] >= 0;

    /// <summary>The value of an anchor; empty when it is missing.</summary>
    public ReadOnlySpan<byte> Value(int anchor) => _anchors[anchor] < 0 ? default : Record.Value(_anchors[anchor]);

    /// <summary>The time in the first of so many anchors that holds one.</summary>
    public DateTimeOffset? Time(int anchor, int count = 1)
    {
        foreach (var field in _anchors.Slice(anchor, count))
        {
            if (field >= 0 && JsonTime.Parse(Record.Value(field), Options.UtcOffset) is { } time) return time;
        }

        return null;
    }

    /// <summary>Adds a worked-out text, if somebody reads it.</summary>
    public void Derive(string name, ReadOnlySpan<byte> value)
    {
        var slot = Record.Catalog.SlotOf(name);
        if (slot >= 0) Record.AddDerived(slot, FieldKind.String, value);
    }

    /// <summary>The elements of an anchor's array with blanks between them; the value itself when it is none.</summary>
    public ReadOnlySpan<byte> Join(int anchor)
    {
        var array = _anchors[anchor];
        if (array < 0) return default;
        if (Record.Kind(array) != FieldKind.Array) return Record.Value(array);
        var joined = new ArrayBufferWriter<byte>(256);
        for (var field = array + 1; field < Record.Count && Record.IsElementOf(field, array); field++)
        {
            if (joined.WrittenCount > 0) joined.Write(" "u8);
            joined.Write(Record.Value(field));
        }

        return joined.WrittenSpan;
    }

    /// <summary>A folder and a name as one path.</summary>
    public ReadOnlySpan<byte> JoinPath(int folder, int name)
    {
        var first = Value(folder);
        var second = Value(name);
        byte[] slash = first.EndsWith("/"u8) ? [] : [(byte)'/'];
        return (byte[])[.. first, .. slash, .. second];
    }

    /// <summary>Adds what follows from the target of a request: path, query, whole address.</summary>
    public void AddHttpTarget(int target, int host)
    {
        if (Has(target)) AddHttpTarget(Value(target), host);
    }

    /// <summary>Adds what follows from the target of a request: path, query, whole address.</summary>
    public void AddHttpTarget(ReadOnlySpan<byte> target, int host)
    {
        if (target.IsEmpty) return;
        var start = Record.Write(target);
        http.AddTarget(Record, target, start, Value(host));
    }

    /// <summary>Gives an anchor's value a further name.</summary>
    public void Alias(string name, int anchor)
    {
        var slot = Record.Catalog.SlotOf(name);
        if (slot >= 0 && Has(anchor)) Record.Alias(slot, _anchors[anchor]);
    }
}
