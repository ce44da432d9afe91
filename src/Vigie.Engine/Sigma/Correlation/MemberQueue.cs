namespace Vigie.Engine.Sigma.Correlation;

/// <summary>Events in order of time: new ones at the end, old ones leave at the beginning.</summary>
internal sealed class MemberQueue
{
    private readonly List<Member> _members = [];
    private int _head;

    public int Count => _members.Count - _head;

    public Member First => _members[_head];

    public void Add(Member member) => _members.Add(member);

    public Member TakeFirst()
    {
        var first = _members[_head++];
        if (_head > 32 && _head * 2 > _members.Count)
        {
            _members.RemoveRange(0, _head);
            _head = 0;
        }

        return first;
    }

    /// <summary>Joins the events of the older half two by two.</summary>
    /// <returns>How many were joined into another.</returns>
    public int JoinOlder()
    {
        var joined = new List<Member>(Count);
        var half = _head + (Count / 2 / 2 * 2);
        for (var i = _head; i < half; i += 2) joined.Add(_members[i].Joined(_members[i + 1]));
        for (var i = half; i < _members.Count; i++) joined.Add(_members[i]);
        var fewer = Count - joined.Count;
        _members.Clear();
        _members.AddRange(joined);
        _head = 0;
        return fewer;
    }

    public void Clear()
    {
        _members.Clear();
        _head = 0;
    }

    public List<Member> ToList() => _members.GetRange(_head, Count);
}
