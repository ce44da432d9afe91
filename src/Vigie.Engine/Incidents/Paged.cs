namespace Vigie.Engine.Incidents;

/// <summary>An array that grows by a page at a time: no growth copies what is there, so that none takes long.</summary>
internal sealed class Paged<T>
{
    private const int Bits = 12;
    private const int Mask = (1 << Bits) - 1;

    private readonly List<T[]> _pages = [];

    public int Count { get; private set; }

    public ref T this[int index] => ref _pages[index >> Bits][index & Mask];

    /// <summary>Adds a default value and returns its index.</summary>
    public int Add()
    {
        if (Count >> Bits == _pages.Count) _pages.Add(new T[1 << Bits]);
        return Count++;
    }
}

/// <summary>Lists of numbers that do not change, in a few large arrays instead of one small array each.</summary>
internal sealed class NumberPool
{
    private const int Bits = 16;

    private readonly List<int[]> _chunks = [];
    private readonly Dictionary<int, Stack<int>> _free = [];
    private int _used = 1 << Bits;

    /// <summary>Keeps a copy of the numbers and says where it is.</summary>
    public int Keep(ReadOnlySpan<int> numbers)
    {
        if (numbers.IsEmpty) return 0;
        if (!_free.TryGetValue(numbers.Length, out var free) || !free.TryPop(out var at))
        {
            if (_used + numbers.Length > (_chunks.Count == 0 ? 0 : _chunks[^1].Length))
            {
                _chunks.Add(new int[Math.Max(1 << Bits, numbers.Length)]);
                _used = 0;
            }

            at = ((_chunks.Count - 1) << Bits) + _used;
            _used += numbers.Length;
        }

        numbers.CopyTo(_chunks[at >> Bits].AsSpan(at & ((1 << Bits) - 1)));
        return at;
    }

    public ReadOnlySpan<int> At(int at, int count) => count == 0 ? [] : _chunks[at >> Bits].AsSpan(at & ((1 << Bits) - 1), count);

    /// <summary>Gives the place up to the next list of the same length.</summary>
    public void Drop(int at, int count)
    {
        if (count == 0) return;
        if (!_free.TryGetValue(count, out var free)) _free.Add(count, free = []);
        free.Push(at);
    }
}

/// <summary>A dictionary in many small parts: one that grows past a million entries stops everything for tens of milliseconds while it is copied.</summary>
internal sealed class SpreadIndex<TKey>
    where TKey : struct
{
    private const int Bits = 8;

    private readonly Dictionary<TKey, int>[] _parts = [.. Enumerable.Range(0, 1 << Bits).Select(_ => new Dictionary<TKey, int>())];

    public int Count { get; private set; }

    public bool TryGet(TKey key, out int value) => PartOf(key).TryGetValue(key, out value);

    public void Add(TKey key, int value)
    {
        PartOf(key).Add(key, value);
        Count++;
    }

    public void Remove(TKey key)
    {
        if (PartOf(key).Remove(key)) Count--;
    }

    // The upper bits after mixing: the parts themselves go by the remainder of the same hash.
    private Dictionary<TKey, int> PartOf(TKey key) => _parts[((uint)key.GetHashCode() * 0x9E37_79B9u) >> (32 - Bits)];
}
