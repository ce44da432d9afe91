using System.Numerics;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>What happened within a window, as far as the correlation's type asks.</summary>
internal sealed class WindowContents(CorrelationPlan plan)
{
    // There are many groups: each has only what its type needs.
    private readonly List<Member> _first = new(1);
    private readonly Queue<Member> _last = new();
    private readonly Dictionary<string, Counted> _values = CountsValues(plan.Rule) ? new(StringComparer.Ordinal) : NoValues;
    private readonly Dictionary<string, Member> _supplied = plan.Carries ? new(StringComparer.Ordinal) : NoneSupplied;
    private readonly Member?[] _bySlot = plan.Rule.Type is CorrelationType.Temporal or CorrelationType.TemporalOrdered ? new Member?[plan.Slots.Length] : [];
    private readonly OrderedChains? _chains = plan.Rule.Type == CorrelationType.TemporalOrdered ? new(plan) : null;
    private readonly NumberSample? _numbers = plan.Rule is { Type: CorrelationType.ValuePercentile, Percentile: not null } ? new() : null;
    private decimal _amount;

    // Never added to.
    private static Dictionary<string, Counted> NoValues { get; } = [];

    private static Dictionary<string, Member> NoneSupplied { get; } = [];

    public long Events { get; private set; }

    public long LastTicks { get; private set; }

    public Member First => _first[0];

    public int Size => _first.Count + _last.Count + _values.Count + _supplied.Count + (_chains?.Size ?? 0) + (_numbers?.Count ?? 0);


    public void Clear()
    {
        _first.Clear();
        _last.Clear();
        _values.Clear();
        _supplied.Clear();
        Array.Clear(_bySlot);
        _chains?.Clear();
        _numbers?.Clear();
        _amount = 0;
        Events = 0;
        LastTicks = 0;
    }

    public void Add(Member member, GroupBounds bounds)
    {
        Events++;
        LastTicks = member.Ticks;
        _amount = Member.Saturating(_amount, member.Amount);
        if (_first.Count < bounds.MaxContributors)
        {
            _first.Add(member);
        }
        else
        {
            _last.Enqueue(member);
            if (_last.Count > bounds.MaxContributors) _last.Dequeue();
        }

        if (member.Supplied is { } supplied) Keep(supplied, member, bounds);
        switch (plan.Rule.Type)
        {
            case CorrelationType.Temporal:
                _bySlot[member.Slot] ??= member;
                break;
            case CorrelationType.TemporalOrdered:
                _bySlot[member.Slot] ??= member;
                _chains!.Add(member, long.MinValue, bounds);
                break;
            case CorrelationType.ValuePercentile when _numbers is not null:
                bounds.Condensed += _numbers.Add(member, bounds.MaxPerGroup);
                break;
            default:
                if (CountsValues(plan.Rule)) Count(member, bounds);
                break;
        }
    }

    public Verdict? Judge(GroupBounds bounds) => plan.Rule.Type switch
    {
        CorrelationType.Temporal => JudgeRules(),
        CorrelationType.TemporalOrdered => JudgeOrder(),
        CorrelationType.ValueCount => Plan(_values.Count, [.. _values.Values.Select(v => v.First)], [.. _values.Values.Select(v => v.First.Value!)]),
        CorrelationType.ValueAverage => Plan(_amount / Events, Members(bounds), []),
        CorrelationType.ValuePercentile => plan.Rule.Percentile is { } percentile ? Plan(_numbers!.Percentile(percentile), Members(bounds), []) : JudgeShares(),
        _ => Plan(_amount, Members(bounds), []),
    };

    public void Save(StateWriter writer)
    {
        writer.Write(Events);
        writer.Write(LastTicks);
        writer.Write(_amount);
        writer.Write(_first);
        writer.Write([.. _last]);
        writer.Write([.. _supplied.Values]);
        writer.Write([.. _bySlot.OfType<Member>()]);
        writer.Write([.. _values.Values.Select(v => v.First)]);
        foreach (var value in _values.Values) writer.Write(value.Events);
        _chains?.Save(writer);
        _numbers?.Save(writer);
    }

    public void Load(StateReader reader)
    {
        Clear();
        Events = reader.ReadLong();
        LastTicks = reader.ReadLong();
        _amount = reader.ReadDecimal();
        _first.AddRange(reader.ReadMembers());
        foreach (var member in reader.ReadMembers()) _last.Enqueue(member);
        foreach (var member in reader.ReadMembers().Where(m => plan.Carries && m.Supplied is not null)) _supplied.TryAdd(RowKey.Of(member.Supplied!), member);
        foreach (var member in reader.ReadMembers().Where(m => m.Slot < _bySlot.Length)) _bySlot[member.Slot] = member;
        foreach (var member in reader.ReadMembers())
        {
            var events = reader.ReadLong();
            if (member.Value is not null && CountsValues(plan.Rule)) _values.TryAdd(ValueKey.Fold(member.Value), new Counted(member, events));
        }

        _chains?.Load(reader);
        _numbers?.Load(reader);
        if (_first.Count == 0 || Events < 1) throw new InvalidDataException("a window without an event");
    }

    private static bool CountsValues(CorrelationRule rule) => rule.Type is CorrelationType.ValueCount || rule is { Type: CorrelationType.ValuePercentile, Percentile: null };

    private Verdict? Plan(decimal value, List<Member> members, List<string> values) =>
        plan.Holds(value) ? new Verdict(value, members, values, null) : null;

    private Verdict? JudgeRules()
    {
        var present = Present();
        if (!plan.Holds(present, present)) return null;
        return new Verdict(BitOperations.PopCount(present), [.. _bySlot.OfType<Member>().OrderBy(m => m.Ticks).ThenBy(m => m.Slot)], [], null);
    }

    private Verdict? JudgeOrder()
    {
        var present = Present();
        if (_chains!.Find(mask => plan.Holds(mask, present)) is { } chain) return new Verdict(chain.Count, chain, [], chain.Count);
        return plan.Holds(0, present) ? new Verdict(0, [First], [], null) : null;
    }

    // Values in order of their rarity; of equally rare ones the one seen first.
    private Verdict? JudgeShares()
    {
        var shares = _values.Values.Select(v => (Share: 100m * v.Events / Events, Value: v)).Where(s => plan.Holds(s.Share)).OrderBy(s => s.Share).ThenBy(s => s.Value.First.Ticks).ThenBy(s => s.Value.First.Identity, StringComparer.Ordinal).ToList();
        if (shares.Count == 0) return null;
        return new Verdict(shares[0].Share, [.. shares.Select(s => s.Value.First).OrderBy(m => m.Ticks).ThenBy(m => m.Identity, StringComparer.Ordinal)], [.. shares.Select(s => s.Value.First.Value!)], shares.Sum(s => s.Value.Events));
    }

    private ulong Present()
    {
        var present = 0UL;
        for (var slot = 0; slot < _bySlot.Length; slot++) present |= _bySlot[slot] is null ? 0 : 1UL << slot;
        return present;
    }

    private List<Member> Members(GroupBounds bounds)
    {
        if (_supplied.Count == 0) return [.. _first, .. _last];
        return [.. _first.Concat(_supplied.Values).Concat(_last).Distinct().OrderBy(m => m.Ticks).ThenBy(m => m.Identity, StringComparer.Ordinal)];
    }

    private void Keep(string?[] supplied, Member member, GroupBounds bounds)
    {
        var key = RowKey.Of(supplied);
        if (_supplied.ContainsKey(key)) return;
        if (_supplied.Count < bounds.MaxRows) _supplied.Add(key, member);
        else bounds.Condensed++;
    }

    private void Count(Member member, GroupBounds bounds)
    {
        var key = ValueKey.Fold(member.Value!);
        if (_values.TryGetValue(key, out var known)) _values[key] = known with { Events = known.Events + 1 };
        else if (_values.Count < bounds.MaxPerGroup) _values.Add(key, new Counted(member, 1));
        else bounds.Condensed++;
    }

    private readonly record struct Counted(Member First, long Events);

    /// <summary>A window that fulfils the condition.</summary>
    /// <param name="Value">What was judged.</param>
    /// <param name="Members">The events that count, as far as they are remembered.</param>
    /// <param name="Values">The values that count.</param>
    /// <param name="Count">How many events count where it is not all of the window's; else null.</param>
    public sealed record Verdict(decimal Value, IReadOnlyList<Member> Members, IReadOnlyList<string> Values, long? Count);
}
