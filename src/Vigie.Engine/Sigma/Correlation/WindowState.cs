using System.Globalization;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>
/// A group whose windows have a beginning and an end: tumbling ones; and those that begin with a group's first event because
/// the correlation can only be judged when its window is complete.
/// </summary>
internal sealed class WindowState(CorrelationPlan plan, string key, string[] values) : GroupState(plan, key, values)
{
    private readonly WindowContents _contents = new(plan);
    private long _start = long.MinValue;
    private bool _hasFired;

    public override int Size => _contents.Size;

    private bool IsTumbling => Plan.Rule.Window == WindowKind.Tumbling;

    public override Firing? Add(Member member, GroupBounds bounds)
    {
        if (_start == long.MinValue || member.Ticks > Deadline) Open(member);
        _contents.Add(member, bounds);
        return Plan.Rule.IsImmediate && !_hasFired ? Judge(member.Ticks, bounds) : null;
    }

    public override Firing? Close(GroupBounds bounds) => Plan.Rule.IsImmediate || _start == long.MinValue ? null : Judge(Deadline, bounds);

    public override void Save(StateWriter writer)
    {
        writer.Write(_start);
        writer.Write(Deadline);
        writer.Write(_hasFired ? 1L : 0);
        _contents.Save(writer);
    }

    public override void Load(StateReader reader)
    {
        _start = reader.ReadLong();
        Deadline = reader.ReadLong();
        _hasFired = reader.ReadLong() != 0;
        _contents.Load(reader);
    }

    private void Open(Member member)
    {
        _contents.Clear();
        _hasFired = false;
        _start = IsTumbling ? member.Ticks - (member.Ticks % Plan.Ticks) : member.Ticks;

        // Tumbling windows meet without overlapping; one that begins with an event takes in what is exactly a timespan later, as sliding ones do.
        Deadline = _start + Plan.Ticks - (IsTumbling ? 1 : 0);
    }

    private Firing? Judge(long ticks, GroupBounds bounds)
    {
        if (_contents.Judge(bounds) is not { } verdict) return null;
        _hasFired = true;
        var first = verdict.Members[0];
        var anchor = IsTumbling ? string.Create(CultureInfo.InvariantCulture, $"window {_start}") : Firing.AnchorOf(_contents.First);
        var (count, last) = verdict.Count is { } partial ? (partial, verdict.Members[^1].Ticks) : (_contents.Events, _contents.LastTicks);
        return new Firing(ticks, anchor, verdict.Members, verdict.Count is null ? _contents.First.Ticks : first.Ticks, last, count, verdict.Value, verdict.Values);
    }
}
