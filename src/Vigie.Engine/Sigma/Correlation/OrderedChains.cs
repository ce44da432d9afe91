using System.Numerics;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>
/// Events of different rules that follow each other in the rules' order. For each set of rules only the chain with the latest
/// beginning is kept: whatever another could still become, it can too. Events of one time count as following each other in
/// either order, because the log does not say more; each step takes an event of its own.
/// </summary>
internal sealed class OrderedChains(CorrelationPlan plan)
{
    private readonly SortedDictionary<ulong, Member[]> _before = [];
    private readonly SortedDictionary<ulong, Member[]> _chains = [];
    private readonly List<Member> _ofThisTime = [];

    /// <summary>How many events are remembered, those that stand in several chains counted in each.</summary>
    public int Size { get; private set; }

    public void Add(Member member, long earliest, GroupBounds bounds)
    {
        if (_ofThisTime.Count > 0 && _ofThisTime[0].Ticks != member.Ticks) BeginTime(earliest);

        // A chain takes as many events as there are rules: more of one rule at one time than that cannot help.
        if (_ofThisTime.Count(m => m.Slot == member.Slot) >= plan.Slots.Length) return;
        _ofThisTime.Add(member);
        _chains.Clear();
        foreach (var (mask, chain) in _before) _chains.Add(mask, chain);
        for (var slot = 0; slot < plan.Slots.Length; slot++) Extend(slot, earliest);
        Size = _ofThisTime.Count + _before.Values.Sum(c => c.Length) + _chains.Values.Sum(c => c.Length);
    }

    /// <summary>The chain of the first set of rules that is accepted.</summary>
    public IReadOnlyList<Member>? Find(Func<ulong, bool> isEnough)
    {
        foreach (var (mask, chain) in _chains)
        {
            if (isEnough(mask)) return chain;
        }

        return null;
    }

    public void Clear()
    {
        _before.Clear();
        _chains.Clear();
        _ofThisTime.Clear();
        Size = 0;
    }

    public void Save(StateWriter writer)
    {
        Save(writer, _before);
        Save(writer, _chains);
        writer.Write(_ofThisTime);
    }

    public void Load(StateReader reader)
    {
        Clear();
        Load(reader, _before);
        Load(reader, _chains);
        _ofThisTime.AddRange(reader.ReadMembers().Where(m => m.Slot < plan.Slots.Length));
        Size = _ofThisTime.Count + _before.Values.Sum(c => c.Length) + _chains.Values.Sum(c => c.Length);
    }

    private static void Save(StateWriter writer, SortedDictionary<ulong, Member[]> chains)
    {
        writer.Write(chains.Count);
        foreach (var (mask, chain) in chains)
        {
            writer.Write((long)mask);
            writer.Write(chain);
        }
    }

    private static void Load(StateReader reader, SortedDictionary<ulong, Member[]> chains)
    {
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            var mask = (ulong)reader.ReadLong();
            var chain = reader.ReadMembers().ToArray();
            if (chain.Length > 0 && chain.Length == BitOperations.PopCount(mask)) chains[mask] = chain;
        }
    }

    private void BeginTime(long earliest)
    {
        _before.Clear();
        foreach (var (mask, chain) in _chains.Where(c => c.Value[0].Ticks >= earliest)) _before.Add(mask, chain);
        _ofThisTime.Clear();
    }

    private void Extend(int slot, long earliest)
    {
        if (!_ofThisTime.Exists(m => m.Slot == slot)) return;
        var bit = 1UL << slot;
        foreach (var (mask, chain) in _chains.ToArray())
        {
            if (mask >= bit || chain[0].Ticks < earliest || (plan.IsWholeOrder && mask != bit - 1)) continue;
            if (Next(slot, chain) is { } next) Keep(mask | bit, [.. chain, next]);
        }

        if ((!plan.IsWholeOrder || slot == 0) && Next(slot, []) is { } first) Keep(bit, [first]);
    }

    private void Keep(ulong mask, Member[] chain)
    {
        if (!_chains.TryGetValue(mask, out var known) || known[0].Ticks < chain[0].Ticks) _chains[mask] = chain;
    }

    // An event that matches several rules is kept for where it is needed: others go first.
    private Member? Next(int slot, Member[] chain)
    {
        Member? best = null;
        var bestUses = int.MaxValue;
        foreach (var member in _ofThisTime)
        {
            if (member.Slot != slot || Array.Exists(chain, m => string.Equals(m.Identity, member.Identity, StringComparison.Ordinal))) continue;
            var uses = _ofThisTime.Count(m => string.Equals(m.Identity, member.Identity, StringComparison.Ordinal));
            if (uses >= bestUses) continue;
            best = member;
            bestUses = uses;
        }

        return best;
    }
}
