using System.Numerics;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>A rule or correlation as the source of events for correlations: which fields they read, and who they are.</summary>
internal sealed class CorrelationSource(string id, string title, bool isCorrelation)
{
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);

    public string Id { get; } = id;

    public string Title { get; } = title;

    public bool IsCorrelation { get; } = isCorrelation;

    /// <summary>The fields somebody reads, in the order of a row.</summary>
    public List<string> Fields { get; } = [];

    public List<(CorrelationPlan Plan, int Slot)> Consumers { get; } = [];

    public int IndexOf(string field)
    {
        if (_indexes.TryGetValue(field, out var index)) return index;
        _indexes.Add(field, Fields.Count);
        Fields.Add(field);
        return Fields.Count - 1;
    }
}

/// <summary>One rule of a correlation: where in its rows the correlation finds what it reads.</summary>
/// <param name="Source">The rule.</param>
/// <param name="Group">For each part of the group key the index in a row.</param>
/// <param name="Values">For each value field the index in a row.</param>
/// <param name="Supplied">For each field that outer correlations read the index in a row; -1 where the group key has it.</param>
internal sealed record CorrelationSlot(CorrelationSource Source, int[] Group, int[] Values, int[] Supplied);

/// <summary>A correlation, resolved: what the engine runs.</summary>
internal sealed class CorrelationPlan
{
    public required CorrelationRule Rule { get; init; }

    /// <summary>Its place: whatever it reads stands before it.</summary>
    public required int Order { get; init; }

    /// <summary>What it is to outer correlations.</summary>
    public required CorrelationSource AsSource { get; init; }

    public required CorrelationSlot[] Slots { get; init; }

    /// <summary>For each field of <see cref="AsSource"/> the part of the group key that has it, or -1.</summary>
    public required int[] SuppliedGroup { get; init; }

    public required SlotExpression? Expression { get; init; }

    public long Ticks => Rule.Timespan.Ticks;

    /// <summary>Whether something beyond the group key must be kept of each event for outer correlations.</summary>
    public bool Carries => SuppliedGroup.Contains(-1);

    /// <summary>Whether only the whole order counts, so that only beginnings of it need to be kept.</summary>
    public bool IsWholeOrder => Expression is null && Rule.Bounds.Length == 0;

    /// <summary>Whether a count or value fulfils the condition.</summary>
    public bool Holds(decimal value)
    {
        foreach (var bound in Rule.Bounds)
        {
            if (!bound.Holds(value)) return false;
        }

        return true;
    }

    /// <summary>Whether a temporal condition holds. See <see cref="SlotExpression.Holds(ulong, ulong)"/>.</summary>
    public bool Holds(ulong matched, ulong present)
    {
        if (Expression is not null) return Expression.Holds(matched, present);
        var count = BitOperations.PopCount(matched);
        return Rule.Bounds.Length == 0 ? count == Slots.Length : Holds(count);
    }
}
