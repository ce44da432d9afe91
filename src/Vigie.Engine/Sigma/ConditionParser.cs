using System.Collections.Immutable;

namespace Vigie.Engine.Sigma;

/// <summary>
/// Reads conditions (specification, "Condition"). From the loosest to the tightest: <c>or</c>, <c>and</c>, <c>not</c>,
/// <c>1 of</c> and <c>all of</c>, parentheses.
/// </summary>
/// <param name="detections">The detections by name, in their order.</param>
/// <param name="used">Gets the names that the condition reaches.</param>
internal sealed class ConditionParser(IReadOnlyList<KeyValuePair<string, Term>> detections, ISet<string> used)
{
    /// <summary>The most words of a rule's conditions, together.</summary>
    public const int MaxTokens = 4000;

    /// <summary>The most detections that patterns may choose, each counted as often as it is chosen.</summary>
    public const int MaxChosen = 50_000;

    private const int MaxDepth = 64;

    private readonly List<string> _tokens = [];
    private int _at;
    private int _read;
    private int _chosen;

    /// <summary>The term of <paramref name="condition"/>.</summary>
    /// <exception cref="SigmaValueException">It is no condition.</exception>
    public Term Parse(string condition)
    {
        _tokens.Clear();
        _at = 0;
        Split(condition);
        if (_tokens.Count == 0) throw Wrong("condition.empty", "the condition is empty", "la condition est vide");
        _read += _tokens.Count;
        if (_read > MaxTokens) throw Wrong("condition.too-long", $"the conditions have more than {MaxTokens} words", $"les conditions ont plus de {MaxTokens} mots");
        var term = Or(0);
        return _at == _tokens.Count ? term : throw Wrong("condition.syntax", $"'{Shown()}' does not belong here; 'and' or 'or' is missing before it", $"« {Shown()} » n'a pas sa place ici ; il manque « and » ou « or » avant");
    }

    private void Split(string condition)
    {
        var start = -1;
        for (var i = 0; i <= condition.Length; i++)
        {
            var isEnd = i == condition.Length || char.IsWhiteSpace(condition[i]) || condition[i] is '(' or ')';
            if (isEnd && start >= 0)
            {
                _tokens.Add(condition[start..i]);
                start = -1;
            }

            if (!isEnd && start < 0) start = i;
            if (i < condition.Length && condition[i] is '(' or ')') _tokens.Add(condition[i].ToString());
        }
    }

    private Term Or(int depth)
    {
        var terms = ImmutableArray.CreateBuilder<Term>();
        do terms.Add(And(depth));
        while (Take("or"));
        return Terms.AnyOf(terms.DrainToImmutable());
    }

    private Term And(int depth)
    {
        var terms = ImmutableArray.CreateBuilder<Term>();
        do terms.Add(Not(depth));
        while (Take("and"));
        return Terms.AllOf(terms.DrainToImmutable());
    }

    private Term Not(int depth)
    {
        if (depth > MaxDepth) throw Wrong("condition.too-deep", $"the condition is more than {MaxDepth} levels deep", $"la condition a plus de {MaxDepth} niveaux");
        return Take("not") ? new Term.Not(Not(depth + 1)) : Primary(depth);
    }

    private Term Primary(int depth)
    {
        if (_at == _tokens.Count) throw Wrong("condition.syntax", "the condition ends too early", "la condition s'arrête trop tôt");
        if (Take("("))
        {
            var inner = Or(depth + 1);
            return Take(")") ? inner : throw Wrong("condition.syntax", "a closing parenthesis is missing", "il manque une parenthèse fermante");
        }

        if (_at + 1 < _tokens.Count && Is(_at + 1, "of")) return Quantified();
        if (Is(_at, "and") || Is(_at, "or") || Is(_at, "of") || Is(_at, ")")) throw Wrong("condition.syntax", $"'{Shown()}' does not belong here", $"« {Shown()} » n'a pas sa place ici");
        var name = _tokens[_at++];
        return Find(name) ?? throw Wrong("condition.unknown-detection", $"there is no detection '{name}'", $"il n'y a pas de détection « {name} »");
    }

    private Term Quantified()
    {
        var count = _tokens[_at];
        var isAll = Is(_at, "all");
        if (!isAll && count != "1" && !Is(_at, "any"))
            throw Wrong("condition.quantifier", $"the specification has '1 of' and 'all of', not '{count} of'", $"la spécification connaît « 1 of » et « all of », pas « {count} of »");
        _at += 2;
        if (_at == _tokens.Count || _tokens[_at] is "(" or ")") throw Wrong("condition.syntax", "'of' is followed by 'them' or by the name of detections", "« of » est suivi de « them » ou d'un nom de détections");
        var pattern = _tokens[_at++];
        var chosen = ImmutableArray.CreateBuilder<Term>();
        foreach (var (name, term) in detections)
        {
            if (!Chooses(pattern, name)) continue;
            used.Add(name);
            chosen.Add(new Term.Named(name, term));
            if (++_chosen > MaxChosen) throw Wrong("condition.too-long", $"its patterns choose more than {MaxChosen} detections", $"ses motifs choisissent plus de {MaxChosen} détections");
        }

        if (chosen.Count == 0) throw Wrong("condition.unknown-detection", $"no detection is meant by '{pattern}'", $"aucune détection ne correspond à « {pattern} »");
        return isAll ? Terms.AllOf(chosen.DrainToImmutable()) : Terms.AnyOf(chosen.DrainToImmutable());
    }

    // A name that begins with an underscore is left out "by convention", unless the pattern spells the underscore.
    private static bool Chooses(string pattern, string name)
    {
        if (name.StartsWith('_') && !pattern.StartsWith('_')) return false;
        return string.Equals(pattern, "them", StringComparison.OrdinalIgnoreCase) || Glob.Matches(pattern, name);
    }

    private Term.Named? Find(string name)
    {
        foreach (var (known, term) in detections)
        {
            if (!string.Equals(known, name, StringComparison.Ordinal)) continue;
            used.Add(name);
            return new Term.Named(name, term);
        }

        return null;
    }

    private bool Take(string word)
    {
        if (_at == _tokens.Count || !Is(_at, word)) return false;
        _at++;
        return true;
    }

    private bool Is(int at, string word) => string.Equals(_tokens[at], word, StringComparison.OrdinalIgnoreCase);

    private string Shown() => _tokens[_at].Length > 60 ? _tokens[_at][..60] + "…" : _tokens[_at];

    private static SigmaValueException Wrong(string code, string english, string french) => new(code, new Bilingual(english, french));
}
