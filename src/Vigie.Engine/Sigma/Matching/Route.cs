namespace Vigie.Engine.Sigma.Matching;

/// <summary>The rules that apply to one class of events, made ready to be matched together. Immutable.</summary>
internal sealed class Route
{
    /// <summary>What a class has that no rule is for.</summary>
    public static Route Empty { get; } = new();

    /// <summary>The conditions: a unit is one condition of one rule.</summary>
    public Unit[] Units { get; init; } = [];

    /// <summary>The nodes of all conditions, each before its children.</summary>
    public Node[] Nodes { get; init; } = [];

    /// <summary>By atom: the test to make on demand; null for atoms that the literal searches answer.</summary>
    public AtomTest?[] Atoms { get; init; } = [];

    /// <summary>The fields to look into.</summary>
    public Lookup[] Lookups { get; init; } = [];

    /// <summary>What is looked for in every value; null when no rule has keywords.</summary>
    public LiteralSearch? Keywords { get; init; }

    /// <summary>What rules most events out for <see cref="Keywords"/>; null when they are too many.</summary>
    public KeywordFilter? KeywordFilter { get; init; }

    /// <summary>By atom and one more: where the units begin that the atom brings into question.</summary>
    public int[] TriggerStarts { get; init; } = [0];

    /// <summary>Units, by <see cref="TriggerStarts"/>.</summary>
    public int[] Triggered { get; init; } = [];

    /// <summary>Units that nothing rules out: evaluated for every event.</summary>
    public int[] Always { get; init; } = [];
}

/// <summary>One condition of one rule.</summary>
/// <param name="Rule">The rule's place in the set.</param>
/// <param name="Condition">The condition's place in the rule.</param>
/// <param name="Node">Its first node.</param>
internal readonly record struct Unit(int Rule, int Condition, int Node);

/// <summary>What is done with the values of one field.</summary>
/// <param name="Slot">The field.</param>
/// <param name="Search">What to look for; null when its presence is all that matters.</param>
/// <param name="Present">Units that come into question when the field is there.</param>
internal sealed record Lookup(int Slot, LiteralSearch? Search, int[] Present);

/// <summary>A piece of a condition.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Atom">The atom of a leaf.</param>
/// <param name="End">One past its last descendant.</param>
internal readonly record struct Node(NodeKind Kind, int Atom, int End);

internal enum NodeKind : byte
{
    /// <summary>An atom that a literal search answers.</summary>
    Searched,

    /// <summary>An atom that is tested on demand.</summary>
    Tested,

    Not,
    And,
    Or,
}
