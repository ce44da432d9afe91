using System.Runtime.InteropServices;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>The different tests of a route, each once, and the conditions in terms of them.</summary>
internal sealed class AtomTable(FieldCatalog fields, Func<ValueTest.Regex, RegexSearch> regexes)
{
    // The slot of keywords, which are no field's.
    private const int Anywhere = -1;

    private readonly Dictionary<(int Slot, ValueTest Test), Expression> _known = [];
    private readonly Dictionary<int, LiteralSearch.Builder> _searches = [];
    private readonly List<Atom> _atoms = [];
    private readonly List<int> _uses = [];

    /// <summary>The atoms by number.</summary>
    public IReadOnlyList<Atom> All => _atoms;

    /// <summary>A condition in terms of the atoms.</summary>
    public Expression Express(Term term) => term switch
    {
        Term.And and => Expression.And(and.Terms.Select(Express)),
        Term.Or or => Expression.Or(or.Terms.Select(Express)),
        Term.Not not => Expression.Not(Express(not.Inner)),
        Term.Named named => Express(named.Inner),
        Term.Field field => Express(fields.SlotOf(field.Name), field.Test),
        Term.Keyword keyword => Express(Anywhere, keyword.Test),
        Term.Constant constant => constant.Value ? Expression.True : Expression.False,
        _ => throw new ArgumentOutOfRangeException(nameof(term)),
    };

    /// <summary>How many times conditions ask for an atom.</summary>
    public int UsesOf(int atom) => _uses[atom];

    /// <summary>What is to be done with each field.</summary>
    public Lookup[] Lookups(Triggers triggers) =>
    [
        .. _searches.Keys.Concat(triggers.Slots).Where(slot => slot != Anywhere).Distinct().Order()
            .Select(slot => new Lookup(slot, _searches.GetValueOrDefault(slot)?.Build(), triggers.Present(slot))),
    ];

    /// <summary>What is to be looked for in all values.</summary>
    public LiteralSearch? KeywordSearch() => _searches.GetValueOrDefault(Anywhere)?.Build();

    private Expression Express(int slot, ValueTest test)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, (slot, test), out var exists);
        if (exists)
        {
            foreach (var child in known!.Children) Used(child);
            Used(known);
            return known;
        }

        // Making it may add to the table, so the reference may not be used after it.
        var made = Make(slot, test);
        _known[(slot, test)] = made;
        return made;
    }

    private Expression Make(int slot, ValueTest test)
    {
        switch (test)
        {
            case ValueTest.Text text:
                return OfText(slot, new TextTest(text.Pattern, text.Cased));
            case ValueTest.Regex regex:
                return OfRegex(slot, regex);
            case ValueTest.Cidr cidr:
                return Tested(slot, new CidrCheck(cidr), AtomCost.Parse);
            case ValueTest.Number number:
                return Tested(slot, new NumberCheck(number), AtomCost.Parse);
            case ValueTest.Date date:
                return Tested(slot, new DateCheck(date), AtomCost.Date);
            case ValueTest.FieldReference reference:
                return Tested(slot, new ReferenceCheck(fields.SlotOf(reference.Other), reference.Match, reference.Cased), AtomCost.Text);
            case ValueTest.Null:
                return slot == Anywhere ? Expression.False : Add(new Atom(slot, new NullAtom(slot), AtomCost.Presence, AtomNeed.AbsentOrNull, 0));
            case ValueTest.Exists exists:
                return slot == Anywhere ? Expression.False : Add(new Atom(slot, new ExistsAtom(slot, exists.Expected), AtomCost.Presence, exists.Expected ? AtomNeed.Present : AtomNeed.Absent, 0));
            default:
                throw new ArgumentOutOfRangeException(nameof(test));
        }
    }

    private Expression OfText(int slot, TextTest test)
    {
        if (!_searches.TryGetValue(slot, out var search)) search = new LiteralSearch.Builder();
        if (!search.TryAdd(test, _atoms.Count)) return Tested(slot, new TextCheck(test), AtomCost.Text);
        _searches[slot] = search;
        return Add(new Atom(slot, null, AtomCost.Searched, AtomNeed.Present, Rarity.Of(test)));
    }

    // Searching for literals costs next to nothing; the expression is only run where one of those it needs occurs.
    private Expression OfRegex(int slot, ValueTest.Regex test)
    {
        var found = Tested(slot, new RegexCheck(regexes(test)), AtomCost.Regex);
        var literals = RegexLiterals.Of(test.Pattern);
        if (literals.Count == 0) return found;
        return Expression.And([Expression.Or(literals.Select(Containing)), found]);

        Expression Containing(string literal) =>
            Express(slot, new ValueTest.Text(new TextPattern([PatternPart.AnyMany, PatternPart.Of(literal), PatternPart.AnyMany]), false));
    }

    private Expression Tested(int slot, ValueCheck check, AtomCost cost) =>
        Add(new Atom(slot, slot == Anywhere ? new KeywordAtom(check) : new FieldAtom(slot, check), cost, slot == Anywhere ? AtomNeed.Nothing : AtomNeed.Present, 0));

    private Expression Add(Atom atom)
    {
        _atoms.Add(atom);
        _uses.Add(1);
        return Expression.OfAtom(_atoms.Count - 1);
    }

    private void Used(Expression expression)
    {
        if (expression.Atom >= 0) _uses[expression.Atom]++;
    }
}

/// <summary>A test of a route.</summary>
/// <param name="Slot">The field, or -1 for keywords.</param>
/// <param name="Test">How it is tested on demand; null when a literal search answers it.</param>
/// <param name="Cost">How dear testing is.</param>
/// <param name="Need">What must be so of the field for the test to hold.</param>
/// <param name="Chance">A guess at the share of events in which a searched atom holds.</param>
internal sealed record Atom(int Slot, AtomTest? Test, AtomCost Cost, AtomNeed Need, double Chance);

/// <summary>How dear a test is; cheap ones are asked first.</summary>
internal enum AtomCost
{
    Searched,
    Presence,
    Text,
    Parse,
    Date,
    Regex,
}

/// <summary>What must be so of a field for a test of it to hold.</summary>
internal enum AtomNeed
{
    /// <summary>Nothing that can be told by the field.</summary>
    Nothing,

    /// <summary>It is there.</summary>
    Present,

    /// <summary>It is not there.</summary>
    Absent,

    /// <summary>It is not there or has no value; so when the test fails, it is there.</summary>
    AbsentOrNull,
}
