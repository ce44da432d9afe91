using System.Collections.Frozen;

namespace Vigie.Engine.Lookalikes;

/// <summary>The root zone's top-level domains, as of the date in <c>Lookalikes/Data/top-level-domains.txt</c>.</summary>
internal static class TopLevelDomains
{
    private static readonly FrozenSet<string> Names = EmbeddedTable.Lines("top-level-domains.txt").SelectMany(line => line.Split(' ')).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>All of them, in ordinal order, A-labels.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names.Order(StringComparer.Ordinal)];

    /// <summary>Whether mail for this top-level domain can exist at all.</summary>
    public static bool Contains(ReadOnlySpan<char> name) => Lookup.Contains(name);
}
