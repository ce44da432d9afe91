using System.Collections.Immutable;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Windows events whose XML was turned into JSON element by element: <c>evtx_dump -o json</c> (attributes below
/// <c>#attributes</c> or, separated, beside in <c>…_attributes</c>) and general converters (attributes as <c>@Name</c>).
/// Fields get the names they have when the event log itself is read.
/// Sources: Microsoft, "Event Schema"; the README of omerbenamram/evtx.
/// </summary>
internal sealed class WindowsXmlShape : JsonShape
{
    /// <inheritdoc/>
    public override string Id => "windows.xml";

    /// <inheritdoc/>
    public override string Title => "Windows events, XML as JSON (evtx_dump)";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("Event.System.EventID", "Event.System.Channel"), AllOf("Event.System.EventID", "Event.System.Provider")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
    [
        "Event.System.TimeCreated.#attributes.SystemTime", "Event.System.TimeCreated_attributes.SystemTime",
        "Event.System.TimeCreated.@SystemTime", "Event.System.TimeCreated.SystemTime", "Event.System.TimeCreated",
    ];

    /// <inheritdoc/>
    public override JsonName Name(string path)
    {
        if (path == "Event") return JsonName.Lifted;
        if (!path.StartsWith("Event.", StringComparison.Ordinal)) return JsonName.Kept;
        var parts = path.Split('.');
        var own = parts[^1];
        if (own is "xmlns" or "@xmlns") return JsonName.Dropped;
        // The text of an element that has attributes too.
        if (path == "Event.EventData.Data.#text") return JsonName.PairValueAs("Data");
        if (own == "#text") return JsonName.Renamed(parts[^2]);
        if (path == "Event.EventData.Data.@Name") return JsonName.PairName;
        if (parts[1] == "System" && parts.Length > 3 && !own.StartsWith('#')) return JsonName.Renamed(AttributeName(parts[2], own));
        return JsonName.Lifted;
    }

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        WindowsEvents.Classify(document.Record);
        document.Record.Time = document.Time(0, Anchors.Length);
    }

    private static string AttributeName(string element, string attribute)
    {
        if (element.EndsWith("_attributes", StringComparison.Ordinal)) element = element[..^"_attributes".Length];
        attribute = attribute.TrimStart('@');
        return element == "TimeCreated" ? element : $"{element}_{attribute}";
    }
}
