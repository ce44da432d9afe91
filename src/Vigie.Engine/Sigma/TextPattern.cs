using System.Collections.Immutable;

namespace Vigie.Engine.Sigma;

/// <summary>
/// A text with wildcards, escapes resolved: literal parts and wildcards in turn. <c>contains</c> is a pattern that
/// begins and ends with <see cref="PatternPart.AnyMany"/>. Wildcards match every character, line breaks included.
/// </summary>
/// <param name="Parts">Adjacent literals are joined, adjacent many-wildcards are one; empty matches only the empty text.</param>
public sealed record TextPattern(ImmutableArray<PatternPart> Parts)
{
    /// <summary>Whether there is no wildcard in it.</summary>
    public bool IsLiteral => Parts.Length == 0 || (Parts.Length == 1 && Parts[0].Kind == PatternPartKind.Literal);

    /// <inheritdoc/>
    public bool Equals(TextPattern? other) => other is not null && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var part in Parts) hash.Add(part);
        return hash.ToHashCode();
    }
}

/// <summary>A piece of a <see cref="TextPattern"/>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Literal">The text of a literal, else empty.</param>
public readonly record struct PatternPart(PatternPartKind Kind, string Literal)
{
    /// <summary>Exactly one character: <c>?</c>.</summary>
    public static PatternPart AnyOne { get; } = new(PatternPartKind.AnyOne, "");

    /// <summary>Any number of characters: <c>*</c>.</summary>
    public static PatternPart AnyMany { get; } = new(PatternPartKind.AnyMany, "");

    /// <summary>Just this text.</summary>
    public static PatternPart Of(string literal) => new(PatternPartKind.Literal, literal);
}

/// <summary>What a <see cref="PatternPart"/> is.</summary>
public enum PatternPartKind
{
    /// <summary>Just its text.</summary>
    Literal,

    /// <summary>Exactly one character.</summary>
    AnyOne,

    /// <summary>Any number of characters, none included.</summary>
    AnyMany,
}
