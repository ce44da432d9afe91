namespace Vigie.Engine.Sigma.Correlation;

/// <summary>What a correlation remembers of one group. Events come in order of time; those of one time in any order.</summary>
internal abstract class GroupState(CorrelationPlan plan, string key, string[] values)
{
    public CorrelationPlan Plan { get; } = plan;

    /// <summary>The group's values, folded and joined: unique within the correlation.</summary>
    public string Key { get; } = key;

    /// <summary>The group's values as its first event has them.</summary>
    public string[] Values { get; } = values;

    /// <summary>The last moment at which an event can still meet what is remembered.</summary>
    public long Deadline { get; protected set; } = long.MinValue;

    /// <summary>When it is looked at again: not later than needed, and not before this.</summary>
    public long LookedAt { get; set; }

    /// <summary>How many events and values are remembered.</summary>
    public abstract int Size { get; }

    /// <summary>Whether it was forgotten before its time.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Takes an event in.</summary>
    /// <returns>The match when the correlation comes true with it, else null.</returns>
    public abstract Firing? Add(Member member, GroupBounds bounds);

    /// <summary>Says what the complete window comes to, once no further event can be within it.</summary>
    public virtual Firing? Close(GroupBounds bounds) => null;

    public abstract void Save(StateWriter writer);

    public abstract void Load(StateReader reader);

    public static GroupState Of(CorrelationPlan plan, string key, string[] values) => plan.Rule switch
    {
        { Window: WindowKind.Tumbling } or { IsImmediate: false } => new WindowState(plan, key, values),
        { Type: CorrelationType.ValueCount } => new SlidingValues(plan, key, values),
        { Type: CorrelationType.Temporal } => new SlidingRules(plan, key, values),
        { Type: CorrelationType.TemporalOrdered } => new SlidingOrder(plan, key, values),
        _ => new SlidingAmount(plan, key, values),
    };
}

/// <summary>The bounds of a group, and what they made it leave out.</summary>
internal sealed class GroupBounds(int maxPerGroup, int maxContributors, int maxRows)
{
    public int MaxPerGroup { get; } = maxPerGroup;

    public int MaxContributors { get; } = maxContributors;

    public int MaxRows { get; } = maxRows;

    public long Condensed { get; set; }
}
