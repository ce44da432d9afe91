using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>An event in a group's memory.</summary>
/// <param name="Ticks">When, UTC; of joined events the last.</param>
/// <param name="Since">When; of joined events the first.</param>
/// <param name="Slot">Which of the correlation's rules it matched.</param>
/// <param name="Identity">Its identity.</param>
/// <param name="Amount">What it adds: 1 where events are counted; for joined events their sum.</param>
/// <param name="Events">How many events it stands for; more than one after joining.</param>
/// <param name="Value">The value that is counted, as the event has it; else null.</param>
/// <param name="Parts">Of a match of a correlation the events it came from; else empty.</param>
/// <param name="Supplied">What outer correlations read of it; null where the group key says it all.</param>
internal sealed record Member(
    long Ticks, long Since, int Slot, string Identity, decimal Amount, long Events, string? Value, ImmutableArray<CorrelatedEvent> Parts, string?[]? Supplied)
{
    /// <summary>Both together, at the time of the later and under the name of the earlier.</summary>
    public Member Joined(Member later) => this with { Ticks = later.Ticks, Amount = Saturating(Amount, later.Amount), Events = Events + later.Events };

    /// <summary>Sums stay at the end of the range of decimals instead of leaving it.</summary>
    public static decimal Saturating(decimal left, decimal right)
    {
        const decimal Room = decimal.MaxValue / 2;
        return Math.Clamp(left, -Room, Room) + Math.Clamp(right, -Room, Room);
    }
}

/// <summary>What made a correlation true.</summary>
/// <param name="Ticks">When it came true.</param>
/// <param name="Anchor">What its identity is made of, beside correlation and group.</param>
/// <param name="Members">The events that count, in order of time, as far as they are remembered.</param>
/// <param name="First">The time of the first event that counts.</param>
/// <param name="Last">The time of the last event that counts.</param>
/// <param name="Count">How many events count.</param>
/// <param name="Value">What the condition judged.</param>
/// <param name="Values">See <see cref="CorrelationMatch.Values"/>.</param>
internal sealed record Firing(
    long Ticks, string Anchor, IReadOnlyList<Member> Members, long First, long Last, long Count, decimal Value, IReadOnlyList<string> Values)
{
    public static string AnchorOf(Member first) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{first.Since}|{first.Identity}");

    public static Firing Of(long ticks, IReadOnlyList<Member> members, decimal value, IReadOnlyList<string> values) =>
        new(ticks, AnchorOf(members[0]), members, members[0].Since, members[^1].Ticks, members.Sum(m => m.Events), value, values);
}
