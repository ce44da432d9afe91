using System.Collections.Immutable;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// What a product's documents look like: by which fields they are recognized, what their fields are called in the Sigma
/// taxonomy, which log sources they belong to, when they happened. One instance per shape, without state.
/// </summary>
internal abstract class JsonShape
{
    /// <summary>Stable, dotted: <c>windows.evtx-dump</c>, <c>aws.cloudtrail</c>.</summary>
    public abstract string Id { get; }

    /// <summary>What a person calls it.</summary>
    public abstract string Title { get; }

    /// <summary>
    /// By which raw paths it is recognized: all those of one of the sets must be there, whatever their values.
    /// Shapes are asked in the order of <see cref="JsonShapes.All"/>.
    /// </summary>
    public abstract ImmutableArray<ImmutableArray<string>> Signs { get; }

    /// <summary>The raw paths whose fields <see cref="Complete"/> reads, in the order of the numbers it knows them by.</summary>
    public virtual ImmutableArray<string> Anchors { get; } = [];

    /// <summary>What becomes of a raw path. Asked once for every path.</summary>
    public virtual JsonName Name(string path) => JsonName.Kept;

    /// <summary>Further names for a raw path's value, in the Sigma taxonomy.</summary>
    public virtual ImmutableArray<string> Aliases(string path) => [];

    /// <summary>Says what the event is once all of its fields are there: class, time, what must be worked out.</summary>
    public abstract void Complete(in JsonDocumentView document);

    /// <summary>A set of signs: raw paths that must all be there.</summary>
    protected static ImmutableArray<string> AllOf(params ImmutableArray<string> paths) => paths;
}

/// <summary>What becomes of a raw path.</summary>
/// <param name="Treatment">What is done.</param>
/// <param name="Text">The new name of <see cref="NameTreatment.Renamed"/>.</param>
/// <param name="Skip">How many bytes of the name <see cref="NameTreatment.Shortened"/> drops.</param>
internal readonly record struct JsonName(NameTreatment Treatment, string Text, int Skip)
{
    /// <summary>The name stays, below the name of its container.</summary>
    public static JsonName Kept => default;

    /// <summary>A container that is passed over: what it holds belongs to its own container. A value keeps its name.</summary>
    public static JsonName Lifted { get; } = new(NameTreatment.Lifted, "", 0);

    /// <summary>Another name, at the root.</summary>
    public static JsonName Renamed(string name) => new(NameTreatment.Renamed, name, 0);

    /// <summary>A name without its first bytes, at the root: <c>winlog.event_data.Image</c> written as one name.</summary>
    public static JsonName Shortened(int skip) => new(NameTreatment.Shortened, "", skip);

    /// <summary>The own name, at the root.</summary>
    public static JsonName ToRoot { get; } = Shortened(0);
}

/// <summary>What is done with a name.</summary>
internal enum NameTreatment : byte
{
    /// <summary>It stays.</summary>
    Kept,

    /// <summary>Its container is passed over.</summary>
    Lifted,

    /// <summary>It gets another.</summary>
    Renamed,

    /// <summary>It loses its beginning.</summary>
    Shortened,
}
