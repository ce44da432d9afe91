using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>
/// Reads <see cref="TemporalExpression"/>. Operators bind as in detection conditions (rules specification, "Condition"):
/// <c>not</c> before <c>and</c> before <c>or</c>; case does not matter in them.
/// </summary>
internal ref struct TemporalExpressionParser
{
    private const int MaxDepth = 64;
    private const int MaxLength = 4096;

    private readonly ReadOnlySpan<char> _text;
    private int _position;
    private int _depth;
    private string? _error;

    private TemporalExpressionParser(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The expression, or what is wrong with it.</summary>
    public static TemporalExpression? Parse(string text, out string? error)
    {
        if (text.Length > MaxLength)
        {
            error = $"the condition is longer than {MaxLength} characters";
            return null;
        }

        var parser = new TemporalExpressionParser(text);
        var expression = parser.Or();
        if (parser._error is null && parser.Peek().Length > 0) parser.Fail($"'{parser.Peek()}' is not expected here");
        error = parser._error;
        return error is null ? expression : null;
    }

    private TemporalExpression? Or()
    {
        var terms = ImmutableArray.CreateBuilder<TemporalExpression>();
        do
        {
            if (And() is not { } term) return null;
            terms.Add(term);
        }
        while (Take("or"));
        return terms.Count == 1 ? terms[0] : new TemporalExpression.Or(terms.ToImmutable());
    }

    private TemporalExpression? And()
    {
        var terms = ImmutableArray.CreateBuilder<TemporalExpression>();
        do
        {
            if (Not() is not { } term) return null;
            terms.Add(term);
        }
        while (Take("and"));
        return terms.Count == 1 ? terms[0] : new TemporalExpression.And(terms.ToImmutable());
    }

    private TemporalExpression? Not()
    {
        if (++_depth > MaxDepth) return Fail($"the condition is nested more than {MaxDepth} levels deep");
        var term = Take("not") ? Negated() : Operand();
        _depth--;
        return term;
    }

    private TemporalExpression.Not? Negated() => Not() is { } inner ? new TemporalExpression.Not(inner) : null;

    private TemporalExpression? Operand()
    {
        if (Take("("))
        {
            var inner = Or();
            if (inner is null) return null;
            return Take(")") ? inner : Fail("a closing parenthesis is missing");
        }

        var word = Peek();
        if (word.Length == 0) return Fail("the condition ends where a rule name is expected");
        if (IsReserved(word)) return Fail($"'{word}' stands where a rule name is expected");
        Next();
        var quantified = word is "1" || word.Equals("all", StringComparison.OrdinalIgnoreCase) || word.Equals("any", StringComparison.OrdinalIgnoreCase);
        return quantified && Take("of") ? Quantified(word.Equals("all", StringComparison.OrdinalIgnoreCase)) : new TemporalExpression.Rule(word.ToString());
    }

    private TemporalExpression? Quantified(bool all)
    {
        var pattern = Peek();
        if (pattern.Length == 0 || IsReserved(pattern)) return Fail("'of' must be followed by a pattern of rule names, or by 'them'");
        Next();
        return new TemporalExpression.Of(all, pattern.Equals("them", StringComparison.OrdinalIgnoreCase) ? "*" : pattern.ToString());
    }

    private static bool IsReserved(ReadOnlySpan<char> word) =>
        word is ")" || word.Equals("and", StringComparison.OrdinalIgnoreCase) || word.Equals("or", StringComparison.OrdinalIgnoreCase);

    private bool Take(string word)
    {
        if (!Peek().Equals(word, StringComparison.OrdinalIgnoreCase)) return false;
        Next();
        return true;
    }

    private ReadOnlySpan<char> Peek()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position])) _position++;
        if (_position == _text.Length) return default;
        if (_text[_position] is '(' or ')') return _text.Slice(_position, 1);
        var end = _position;
        while (end < _text.Length && !char.IsWhiteSpace(_text[end]) && _text[end] is not ('(' or ')')) end++;
        return _text[_position..end];
    }

    private void Next() => _position += Peek().Length;

    private TemporalExpression? Fail(string error)
    {
        _error ??= error;
        return null;
    }
}
