using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>A match of a rule, or of a correlation others are built on.</summary>
/// <param name="Ticks">When, UTC.</param>
/// <param name="Source">What matched.</param>
/// <param name="Identity">Which event, or which correlation match.</param>
/// <param name="Rows">The values of the source's fields; several rows where fields have several values.</param>
/// <param name="Parts">Of a correlation match the events it came from; else empty.</param>
internal sealed record Occurrence(long Ticks, CorrelationSource Source, string Identity, string?[][] Rows, ImmutableArray<CorrelatedEvent> Parts);

/// <summary>The order in which matches are judged: time, then what does not depend on how they arrived. Equal are only repetitions.</summary>
internal sealed class OccurrenceOrder : IComparer<Occurrence>
{
    public static readonly OccurrenceOrder Instance = new();

    public int Compare(Occurrence? x, Occurrence? y)
    {
        if (x is null || y is null) return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        var order = x.Ticks.CompareTo(y.Ticks);
        if (order == 0) order = string.CompareOrdinal(x.Identity, y.Identity);
        return order == 0 ? string.CompareOrdinal(x.Source.Id, y.Source.Id) : order;
    }
}

/// <summary>When the window of a group ends; among equals inner correlations first.</summary>
internal readonly record struct GroupEnd(long Ticks, int Order, string Key) : IComparable<GroupEnd>
{
    public int CompareTo(GroupEnd other)
    {
        var order = Ticks.CompareTo(other.Ticks);
        if (order == 0) order = Order.CompareTo(other.Order);
        return order == 0 ? string.CompareOrdinal(Key, other.Key) : order;
    }
}
