namespace Vigie.Engine.Sigma.Matching;

/// <summary>
/// Chooses for each condition a few tests of which one must hold for the condition to hold, as rare ones as there are.
/// Only events in which one of them does are worth evaluating the condition for.
/// </summary>
internal sealed class Triggers(AtomTable atoms)
{
    // That a field is there says little; several literals are still better.
    private const double PresenceChance = 0.6;

    private readonly List<(int Atom, int Unit)> _byAtom = [];
    private readonly Dictionary<int, List<int>> _bySlot = [];
    private readonly List<int> _always = [];

    /// <summary>The fields whose presence alone brings units into question.</summary>
    public IEnumerable<int> Slots => _bySlot.Keys;

    /// <summary>Chooses what brings a unit into question.</summary>
    public void Add(int unit, Expression expression)
    {
        if (Cover(expression, false) is not { } cover)
        {
            _always.Add(unit);
            return;
        }

        foreach (var need in cover.Needs.Distinct())
        {
            if (need >= 0) _byAtom.Add((need, unit));
            else if (_bySlot.TryGetValue(~need, out var units)) units.Add(unit);
            else _bySlot.Add(~need, [unit]);
        }
    }

    /// <summary>The units that come into question when a field is there.</summary>
    public int[] Present(int slot) => _bySlot.TryGetValue(slot, out var units) ? [.. units] : [];

    /// <summary>The units that are always in question.</summary>
    public int[] Always() => [.. _always];

    /// <summary>The units by atom: where each atom's begin, and the units.</summary>
    public (int[] Starts, int[] Units) ByAtom()
    {
        var starts = new int[atoms.All.Count + 1];
        foreach (var (atom, _) in _byAtom) starts[atom + 1]++;
        for (var i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        return (starts, [.. _byAtom.OrderBy(t => t.Atom).Select(t => t.Unit)]);
    }

    // Null: nothing is needed. A cover without needs: never true.
    private Need? Cover(Expression expression, bool negated) => expression.Kind switch
    {
        ExpressionKind.True => negated ? Need.Never : null,
        ExpressionKind.False => negated ? null : Need.Never,
        ExpressionKind.Atom => CoverAtom(expression.Atom, negated),
        ExpressionKind.Not => Cover(expression.Children[0], !negated),
        ExpressionKind.And => negated ? CoverAny(expression, true) : CoverOne(expression, false),
        _ => negated ? CoverOne(expression, true) : CoverAny(expression, false),
    };

    // All must hold: the rarest one will do.
    private Need? CoverOne(Expression expression, bool negated)
    {
        Need? best = null;
        foreach (var child in expression.Children)
        {
            if (Cover(child, negated) is { } cover && (best is null || cover.Chance < best.Chance)) best = cover;
        }

        return best;
    }

    // One must hold: each needs its own.
    private Need? CoverAny(Expression expression, bool negated)
    {
        var needs = new List<int>();
        var chance = 0.0;
        foreach (var child in expression.Children)
        {
            if (Cover(child, negated) is not { } cover) return null;
            needs.AddRange(cover.Needs);
            chance += cover.Chance;
        }

        return new Need(chance, needs);
    }

    private Need? CoverAtom(int number, bool negated)
    {
        var atom = atoms.All[number];
        if (atom.Test is null) return negated ? null : new Need(atoms.ChanceOf(atom), [number]);
        var present = atom.Need switch
        {
            AtomNeed.Present => !negated,
            AtomNeed.Absent or AtomNeed.AbsentOrNull => negated,
            _ => false,
        };
        return present ? new Need(PresenceChance, [~atom.Slot]) : null;
    }

    private sealed record Need(double Chance, List<int> Needs)
    {
        public static Need Never { get; } = new(0, []);
    }
}
