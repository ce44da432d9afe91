using System.Globalization;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>One criterion of a correlation's condition: <c>gte: 10</c>.</summary>
/// <param name="Kind">How the value compares.</param>
/// <param name="Value">With what.</param>
public readonly record struct CorrelationBound(BoundKind Kind, decimal Value)
{
    /// <summary>
    /// Whether more events can make it true but never false again, so that it can be judged as soon as it holds.
    /// Where it is not, the window must be complete before anything can be said.
    /// </summary>
    public bool IsLower => Kind is BoundKind.Greater or BoundKind.GreaterOrEqual;

    /// <summary>Whether <paramref name="value"/> fulfils it.</summary>
    public bool Holds(decimal value) => Kind switch
    {
        BoundKind.Greater => value > Value,
        BoundKind.GreaterOrEqual => value >= Value,
        BoundKind.Less => value < Value,
        BoundKind.LessOrEqual => value <= Value,
        BoundKind.Equal => value == Value,
        _ => value != Value,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Sign} {Value.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The sign and the value as a culture writes numbers; they stay on one line.</summary>
    public string ToString(IFormatProvider culture) => $"{Sign}\u00a0{Value.ToString("#,0.######", culture)}";

    private string Sign => Kind switch
    {
        BoundKind.Greater => ">",
        BoundKind.GreaterOrEqual => "≥",
        BoundKind.Less => "<",
        BoundKind.LessOrEqual => "≤",
        BoundKind.Equal => "=",
        _ => "≠",
    };
}

/// <summary>The operators of a correlation's condition (specification, "Condition").</summary>
public enum BoundKind
{
    /// <summary><c>gt</c>.</summary>
    Greater,

    /// <summary><c>gte</c>.</summary>
    GreaterOrEqual,

    /// <summary><c>lt</c>.</summary>
    Less,

    /// <summary><c>lte</c>.</summary>
    LessOrEqual,

    /// <summary><c>eq</c>.</summary>
    Equal,

    /// <summary><c>neq</c>.</summary>
    NotEqual,
}
