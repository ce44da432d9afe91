namespace Vigie.Engine.Sigma.Correlation;

/// <summary>
/// A group whose window may begin with any event and is judged with each. When it fires, the window that began with the first
/// event that counted is used up: events until its end belong to that match, and what follows starts from nothing.
/// Windows of one group therefore never overlap, and one group fires at most once a timespan.
/// </summary>
internal abstract class SlidingState(CorrelationPlan plan, string key, string[] values) : GroupState(plan, key, values)
{
    private long _usedUpTo = long.MinValue;

    public sealed override Firing? Add(Member member, GroupBounds bounds)
    {
        if (member.Ticks <= _usedUpTo) return null;
        Deadline = member.Ticks + Plan.Ticks;
        if (Judge(member, member.Ticks - Plan.Ticks, bounds) is not { } firing) return null;
        Forget();
        Deadline = _usedUpTo = firing.First + Plan.Ticks;
        return firing;
    }

    public sealed override void Save(StateWriter writer)
    {
        writer.Write(_usedUpTo);
        writer.Write(Deadline);
        SaveMemory(writer);
    }

    public sealed override void Load(StateReader reader)
    {
        _usedUpTo = reader.ReadLong();
        Deadline = reader.ReadLong();
        LoadMemory(reader);
    }

    /// <summary>Takes an event in and judges the window from <paramref name="earliest"/>, inclusive, to it.</summary>
    protected abstract Firing? Judge(Member member, long earliest, GroupBounds bounds);

    protected abstract void Forget();

    protected abstract void SaveMemory(StateWriter writer);

    protected abstract void LoadMemory(StateReader reader);
}

/// <summary>How many events there are, or what a field's numbers come to.</summary>
internal sealed class SlidingAmount(CorrelationPlan plan, string key, string[] values) : SlidingState(plan, key, values)
{
    private readonly MemberQueue _members = new();
    private decimal _amount;

    public override int Size => _members.Count;

    protected override Firing? Judge(Member member, long earliest, GroupBounds bounds)
    {
        while (_members.Count > 0 && _members.First.Ticks < earliest) _amount = Member.Saturating(_amount, -_members.TakeFirst().Amount);
        _members.Add(member);
        _amount = Member.Saturating(_amount, member.Amount);
        if (Plan.Holds(_amount)) return Firing.Of(member.Ticks, _members.ToList(), _amount, []);
        if (_members.Count > bounds.MaxPerGroup) bounds.Condensed += _members.JoinOlder();
        return null;
    }

    protected override void Forget()
    {
        _members.Clear();
        _amount = 0;
    }

    protected override void SaveMemory(StateWriter writer) => writer.Write(_members.ToList());

    protected override void LoadMemory(StateReader reader)
    {
        foreach (var member in reader.ReadMembers())
        {
            _members.Add(member);
            _amount = Member.Saturating(_amount, member.Amount);
        }
    }
}

/// <summary>How many different values there are: of each value its last event.</summary>
internal sealed class SlidingValues(CorrelationPlan plan, string key, string[] values) : SlidingState(plan, key, values)
{
    private readonly Dictionary<string, LinkedListNode<Member>> _byValue = new(StringComparer.Ordinal);
    private readonly LinkedList<Member> _byTime = new();

    public override int Size => _byTime.Count;

    protected override Firing? Judge(Member member, long earliest, GroupBounds bounds)
    {
        while (_byTime.First is { } oldest && oldest.Value.Ticks < earliest) Remove(oldest);
        if (_byValue.TryGetValue(ValueKey.Fold(member.Value!), out var known)) Remove(known);
        Insert(member);
        if (Plan.Holds(_byTime.Count)) return Firing.Of(member.Ticks, [.. _byTime], _byTime.Count, [.. _byTime.Select(m => m.Value!)]);
        if (_byTime.Count > bounds.MaxPerGroup)
        {
            Remove(_byTime.First!);
            bounds.Condensed++;
        }

        return null;
    }

    protected override void Forget()
    {
        _byValue.Clear();
        _byTime.Clear();
    }

    protected override void SaveMemory(StateWriter writer) => writer.Write([.. _byTime]);

    protected override void LoadMemory(StateReader reader)
    {
        foreach (var member in reader.ReadMembers().Where(m => m.Value is not null && !_byValue.ContainsKey(ValueKey.Fold(m.Value)))) Insert(member);
    }

    private void Insert(Member member) => _byValue.Add(ValueKey.Fold(member.Value!), _byTime.AddLast(member));

    private void Remove(LinkedListNode<Member> node)
    {
        _byValue.Remove(ValueKey.Fold(node.Value.Value!));
        _byTime.Remove(node);
    }
}

/// <summary>Which rules matched: of each its last event.</summary>
internal sealed class SlidingRules(CorrelationPlan plan, string key, string[] values) : SlidingState(plan, key, values)
{
    private readonly Member?[] _last = new Member?[plan.Slots.Length];

    public override int Size => _last.Count(m => m is not null);

    protected override Firing? Judge(Member member, long earliest, GroupBounds bounds)
    {
        _last[member.Slot] = member;
        var matched = 0UL;
        for (var slot = 0; slot < _last.Length; slot++) matched |= _last[slot] is { } last && last.Ticks >= earliest ? 1UL << slot : 0;
        if (!Plan.Holds(matched, matched)) return null;
        var members = _last.OfType<Member>().Where(m => m.Ticks >= earliest).OrderBy(m => m.Ticks).ThenBy(m => m.Slot).ToList();
        return Firing.Of(member.Ticks, members, members.Count, []);
    }

    protected override void Forget() => Array.Clear(_last);

    protected override void SaveMemory(StateWriter writer) => writer.Write([.. _last.OfType<Member>()]);

    protected override void LoadMemory(StateReader reader)
    {
        foreach (var member in reader.ReadMembers().Where(m => m.Slot < _last.Length)) _last[member.Slot] = member;
    }
}

/// <summary>Which rules matched in their order.</summary>
internal sealed class SlidingOrder(CorrelationPlan plan, string key, string[] values) : SlidingState(plan, key, values)
{
    private readonly OrderedChains _chains = new(plan);

    public override int Size => _chains.Size;

    protected override Firing? Judge(Member member, long earliest, GroupBounds bounds)
    {
        _chains.Add(member, earliest, bounds);
        return _chains.Find(mask => Plan.Holds(mask, mask)) is { } chain ? Firing.Of(member.Ticks, chain, chain.Count, []) : null;
    }

    protected override void Forget() => _chains.Clear();

    protected override void SaveMemory(StateWriter writer) => _chains.Save(writer);

    protected override void LoadMemory(StateReader reader) => _chains.Load(reader);
}
