using System.Globalization;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>
/// A group's numbers, for percentiles: all of them up to a bound, beyond it those with the smallest hashes of their
/// events' identities, which is a fair sample and the same whatever the order.
/// </summary>
internal sealed class NumberSample
{
    private readonly PriorityQueue<decimal, ulong> _numbers = new(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));

    public int Count => _numbers.Count;

    public void Clear() => _numbers.Clear();

    /// <returns>How many numbers were left out because of it.</returns>
    public int Add(Member member, int bound)
    {
        var hash = Hash(member);
        if (_numbers.Count < bound)
        {
            _numbers.Enqueue(member.Amount, hash);
            return 0;
        }

        _numbers.EnqueueDequeue(member.Amount, hash);
        return 1;
    }

    /// <summary>Between two neighbours in proportion, so that percentile 50 is the median.</summary>
    public decimal Percentile(decimal percentile)
    {
        var sorted = _numbers.UnorderedItems.Select(i => i.Element).Order().ToArray();
        var rank = percentile / 100 * (sorted.Length - 1);
        var below = (int)Math.Floor(rank);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((rank - below) * (sorted[above] - sorted[below]));
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_numbers.Count);
        foreach (var (number, hash) in _numbers.UnorderedItems)
        {
            writer.Write(number);
            writer.Write((long)hash);
        }
    }

    public void Load(StateReader reader)
    {
        for (var left = reader.ReadCount(); left > 0; left--) _numbers.Enqueue(reader.ReadDecimal(), (ulong)reader.ReadLong());
    }

    // FNV-1a, 64 bits: the same in every process. One event can bring several numbers.
    private static ulong Hash(Member member)
    {
        var hash = 14695981039346656037UL;
        foreach (var unit in member.Identity) hash = (hash ^ unit) * 1099511628211UL;
        foreach (var unit in member.Amount.ToString(CultureInfo.InvariantCulture)) hash = (hash ^ unit) * 1099511628211UL;
        hash ^= hash >> 32;
        return hash * 0x9E3779B97F4A7C15UL;
    }
}
