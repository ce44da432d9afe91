using System.Globalization;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>The different tests of a route, each once, and the conditions in terms of them.</summary>
internal sealed class AtomTable(FieldCatalog fields, Func<ValueTest.Regex, RegexSearch> regexes)
{
    // The slot of keywords, which are no field's.
    private const int Anywhere = -1;

    // From so many texts on, "one of these" is one atom that each of them brings about, and none has one of its own.
    private const int GroupSize = 4;

    private readonly Dictionary<(int Slot, ValueTest Test), Expression> _known = [];
    private readonly Dictionary<string, Expression> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Slot, ValueTest.Text Test), int> _textNumbers = [];
    private readonly List<(TextTest Test, int Uses)> _texts = [];
    private readonly Dictionary<int, LiteralSearch.Builder> _searches = [];
    private readonly List<Atom> _atoms = [];

    /// <summary>The atoms by number.</summary>
    public IReadOnlyList<Atom> All => _atoms;

    /// <summary>A condition in terms of the atoms.</summary>
    public Expression Express(Term term) => term switch
    {
        Term.And and => Expression.And(and.Terms.Select(Express)),
        Term.Or or => Expression.Or(Alternatives(or)),
        Term.Not not => Expression.Not(Express(not.Inner)),
        Term.Named named => Express(named.Inner),
        Term.Field field => Express(fields.SlotOf(field.Name), field.Test),
        Term.Keyword keyword => Express(Anywhere, keyword.Test),
        Term.Constant constant => constant.Value ? Expression.True : Expression.False,
        _ => throw new ArgumentOutOfRangeException(nameof(term)),
    };

    /// <summary>
    /// A guess at how often an atom that a search answers brings rules into question. What many rules name is what many
    /// events hold, and it would bring all those rules into question, so each use counts.
    /// </summary>
    public double ChanceOf(Atom atom) => atom.Texts.Sum(text => Rarity.Of(_texts[text].Test) * _texts[text].Uses);

    /// <summary>What is to be done with each field.</summary>
    public Lookup[] Lookups(Triggers triggers) =>
    [
        .. _searches.Keys.Concat(triggers.Slots).Where(slot => slot != Anywhere).Distinct().Order()
            .Select(slot => new Lookup(slot, _searches.GetValueOrDefault(slot)?.Build(), triggers.Present(slot))),
    ];

    /// <summary>What is to be looked for in all values.</summary>
    public LiteralSearch? KeywordSearch() => _searches.GetValueOrDefault(Anywhere)?.Build();

    private List<Expression> Alternatives(Term.Or or)
    {
        var expressions = new List<Expression>();
        var texts = new Dictionary<int, List<ValueTest.Text>>();
        foreach (var term in or.Terms)
        {
            switch (term)
            {
                case Term.Field { Test: ValueTest.Text text } field:
                    Add(fields.SlotOf(field.Name), text);
                    break;
                case Term.Keyword { Test: ValueTest.Text text }:
                    Add(Anywhere, text);
                    break;
                default:
                    expressions.Add(Express(term));
                    break;
            }
        }

        foreach (var (slot, tests) in texts)
        {
            if (tests.Count >= GroupSize) expressions.AddRange(Group(slot, tests));
            else expressions.AddRange(tests.Select(test => Express(slot, test)));
        }

        return expressions;

        void Add(int slot, ValueTest.Text text)
        {
            if (texts.TryGetValue(slot, out var list)) list.Add(text);
            else texts.Add(slot, [text]);
        }
    }

    private List<Expression> Group(int slot, List<ValueTest.Text> tests)
    {
        var expressions = new List<Expression>();
        var numbers = new SortedSet<int>();
        foreach (var test in tests)
        {
            var number = Number(slot, test);
            if (IsSearchable(slot, _texts[number].Test)) numbers.Add(number);
            else expressions.Add(Express(slot, test));
        }

        if (numbers.Count == 0) return expressions;
        var key = string.Join(',', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)));
        if (!_groups.TryGetValue(key, out var group)) _groups.Add(key, group = Searched(slot, [.. numbers]));
        expressions.Add(group);
        return expressions;
    }

    private Expression Express(int slot, ValueTest test)
    {
        if (test is ValueTest.Text text) Number(slot, text);
        if (_known.TryGetValue((slot, test), out var known)) return known;
        var made = Make(slot, test);
        _known.Add((slot, test), made);
        return made;
    }

    private Expression Make(int slot, ValueTest test)
    {
        switch (test)
        {
            case ValueTest.Text text:
                var number = _textNumbers[(slot, text)];
                return IsSearchable(slot, _texts[number].Test) ? Searched(slot, [number]) : Tested(slot, new TextCheck(_texts[number].Test), AtomCost.Text);
            case ValueTest.Regex regex:
                return OfRegex(slot, regex);
            case ValueTest.Cidr cidr:
                return Tested(slot, new CidrCheck(cidr), AtomCost.Parse);
            case ValueTest.Number compared:
                return Tested(slot, new NumberCheck(compared), AtomCost.Parse);
            case ValueTest.Date date:
                return Tested(slot, new DateCheck(date), AtomCost.Parse);
            case ValueTest.FieldReference reference:
                return Tested(slot, new ReferenceCheck(fields.SlotOf(reference.Other), reference.Match, reference.Cased), AtomCost.Text);
            case ValueTest.Null:
                return slot == Anywhere ? Expression.False : Add(new Atom(slot, new NullAtom(slot), AtomCost.Presence, AtomNeed.AbsentOrNull, []));
            case ValueTest.Exists exists:
                return slot == Anywhere ? Expression.False : Add(new Atom(slot, new ExistsAtom(slot, exists.Expected), AtomCost.Presence, exists.Expected ? AtomNeed.Present : AtomNeed.Absent, []));
            default:
                throw new ArgumentOutOfRangeException(nameof(test));
        }
    }

    // Searching for literals costs next to nothing; the expression is only run where those it needs occur.
    private Expression OfRegex(int slot, ValueTest.Regex test)
    {
        var found = Tested(slot, new RegexCheck(regexes(test)), AtomCost.Regex);
        return Expression.And([.. RegexLiterals.Of(test.Pattern).Select(needed => Expression.Or(needed.Select(Containing))), found]);

        Expression Containing(string literal) =>
            Express(slot, new ValueTest.Text(new TextPattern([PatternPart.AnyMany, PatternPart.Of(literal), PatternPart.AnyMany]), false));
    }

    // Short keywords would make it impossible to rule events out by their bytes.
    private static bool IsSearchable(int slot, TextTest test) => LiteralSearch.LengthOf(test) >= (slot == Anywhere ? GramTable.GramLength : 1) || test.Shape == TextShape.Exact;

    private int Number(int slot, ValueTest.Text test)
    {
        if (_textNumbers.TryGetValue((slot, test), out var number))
        {
            _texts[number] = (_texts[number].Test, _texts[number].Uses + 1);
            return number;
        }

        _texts.Add((new TextTest(test.Pattern, test.Cased), 1));
        _textNumbers.Add((slot, test), _texts.Count - 1);
        return _texts.Count - 1;
    }

    private Expression Searched(int slot, int[] texts)
    {
        if (!_searches.TryGetValue(slot, out var search)) _searches.Add(slot, search = new LiteralSearch.Builder());
        foreach (var text in texts) search.Add(_texts[text].Test, _atoms.Count);
        return Add(new Atom(slot, null, AtomCost.Searched, AtomNeed.Present, texts));
    }

    private Expression Tested(int slot, ValueCheck check, AtomCost cost) =>
        Add(new Atom(slot, slot == Anywhere ? new KeywordAtom(check) : new FieldAtom(slot, check), cost, slot == Anywhere ? AtomNeed.Nothing : AtomNeed.Present, []));

    private Expression Add(Atom atom)
    {
        _atoms.Add(atom);
        return Expression.OfAtom(_atoms.Count - 1);
    }
}

/// <summary>A test of a route.</summary>
/// <param name="Slot">The field, or -1 for keywords.</param>
/// <param name="Test">How it is tested on demand; null when a literal search answers it.</param>
/// <param name="Cost">How dear testing is.</param>
/// <param name="Need">What must be so of the field for the test to hold.</param>
/// <param name="Texts">The numbers of the texts of which one must be there, when a search answers it.</param>
internal sealed record Atom(int Slot, AtomTest? Test, AtomCost Cost, AtomNeed Need, int[] Texts);

/// <summary>How dear a test is; cheap ones are asked first.</summary>
internal enum AtomCost
{
    Searched,
    Presence,
    Text,
    Parse,
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
