using System.Collections.Immutable;
using System.Globalization;

namespace Vigie.Engine.Sigma;

/// <summary>Makes terms of the values that stand under a field, or under no field.</summary>
internal sealed class ValueLowering(ProblemSink problems, SigmaReaderOptions options)
{
    /// <summary>The most tests the values of one rule may become, beyond one for each.</summary>
    private const int MaxExpanded = 100_000;

    private readonly Placeholders _placeholders = new(options.Placeholders);
    private readonly List<string> _missing = [];
    private int _expanded;

    /// <summary>The placeholders that had no value so far.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>The term of <c>field|modifiers: value</c>; null after an error, which is reported.</summary>
    /// <param name="field">Empty for keywords.</param>
    /// <param name="chain">Its modifiers.</param>
    /// <param name="value">One value or a list.</param>
    /// <param name="line">The line of the key.</param>
    public Term? Lower(string field, ModifierChain chain, SigmaNode value, int line)
    {
        if (field.Length == 0 && chain.Kind is not (TestKind.Text or TestKind.Regex or TestKind.Cidr))
        {
            problems.Error(line, "modifier.needs-field", "Such a test needs a field.", "Un tel test exige un champ.");
            return null;
        }

        if (value is not SigmaList list) return LowerOne(field, chain, value, isMember: false) is { } one ? Finish(chain, [one]) : null;
        if (list.Items.Length == 0)
        {
            problems.Error(value.Line, "value.none", $"'{field}' has an empty list of values and could never be true.", $"« {field} » a une liste de valeurs vide et ne pourrait jamais être vrai.");
            return null;
        }

        if (chain.All && list.Items.Length == 1)
            problems.Warning(value.Line, "modifier.all-single", "'all' is not for a single value.", "« all » ne s'emploie pas avec une seule valeur.");
        var terms = ImmutableArray.CreateBuilder<Term>(list.Items.Length);
        foreach (var item in list.Items)
        {
            if (LowerOne(field, chain, item, isMember: true) is { } term) terms.Add(term);
        }

        return terms.Count == list.Items.Length ? Finish(chain, terms.DrainToImmutable()) : null;
    }

    private static Term Finish(ModifierChain chain, ImmutableArray<Term> terms)
    {
        var joined = chain.All ? Terms.AllOf(terms) : Terms.AnyOf(terms);
        return chain.NotEqual ? new Term.Not(joined) : joined;
    }

    private Term? LowerOne(string field, ModifierChain chain, SigmaNode value, bool isMember)
    {
        if (value is not SigmaScalar scalar)
        {
            problems.Error(value.Line, "value.nested", $"A value of '{field}' is a text, a number, true, false or null, and no map or list.", $"Une valeur de « {field} » est un texte, un nombre, true, false ou null, ni table ni liste.");
            return null;
        }

        if (scalar.IsNull) return LowerNull(field, chain, scalar, isMember);
        try
        {
            return LowerText(field, chain, scalar);
        }
        catch (SigmaValueException e)
        {
            problems.Error(scalar.Line, e.Code, $"'{field}': {e.Why.English}.", $"« {field} » : {e.Why.French}.");
            return null;
        }
    }

    private Term.Field? LowerNull(string field, ModifierChain chain, SigmaScalar scalar, bool isMember)
    {
        if (isMember)
        {
            problems.Error(scalar.Line, "value.null-in-list", "null cannot be one of several values; give it a selection of its own.", "null ne peut figurer parmi d'autres valeurs ; lui donner sa propre sélection.");
            return null;
        }

        if (field.Length > 0 && chain.Kind == TestKind.Text && chain.Steps.Length == 0 && !chain.Cased && !chain.Expand)
            return new Term.Field(field, new ValueTest.Null(), scalar.Line);
        problems.Error(scalar.Line, "value.null", "null stands without modifiers other than 'neq', and under a field.", "null s'emploie sans modificateur autre que « neq », et sous un champ.");
        return null;
    }

    private Term LowerText(string field, ModifierChain chain, SigmaScalar scalar)
    {
        // Nearly every value of every rule: one text, one test.
        if (chain is { Kind: TestKind.Text, Expand: false } && TextSteps.PlaceOnly(scalar.Value, chain.Steps, isKeyword: field.Length == 0) is { } pattern)
            return Leaf(field, new ValueTest.Text(pattern, chain.Cased), scalar.Line);
        List<string> values = [scalar.Value];
        if (chain.Expand)
        {
            values = _placeholders.Expand(scalar.Value, Converter(chain.Kind), out var missing);
            if (missing is not null)
            {
                _missing.Add(missing);
                return new Term.Constant(false, $"the placeholder %{missing}% has no value");
            }
        }

        var tests = values.SelectMany(value => Tests(field, chain, value)).Distinct().Take(MaxExpanded + 1).ToList();
        _expanded += tests.Count;
        if (_expanded > MaxExpanded)
            throw new SigmaValueException("value.too-many", new Bilingual($"the rule's values become more than {MaxExpanded}", $"les valeurs de la règle deviennent plus de {MaxExpanded}"));
        return Terms.AnyOf([.. tests.Select(test => Leaf(field, test, scalar.Line))]);
    }

    private static Term Leaf(string field, ValueTest test, int line) => field.Length == 0 ? new Term.Keyword(test, line) : new Term.Field(field, test, line);

    private static IEnumerable<ValueTest> Tests(string field, ModifierChain chain, string value) => chain.Kind switch
    {
        TestKind.Regex => [Regex(chain, value)],
        TestKind.Cidr => [FieldAddress.TryNetwork(value) ?? throw Malformed("cidr", value, "a network such as 10.0.0.0/8 or 2001:db8::/32", "un réseau tel que 10.0.0.0/8 ou 2001:db8::/32")],
        TestKind.Number => [new ValueTest.Number(chain.Comparison!.Value, Number(value))],
        TestKind.Date => [new ValueTest.Date(chain.Part, chain.Comparison ?? Comparison.Equal, WholeNumber(value))],
        TestKind.Exists => [new ValueTest.Exists(Boolean(value))],
        TestKind.Reference => [Reference(chain, value)],
        _ => Texts(field, chain, value),
    };

    private static IEnumerable<ValueTest> Texts(string field, ModifierChain chain, string value)
    {
        var steps = chain.Steps;
        // "Keywords search": across the entire event, so a keyword may stand anywhere in a value unless the rule places it.
        if (field.Length == 0 && !steps.Any(s => s is TextStep.StartsWith or TextStep.EndsWith or TextStep.Contains)) steps = steps.Add(TextStep.Contains);
        var pattern = TextPattern.Parse(value);
        return TextSteps.NeedsWindashRegex(pattern, steps)
            ? [TextSteps.WindashRegex(pattern, steps, chain.Cased)]
            : TextSteps.Apply(pattern, steps).Select(p => new ValueTest.Text(p, chain.Cased));
    }

    private static ValueTest.Regex Regex(ModifierChain chain, string value)
    {
        var test = new ValueTest.Regex(value, Has('i'), Has('m'), Has('s'));
        if (SigmaRegex.Check(test) is { } why) throw new SigmaValueException("regex.invalid", new Bilingual($"malformed regular expression: {why}", $"expression régulière mal formée : {why}"));
        return test;

        bool Has(char flag) => chain.RegexFlags.Contains(flag, StringComparison.Ordinal);
    }

    private static ValueTest.FieldReference Reference(ModifierChain chain, string value)
    {
        if (value.Length == 0) throw Malformed("fieldref", value, "the name of a field", "le nom d'un champ");
        return new ValueTest.FieldReference(value, chain.Steps is [var step] ? step switch
        {
            TextStep.StartsWith => ReferenceMatch.StartsWith,
            TextStep.EndsWith => ReferenceMatch.EndsWith,
            _ => ReferenceMatch.Contains,
        }
        : ReferenceMatch.Equals, chain.Cased);
    }

    private static decimal Number(string value) =>
        FieldNumber.TryParse(value, out var number) ? number : throw Malformed("lt, lte, gt, gte", value, "a number", "un nombre");

    private static int WholeNumber(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Malformed("minute … year", value, "a whole number", "un nombre entier");

    private static bool Boolean(string value) => new SigmaScalar(value, true, 0).Boolean ?? throw Malformed("exists", value, "true or false", "true ou false");

    // As a text of its own, so that a backslash at its end takes no wildcard away that follows.
    private static Func<string, string> Converter(TestKind kind) => kind switch
    {
        TestKind.Regex => ToRegex,
        TestKind.Text => static value => TextPattern.Parse(value).ToString(),
        _ => static value => value,
    };

    // A placeholder's value is a Sigma text also where it becomes a part of a regular expression.
    private static string ToRegex(string value) => string.Concat(TextPattern.Parse(value).Parts.Select(part => part.Kind switch
    {
        PatternPartKind.AnyMany => ".*",
        PatternPartKind.AnyOne => ".",
        _ => System.Text.RegularExpressions.Regex.Escape(part.Literal),
    }));

    private static SigmaValueException Malformed(string modifier, string value, string english, string french)
    {
        var shown = value.Length > 80 ? value[..80] + "…" : value;
        return new SigmaValueException("value.malformed", new Bilingual($"'{modifier}' takes {english}, and '{shown}' is none", $"« {modifier} » attend {french}, ce que « {shown} » n'est pas"));
    }
}
