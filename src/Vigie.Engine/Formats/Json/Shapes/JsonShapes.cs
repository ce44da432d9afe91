using System.Collections.Immutable;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>All shapes, and which of them a document has.</summary>
internal static class JsonShapes
{
    /// <summary>Every shape, the particular ones before the general; a new one is added here.</summary>
    public static ImmutableArray<JsonShape> All { get; } =
    [
        new GenericJson(),
    ];

    /// <summary>The shape that fits everything.</summary>
    public static JsonShape Last => All[^1];

    // After All: static members are set in the order in which they stand.
    private static readonly Dictionary<string, UInt128> Bits = NumberSigns();
    private static readonly ImmutableArray<(JsonShape Shape, UInt128 Signs)> Rules =
        [.. All.SelectMany(shape => shape.Signs.Select(signs => (shape, signs.Aggregate(UInt128.Zero, (all, path) => all | Bits[path]))))];

    /// <summary>What the presence of a raw path says; zero for almost every one.</summary>
    public static UInt128 SignOf(string rawPath) => Bits.GetValueOrDefault(rawPath);

    /// <summary>The first shape whose signs are all there, at worst <see cref="Last"/>.</summary>
    public static JsonShape Recognize(UInt128 signs)
    {
        foreach (var (shape, wanted) in Rules)
        {
            if ((signs & wanted) == wanted) return shape;
        }

        return Last;
    }

    private static Dictionary<string, UInt128> NumberSigns()
    {
        var bits = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        foreach (var path in All.SelectMany(s => s.Signs).SelectMany(s => s))
        {
            if (!bits.ContainsKey(path)) bits.Add(path, UInt128.One << bits.Count);
        }

        return bits.Count <= 128 ? bits : throw new InvalidOperationException("more than 128 signs");
    }
}
