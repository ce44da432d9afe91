namespace Vigie.Engine.Sigma.Matching;

/// <summary>A condition while a route is built: terms with their atoms numbered and constants folded away.</summary>
internal sealed class Expression
{
    private Expression(ExpressionKind kind, int atom, Expression[] children)
    {
        Kind = kind;
        Atom = atom;
        Children = children;
    }

    public static Expression True { get; } = new(ExpressionKind.True, -1, []);

    public static Expression False { get; } = new(ExpressionKind.False, -1, []);

    public ExpressionKind Kind { get; }

    public int Atom { get; }

    public Expression[] Children { get; }

    public static Expression OfAtom(int atom) => new(ExpressionKind.Atom, atom, []);

    public static Expression Not(Expression inner) => inner.Kind switch
    {
        ExpressionKind.True => False,
        ExpressionKind.False => True,
        ExpressionKind.Not => inner.Children[0],
        _ => new Expression(ExpressionKind.Not, -1, [inner]),
    };

    public static Expression And(IEnumerable<Expression> terms) => Join(ExpressionKind.And, terms, True, False);

    public static Expression Or(IEnumerable<Expression> terms) => Join(ExpressionKind.Or, terms, False, True);

    private static Expression Join(ExpressionKind kind, IEnumerable<Expression> terms, Expression neutral, Expression decisive)
    {
        var joined = new List<Expression>();
        foreach (var term in terms)
        {
            if (term.Kind == decisive.Kind) return decisive;
            if (term.Kind == neutral.Kind) continue;
            if (term.Kind == kind) joined.AddRange(term.Children);
            else joined.Add(term);
        }

        return joined.Count switch
        {
            0 => neutral,
            1 => joined[0],
            _ => new Expression(kind, -1, [.. joined]),
        };
    }
}

internal enum ExpressionKind : byte
{
    True,
    False,
    Atom,
    Not,
    And,
    Or,
}
