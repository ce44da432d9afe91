namespace Vigie.Engine.Incidents;

/// <summary>A finding within the graph.</summary>
internal struct PlacedNode
{
    public UInt128 Id;
    public long Time;

    /// <summary>The set it was put in; <see cref="GroupSets"/> knows which one that is part of now.</summary>
    public int Set;

    /// <summary>The neighbours in the ring of its group.</summary>
    public int Next;
    public int Previous;

    /// <summary>Where the numbers of its lines are kept, and how many.</summary>
    public int Lines;
    public int LineCount;
}

/// <summary>A key, how it counts, and the findings that have it in order of time.</summary>
internal sealed class KeyLine(LinkKey key, long window)
{
    private int[]? _subjects;

    public LinkKey Key { get; } = key;

    /// <summary>How far apart in time two findings may be to be linked by it, milliseconds; negative when it joins nothing.</summary>
    public long Window { get; set; } = window;

    /// <summary>The degree as it was frozen.</summary>
    public int Degree { get; set; }

    /// <summary>The degree as it is.</summary>
    public int SubjectCount { get; private set; }

    /// <summary>Whether it waits for the next freezing.</summary>
    public bool Grown { get; set; }

    public TimeLine Findings { get; private set; } = new();

    public bool Joins => Window >= 0;

    /// <summary>Counts a subject it has not been seen with, up to <paramref name="most"/>; false when nothing changed.</summary>
    public bool Count(int subject, int most)
    {
        if (SubjectCount >= most) return false;
        _subjects ??= new int[1];
        if (_subjects.AsSpan(0, SubjectCount).Contains(subject)) return false;
        if (SubjectCount == _subjects.Length) Array.Resize(ref _subjects, Math.Min(most, _subjects.Length * 2));
        _subjects[SubjectCount++] = subject;
        return true;
    }

    /// <summary>Lets go of everything but the degree: what is a hub stays one.</summary>
    public void Retire()
    {
        Window = -1;
        _subjects = null;
        Findings = new TimeLine();
    }
}

/// <summary>
/// Nodes ordered by time and, at equal times, by id. Up to <see cref="Most"/> in one array; beyond that in parts of at most
/// so many, so that inserting in the middle of a line of a million moves a few kilobytes.
/// </summary>
internal sealed class TimeLine
{
    private const int Most = 512;

    private int[] _nodes = [];
    private int _count;
    private List<TimeLine>? _parts;

    public bool IsEmpty => _count == 0;

    /// <summary>Inserts a node and says between which others it is, -1 for none; false when it is there already.</summary>
    public bool Insert(Paged<PlacedNode> all, int node, out int before, out int after)
    {
        var part = PartOf(all, node);
        var leaf = part < 0 ? this : _parts![part];
        var at = leaf.Find(all, node);
        if (at >= 0)
        {
            (before, after) = (-1, -1);
            return false;
        }

        at = ~at;
        (before, after) = Around(part, leaf, at - 1, at);
        leaf.InsertAt(at, node);
        if (part >= 0) _count++;
        if (leaf._count > Most) Divide(part);
        return true;
    }

    /// <summary>Takes a node out; nothing happens when it is not there.</summary>
    public void Remove(Paged<PlacedNode> all, int node)
    {
        var part = PartOf(all, node);
        var leaf = part < 0 ? this : _parts![part];
        var at = leaf.Find(all, node);
        if (at < 0) return;
        leaf._nodes.AsSpan(at + 1, leaf._count - at - 1).CopyTo(leaf._nodes.AsSpan(at));
        leaf._count--;
        if (part < 0) return;
        _count--;
        if (leaf._count == 0) _parts!.RemoveAt(part);
    }

    /// <summary>The nodes before and after one that is here, -1 for none.</summary>
    public (int Before, int After) Neighbours(Paged<PlacedNode> all, int node)
    {
        var part = PartOf(all, node);
        var leaf = part < 0 ? this : _parts![part];
        var at = leaf.Find(all, node);
        return at < 0 ? (-1, -1) : Around(part, leaf, at - 1, at + 1);
    }

    /// <summary>All nodes in order.</summary>
    public IEnumerable<int> All()
    {
        if (_parts is null)
        {
            for (var i = 0; i < _count; i++) yield return _nodes[i];
            yield break;
        }

        foreach (var part in _parts)
        {
            for (var i = 0; i < part._count; i++) yield return part._nodes[i];
        }
    }

    private (int Before, int After) Around(int part, TimeLine leaf, int before, int after) => (
        before >= 0 ? leaf._nodes[before] : part > 0 ? _parts![part - 1]._nodes[_parts[part - 1]._count - 1] : -1,
        after < leaf._count ? leaf._nodes[after] : part >= 0 && part + 1 < _parts!.Count ? _parts[part + 1]._nodes[0] : -1);

    // The last part that begins at or before the node; -1 when there are no parts.
    private int PartOf(Paged<PlacedNode> all, int node)
    {
        if (_parts is null) return -1;
        int low = 0, high = _parts.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (Compare(all, _parts[middle]._nodes[0], node) <= 0) low = middle;
            else high = middle - 1;
        }

        if (_parts.Count == 0) _parts.Add(new TimeLine());
        return low;
    }

    private int Find(Paged<PlacedNode> all, int node)
    {
        // Most findings are the latest of their line.
        if (_count == 0 || Compare(all, _nodes[_count - 1], node) < 0) return ~_count;
        int low = 0, high = _count - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var order = Compare(all, _nodes[middle], node);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    private void InsertAt(int at, int node)
    {
        if (_count == _nodes.Length) Array.Resize(ref _nodes, Math.Max(1, Math.Min(Most + 1, _count * 2)));
        _nodes.AsSpan(at, _count - at).CopyTo(_nodes.AsSpan(at + 1));
        _nodes[at] = node;
        _count++;
    }

    private void Divide(int part)
    {
        var full = part < 0 ? this : _parts![part];
        // A line that grows at its end leaves full parts behind.
        var keep = part < 0 || part == _parts!.Count - 1 ? full._count - 1 : full._count / 2;
        var first = new TimeLine { _nodes = full._nodes[..keep], _count = keep };
        var second = new TimeLine { _nodes = full._nodes[keep..full._count], _count = full._count - keep };
        if (part < 0)
        {
            _parts = [first, second];
            _nodes = [];
            return;
        }

        _parts![part] = first;
        _parts.Insert(part + 1, second);
    }

    /// <summary>The order of nodes: by time, then by id.</summary>
    public static int Compare(Paged<PlacedNode> all, int left, int right)
    {
        if (left == right) return 0;
        ref var a = ref all[left];
        ref var b = ref all[right];
        return a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Id.CompareTo(b.Id);
    }
}
