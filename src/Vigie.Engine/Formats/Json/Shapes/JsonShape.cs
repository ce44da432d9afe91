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

    /// <summary>The field's name for the name in a <see cref="NameTreatment.PairName"/>.</summary>
    public virtual string FieldOfPair(string name) => name;

    /// <summary>Says what the event is once all of its fields are there: class, time, what must be worked out.</summary>
    public abstract void Complete(in JsonDocumentView document);

    /// <summary>A set of signs: raw paths that must all be there.</summary>
    protected static ImmutableArray<string> AllOf(params ImmutableArray<string> paths) => paths;
}

/// <summary>What becomes of a raw path.</summary>
/// <param name="Treatment">What is done.</param>
/// <param name="Text">The new name of <see cref="NameTreatment.Renamed"/>.</param>
/// <param name="Prefix">How many characters of the path <see cref="NameTreatment.Stripped"/> drops.</param>
internal readonly record struct JsonName(NameTreatment Treatment, string Text, int Prefix)
{
    /// <summary>The name stays, below the name of its container.</summary>
    public static JsonName Kept => default;

    /// <summary>A container that is passed over: what it holds belongs to its own container. A value keeps its name.</summary>
    public static JsonName Lifted { get; } = new(NameTreatment.Lifted, "", 0);

    /// <summary>No field.</summary>
    public static JsonName Dropped { get; } = new(NameTreatment.Dropped, "", 0);

    /// <summary>The name in a pair of name and value, such as <c>{"name":"NEW_VALUE","value":"true"}</c>, that is itself a field.</summary>
    public static JsonName PairName { get; } = new(NameTreatment.PairName, "", 0);

    /// <summary>The value of such a pair.</summary>
    public static JsonName PairValue { get; } = new(NameTreatment.PairValue, "", 0);

    /// <summary>The value of such a pair, which also is a field of its own.</summary>
    public static JsonName PairValueAs(string name) => new(NameTreatment.PairValue, name, 0);

    /// <summary>Another name, at the root.</summary>
    public static JsonName Renamed(string name) => new(NameTreatment.Renamed, name, 0);

    /// <summary>The path without its beginning, whether that is written as one name or as containers: <c>winlog.event_data.Image</c>.</summary>
    public static JsonName Without(string prefix) => new(NameTreatment.Stripped, "", prefix.Length);
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

    /// <summary>Its path loses its beginning.</summary>
    Stripped,

    /// <summary>It gives no field.</summary>
    Dropped,

    /// <summary>Its value is the name of a field.</summary>
    PairName,

    /// <summary>Its value is that of the field that its neighbor names.</summary>
    PairValue,
}
