using System.Text.Unicode;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>
/// Says which rules an event fulfils. Allocates nothing once its buffers have grown to the size of the events.
/// For the use of one thread at a time.
/// </summary>
public sealed class RuleMatcher
{
    private const int EventsPerPublication = 8192;
    private const int EventsPerTiming = 16;

    private readonly RuleSet _set;
    private readonly FoldedValues _folded = new();
    private readonly ValueMemory _memory = new();
    private readonly RuleCount[] _counts;
    private readonly Func<long>? _clock;
    private RuleMatch[] _matches = new RuleMatch[16];
    private int _matchCount;
    private int[] _found = new int[64];
    private int _foundCount;
    private uint[] _truth = [];
    private uint[] _entered = [];
    private int[] _candidates = [];
    private int _candidateCount;
    private char[] _chars = new char[1024];
    private Route _route = Route.Empty;
    private uint _stamp;
    private int _unpublished;

    internal RuleMatcher(RuleSet set)
    {
        _set = set;
        _clock = set.Clock;
        _counts = new RuleCount[set.Rules.Length];
    }

    /// <summary>How many conditions were evaluated for the last event; the others were ruled out without looking at them.</summary>
    public int Evaluated { get; private set; }

    /// <summary>The rules that <paramref name="record"/> fulfils, in the order of the set; valid until the next call.</summary>
    /// <param name="record">An event whose catalog is <see cref="RuleSet.Fields"/>.</param>
    public ReadOnlySpan<RuleMatch> Match(EventRecord record)
    {
        if (!ReferenceEquals(record.Catalog, _set.Fields)) throw new ArgumentException("The record was made for the fields of another rule set.", nameof(record));
        _matchCount = 0;
        Evaluated = 0;
        if (_unpublished == EventsPerPublication) PublishCounts();
        _unpublished++;
        var route = _set.RouteOf(record.Class);
        if (route.Units.Length == 0) return default;
        Begin(route);
        Search(record);
        for (var i = 0; i < _candidateCount; i++) Evaluate(_candidates[i], record);
        foreach (var unit in route.Always) Evaluate(unit, record);
        if (_matchCount > 1) _matches.AsSpan(0, _matchCount).Sort(static (a, b) => a.Rule != b.Rule ? a.Rule.CompareTo(b.Rule) : a.Condition.CompareTo(b.Condition));
        return _matches.AsSpan(0, _matchCount);
    }

    /// <summary>Adds what was counted to <see cref="RuleSet.CountOf"/>; happens by itself every few thousand events.</summary>
    public void PublishCounts()
    {
        _unpublished = 0;
        for (var rule = 0; rule < _counts.Length; rule++)
        {
            if (_counts[rule].Evaluated == 0) continue;
            _set.Totals.Add(rule, _counts[rule]);
            _counts[rule] = default;
        }
    }

    /// <summary>What a literal search calls for each atom that holds for the value it looks into.</summary>
    internal void Found(int atom)
    {
        if (_foundCount == _found.Length) Array.Resize(ref _found, _foundCount * 2);
        // A literal that occurs twice is found twice.
        if (!_found.AsSpan(0, _foundCount).Contains(atom)) _found[_foundCount++] = atom;
    }

    /// <summary>A value with its case folded; valid until the next call for another field.</summary>
    internal ReadOnlySpan<byte> Folded(EventRecord record, int field) => _folded.Of(record, field);

    /// <summary>Whether an expression finds something in a value.</summary>
    internal bool Finds(RegexSearch search, EventRecord record, int field)
    {
        var value = record.Value(field);
        if (value.Length > ValueMemory.MaxValue) return search.Finds(Chars(value));
        if (_memory.TryRecall(search.Id, FieldKind.String, value, out var key, out var found)) return found.Length > 0;
        var holds = search.Finds(Chars(value));
        // Any atom will do to say that there is one.
        _memory.Store(search.Id, FieldKind.String, value, key, holds ? [0] : []);
        return holds;
    }

    private ReadOnlySpan<char> Chars(ReadOnlySpan<byte> value)
    {
        if (_chars.Length < value.Length) _chars = new char[Math.Max(value.Length, _chars.Length * 2)];
        Utf8.ToUtf16(value, _chars, out _, out var written, replaceInvalidSequences: true, isFinalBlock: true);
        return _chars.AsSpan(0, written);
    }

    private void Begin(Route route)
    {
        _route = route;
        if (_truth.Length < route.Atoms.Length) Array.Resize(ref _truth, route.Atoms.Length);
        if (_entered.Length < route.Units.Length)
        {
            Array.Resize(ref _entered, route.Units.Length);
            Array.Resize(ref _candidates, route.Units.Length);
        }

        // Bit 0 of an atom's stamp is its truth.
        _stamp += 2;
        if (_stamp == 0)
        {
            Array.Clear(_truth);
            Array.Clear(_entered);
            _stamp = 2;
        }

        _candidateCount = 0;
    }

    private void Search(EventRecord record)
    {
        _folded.Begin();
        // First, because values that were decoded no longer lie in their place.
        SearchKeywords(record);
        foreach (var lookup in _route.Lookups)
        {
            var present = false;
            for (var field = record.First(lookup.Slot); field >= 0; field = record.Next(field))
            {
                present = true;
                if (record.Kind(field) != FieldKind.Null) Search(lookup.Search, record, field);
            }

            if (!present) continue;
            foreach (var unit in lookup.Present) Enter(unit);
        }
    }

    private void SearchKeywords(EventRecord record)
    {
        if (_route.Keywords is not { } keywords) return;
        var filter = _route.KeywordFilter;
        // Values that lie in the event's bytes as text are looked through all at once.
        var apart = int.MaxValue;
        var together = filter is not null && record.TryTextExtent(out var extent, out apart) && !filter.MayHold(extent);
        for (var field = together ? apart : 0; field < record.Count; field++)
        {
            var kind = record.Kind(field);
            if (!ValueCheck.IsValue(kind) || (together && record.IsInPlace(field))) continue;
            if (filter is not null && kind != FieldKind.Utf16 && !filter.MayHold(record.RawValue(field))) continue;
            Search(keywords, record, field);
        }
    }

    private void Search(LiteralSearch? search, EventRecord record, int field)
    {
        if (search is null) return;
        var value = record.RawValue(field);
        if (value.Length > ValueMemory.MaxValue)
        {
            _foundCount = 0;
            search.Run(_folded, this, record, field);
            Set(_found.AsSpan(0, _foundCount));
            return;
        }

        var kind = record.Kind(field);
        if (!_memory.TryRecall(search.Id, kind, value, out var key, out var found))
        {
            _foundCount = 0;
            search.Run(_folded, this, record, field);
            found = _found.AsSpan(0, _foundCount);
            _memory.Store(search.Id, kind, value, key, found);
        }

        Set(found);
    }

    private bool IsSet(int atom) => _truth[atom] == (_stamp | 1);

    // Atoms that hold bring rules into question.
    private void Set(ReadOnlySpan<int> atoms)
    {
        foreach (var atom in atoms)
        {
            if (IsSet(atom)) continue;
            _truth[atom] = _stamp | 1;
            var starts = _route.TriggerStarts;
            for (var i = starts[atom]; i < starts[atom + 1]; i++) Enter(_route.Triggered[i]);
        }
    }

    private void Enter(int unit)
    {
        if (_entered[unit] == _stamp) return;
        _entered[unit] = _stamp;
        _candidates[_candidateCount++] = unit;
    }

    private void Evaluate(int index, EventRecord record)
    {
        Evaluated++;
        var unit = _route.Units[index];
        ref var count = ref _counts[unit.Rule];
        // Asking the clock takes longer than most evaluations do, so only some events are timed, and stand for the others.
        var clock = _unpublished % EventsPerTiming == 1 ? _clock : null;
        var start = clock?.Invoke() ?? 0;
        var holds = Holds(unit.Node, record);
        var cost = clock is null ? 0 : (clock() - start) * EventsPerTiming;
        count = new RuleCount(count.Evaluated + 1, count.Matched + (holds ? 1 : 0), count.Cost + cost);
        if (!holds) return;
        if (_matchCount == _matches.Length) Array.Resize(ref _matches, _matchCount * 2);
        _matches[_matchCount++] = new RuleMatch(unit.Rule, unit.Condition);
    }

    private bool Holds(int index, EventRecord record)
    {
        var nodes = _route.Nodes;
        var node = nodes[index];
        switch (node.Kind)
        {
            case NodeKind.Searched:
                return IsSet(node.Atom);
            case NodeKind.Tested:
                return Test(node.Atom, record);
            case NodeKind.Not:
                return !Holds(index + 1, record);
            case NodeKind.And:
                for (var child = index + 1; child < node.End; child = nodes[child].End)
                {
                    if (!Holds(child, record)) return false;
                }

                return true;
            default:
                for (var child = index + 1; child < node.End; child = nodes[child].End)
                {
                    if (Holds(child, record)) return true;
                }

                return false;
        }
    }

    private bool Test(int atom, EventRecord record)
    {
        var known = _truth[atom];
        if ((known & ~1u) == _stamp) return (known & 1) != 0;
        var holds = _route.Atoms[atom]!.Holds(this, record);
        _truth[atom] = _stamp | (holds ? 1u : 0u);
        return holds;
    }
}
