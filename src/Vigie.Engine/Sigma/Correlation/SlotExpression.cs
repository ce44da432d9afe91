using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>A <see cref="TemporalExpression"/> with its names resolved to the places of the correlation's rules, as bits.</summary>
internal abstract record SlotExpression
{
    private SlotExpression()
    {
    }

    /// <summary>Whether it holds.</summary>
    /// <param name="matched">The rules that count as matched where a match is asked for: in order, if order is asked for.</param>
    /// <param name="present">The rules that matched at all: what must be absent must not be among these, whatever its place.</param>
    public bool Holds(ulong matched, ulong present) => Holds(matched, present, positive: true);

    private bool Holds(ulong matched, ulong present, bool positive) => this switch
    {
        And and => and.Terms.All(t => t.Holds(matched, present, positive)),
        Or or => or.Terms.Any(t => t.Holds(matched, present, positive)),
        Not not => !not.Inner.Holds(matched, present, !positive),
        Any any => ((positive ? matched : present) & any.Slots) != 0,
        All all => ((positive ? matched : present) & all.Slots) == all.Slots,
        _ => false,
    };

    public sealed record And(ImmutableArray<SlotExpression> Terms) : SlotExpression;

    public sealed record Or(ImmutableArray<SlotExpression> Terms) : SlotExpression;

    public sealed record Not(SlotExpression Inner) : SlotExpression;

    public sealed record Any(ulong Slots) : SlotExpression;

    public sealed record All(ulong Slots) : SlotExpression;
}
