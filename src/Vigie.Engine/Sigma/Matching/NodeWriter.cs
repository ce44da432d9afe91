namespace Vigie.Engine.Sigma.Matching;

/// <summary>Lays expressions out as nodes, cheap ones first among those whose order does not matter.</summary>
internal sealed class NodeWriter(AtomTable atoms)
{
    private readonly List<Node> _nodes = [];

    public Node[] ToArray() => [.. _nodes];

    /// <summary>Writes an expression and returns the place of its first node.</summary>
    public int Write(Expression expression)
    {
        var at = _nodes.Count;
        _nodes.Add(default);
        foreach (var child in expression.Children.OrderBy(Cost)) Write(child);
        _nodes[at] = new Node(KindOf(expression), expression.Atom, _nodes.Count);
        return at;
    }

    private NodeKind KindOf(Expression expression) => expression.Kind switch
    {
        ExpressionKind.Atom => atoms.All[expression.Atom].Test is null ? NodeKind.Searched : NodeKind.Tested,
        ExpressionKind.Not => NodeKind.Not,
        // Without children And is true and Or is false, which is what constants are written as.
        ExpressionKind.And or ExpressionKind.True => NodeKind.And,
        _ => NodeKind.Or,
    };

    private int Cost(Expression expression)
    {
        if (expression.Kind == ExpressionKind.Atom) return (int)atoms.All[expression.Atom].Cost;
        var cost = 0;
        foreach (var child in expression.Children) cost = Math.Max(cost, Cost(child));
        return cost;
    }
}
