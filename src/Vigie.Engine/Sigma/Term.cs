using System.Collections.Immutable;

namespace Vigie.Engine.Sigma;

/// <summary>
/// What a condition comes down to once modifiers are applied and names resolved. The one form that the interpreter,
/// the matcher, the linter and the explanation read.
/// </summary>
public abstract record Term
{
    private Term()
    {
    }

    /// <summary>True when every term is.</summary>
    public sealed record And(ImmutableArray<Term> Terms) : Term;

    /// <summary>True when one term is.</summary>
    public sealed record Or(ImmutableArray<Term> Terms) : Term;

    /// <summary>True when the term is not.</summary>
    public sealed record Not(Term Inner) : Term;

    /// <summary>A detection by its name in the rule; same truth as what it holds.</summary>
    public sealed record Named(string Name, Term Inner) : Term;

    /// <summary>One test of one field: true when one of the field's values passes.</summary>
    /// <param name="Name">The field's name as the rule has it after pipelines.</param>
    /// <param name="Test">What a value must pass.</param>
    /// <param name="Line">The line of the value in the rule file, from 1.</param>
    public sealed record Field(string Name, ValueTest Test, int Line) : Term;

    /// <summary>A keyword: true when one value of the whole event passes.</summary>
    public sealed record Keyword(ValueTest Test, int Line) : Term;

    /// <summary>Always so, or never; what placeholders without a value become, with the reason.</summary>
    public sealed record Constant(bool Value, string Why) : Term;
}

/// <summary>
/// What is asked of a value. A null value passes none but <see cref="Null"/> and <see cref="Exists"/>. The value of a container (a JSON object or
/// array) is its text as the log has it; keywords do not look at containers, because they see the values in them.
/// </summary>
public abstract record ValueTest
{
    private ValueTest()
    {
    }

    /// <summary>The text matches a pattern, as a whole.</summary>
    public sealed record Text(TextPattern Pattern, bool Cased) : ValueTest;

    /// <summary>A regular expression finds something in the text. <see cref="SigmaRegex"/> makes it searchable.</summary>
    public sealed record Regex(string Pattern, bool IgnoreCase, bool MultiLine, bool SingleLine) : ValueTest;

    /// <summary>The text is an address of a network (<see cref="FieldAddress.IsIn"/>). IPv4-mapped IPv6 addresses count as IPv4.</summary>
    /// <param name="Network">16 bytes, those behind the prefix zero; IPv4 as ::ffff:0:0/96.</param>
    /// <param name="PrefixLength">In bits of the 128.</param>
    /// <param name="Written">As the rule has it.</param>
    public sealed record Cidr(ImmutableArray<byte> Network, int PrefixLength, string Written) : ValueTest
    {
        /// <summary>Whether its addresses are IPv4.</summary>
        public bool IsV4 { get; } = PrefixLength >= FieldAddress.MappedPrefix && FieldAddress.IsMapped(Network.AsSpan());

        /// <inheritdoc/>
        public bool Equals(Cidr? other) => other is not null && PrefixLength == other.PrefixLength && Network.AsSpan().SequenceEqual(other.Network.AsSpan());

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(PrefixLength, Network[0], Network[12], Network[13], Network[15]);
    }

    /// <summary>The value is a number, or text that is one (<see cref="FieldNumber"/>), and compares so.</summary>
    public sealed record Number(Comparison Comparison, decimal Value) : ValueTest;

    /// <summary>The value compares so with the value of another field.</summary>
    public sealed record FieldReference(string Other, ReferenceMatch Match, bool Cased) : ValueTest;

    /// <summary>A part of a date (<see cref="FieldDate"/>) compares so: <c>hour|gte: 18</c> is <see cref="DatePart.Hour"/> with <see cref="Comparison.GreaterOrEqual"/>.</summary>
    public sealed record Date(DatePart Part, Comparison Comparison, int Value) : ValueTest;

    /// <summary>The field is missing, or has no value. The one test that a missing field passes, beside <see cref="Exists"/>.</summary>
    public sealed record Null : ValueTest;

    /// <summary>The field is there (or is not), whatever its value.</summary>
    public sealed record Exists(bool Expected) : ValueTest;
}

/// <summary>How two numbers compare.</summary>
public enum Comparison
{
    /// <summary>The same number.</summary>
    Equal,

    /// <summary>Smaller.</summary>
    Less,

    /// <summary>Smaller or the same.</summary>
    LessOrEqual,

    /// <summary>Larger.</summary>
    Greater,

    /// <summary>Larger or the same.</summary>
    GreaterOrEqual,
}

/// <summary>How the values of two fields compare.</summary>
public enum ReferenceMatch
{
    /// <summary>The same text.</summary>
    Equals,

    /// <summary>The field starts with the other's value.</summary>
    StartsWith,

    /// <summary>The field ends with the other's value.</summary>
    EndsWith,

    /// <summary>The field contains the other's value.</summary>
    Contains,
}

/// <summary>The part of a date that a time modifier takes; weeks as ISO 8601 counts them.</summary>
public enum DatePart
{
    /// <summary>0 to 59.</summary>
    Minute,

    /// <summary>0 to 23.</summary>
    Hour,

    /// <summary>1 to 31.</summary>
    Day,

    /// <summary>1 to 53.</summary>
    Week,

    /// <summary>1 to 12.</summary>
    Month,

    /// <summary>For example 2026.</summary>
    Year,
}
