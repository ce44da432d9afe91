namespace Vigie.Engine.Formats.Windows;

/// <summary>Which part of the event's XML an element is in: it decides what its fields are called.</summary>
internal enum EventSection : byte
{
    /// <summary>Outside of <c>Event</c>.</summary>
    Document,

    /// <summary>In <c>Event</c>.</summary>
    Event,

    /// <summary>In <c>System</c>.</summary>
    System,

    /// <summary>In <c>EventData</c>.</summary>
    EventData,

    /// <summary>In <c>UserData</c>, <c>DebugData</c>, <c>ProcessingErrorData</c>: elements of the provider's own.</summary>
    UserData,

    /// <summary>In <c>RenderingInfo</c>, which forwarded events carry.</summary>
    Rendering,
}

/// <summary>An element of an event's XML, and what its text and its attributes are called as fields. The same for binary and for written XML.</summary>
internal struct EventElement
{
    public EventElement(int name, EventSection outer)
    {
        Name = name;
        NamedBy = -1;
        _isContainer = outer is EventSection.Document or EventSection.Event;
        Inner = (outer, name) switch
        {
            (EventSection.Document, EventNames.Event) => EventSection.Event,
            (EventSection.Document or EventSection.Event, EventNames.System) => EventSection.System,
            (EventSection.Document or EventSection.Event, EventNames.EventData) => EventSection.EventData,
            (EventSection.Document or EventSection.Event, EventNames.RenderingInfo) => EventSection.Rendering,
            (EventSection.Document or EventSection.Event, _) => EventSection.UserData,
            _ => outer,
        };
    }

    private readonly bool _isContainer;

    /// <summary>Its number in <see cref="EventNames"/>.</summary>
    public int Name;

    /// <summary>The section its attributes and children are in.</summary>
    public EventSection Inner;

    /// <summary>A name from its attribute <c>Name</c>, or <see cref="EventNames.None"/>.</summary>
    public int Field;

    /// <summary>The substitution value that names it, or -1.</summary>
    public int NamedBy;

    public bool HasChildren;
    public bool HasAttributes;

    /// <summary>Whether it has text of its own rather than being there for what it contains.</summary>
    public readonly bool IsLeaf => !HasChildren && !_isContainer;

    /// <summary>Whether its attribute <c>Name</c> is the name of its field.</summary>
    public readonly bool TakesName => Name is EventNames.Data && Inner is EventSection.EventData or EventSection.UserData;

    /// <summary>Whether an attribute is the event's time.</summary>
    public readonly bool IsTime(int attribute) => Inner == EventSection.System && Name == EventNames.TimeCreated && attribute == EventNames.SystemTime;

    /// <summary>The field of an attribute.</summary>
    public readonly int AttributeField(EventNames names, int attribute) => IsTime(attribute) ? EventNames.TimeCreated : names.Of(Name, "_", attribute);

    /// <summary>The field of its text. What a collector rendered does not hide what the source wrote.</summary>
    public readonly int FieldName(EventNames names)
    {
        if (Field != EventNames.None) return Field;
        return Inner == EventSection.Rendering && Name != EventNames.Message ? names.Of(EventNames.RenderingInfo, "_", Name) : Name;
    }
}
