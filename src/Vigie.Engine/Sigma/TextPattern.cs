using System.Collections.Immutable;
using System.Text;

namespace Vigie.Engine.Sigma;

/// <summary>
/// A text with wildcards, escapes resolved: literal parts and wildcards in turn. <c>contains</c> is a pattern that
/// begins and ends with <see cref="PatternPart.AnyMany"/>. Wildcards match every character, line breaks included; a character is a
/// Unicode scalar value, not a unit of some encoding. Without case means equal under <see cref="CaseFolding"/>.
/// </summary>
/// <param name="Parts">Adjacent literals are joined, adjacent many-wildcards are one; empty matches only the empty text.</param>
public sealed record TextPattern(ImmutableArray<PatternPart> Parts)
{
    /// <summary>Whether there is no wildcard in it.</summary>
    public bool IsLiteral => Parts.Length == 0 || (Parts.Length == 1 && Parts[0].Kind == PatternPartKind.Literal);

    /// <summary>
    /// Reads a value as the specification writes it ("String Wildcard", "Escape Character"): <c>*</c> and <c>?</c> are wildcards, a backslash
    /// takes that meaning from them and from a further backslash, and is itself before anything else.
    /// </summary>
    /// <param name="written">The value.</param>
    /// <param name="before">Whether anything may stand before it.</param>
    /// <param name="after">Whether anything may stand after it.</param>
    public static TextPattern Parse(string written, bool before = false, bool after = false)
    {
        if (!written.AsSpan().ContainsAny('*', '?') && !written.Contains(@"\\", StringComparison.Ordinal)) return Surround(written, before, after);
        var parts = new List<PatternPart>();
        if (before) parts.Add(PatternPart.AnyMany);
        var literal = new StringBuilder(written.Length);
        for (var i = 0; i < written.Length; i++)
        {
            var c = written[i];
            if (c == '\\' && i + 1 < written.Length && (written[i + 1] is '\\' or '*' or '?'))
            {
                literal.Append(written[++i]);
            }
            else if (c is '*' or '?')
            {
                parts.Add(PatternPart.Of(literal.ToString()));
                literal.Clear();
                parts.Add(c == '*' ? PatternPart.AnyMany : PatternPart.AnyOne);
            }
            else
            {
                literal.Append(c);
            }
        }

        parts.Add(PatternPart.Of(literal.ToString()));
        if (after) parts.Add(PatternPart.AnyMany);
        return Of(parts);
    }

    private static TextPattern Surround(string literal, bool before, bool after) => (literal.Length, before, after) switch
    {
        (0, false, false) => new TextPattern([]),
        (0, _, _) => new TextPattern([PatternPart.AnyMany]),
        (_, false, false) => new TextPattern([PatternPart.Of(literal)]),
        (_, true, false) => new TextPattern([PatternPart.AnyMany, PatternPart.Of(literal)]),
        (_, false, true) => new TextPattern([PatternPart.Of(literal), PatternPart.AnyMany]),
        _ => new TextPattern([PatternPart.AnyMany, PatternPart.Of(literal), PatternPart.AnyMany]),
    };

    /// <summary>A text without wildcards.</summary>
    public static TextPattern Literal(string text) => Of([PatternPart.Of(text)]);

    /// <summary>A pattern of these parts, brought into its one form: no empty literals, adjacent literals and adjacent many-wildcards joined.</summary>
    public static TextPattern Of(IEnumerable<PatternPart> parts)
    {
        var joined = ImmutableArray.CreateBuilder<PatternPart>();
        foreach (var part in parts)
        {
            if (part.Kind == PatternPartKind.Literal && part.Literal.Length == 0) continue;
            if (joined.Count > 0 && joined[^1].Kind == part.Kind && part.Kind != PatternPartKind.AnyOne)
            {
                if (part.Kind == PatternPartKind.Literal) joined[^1] = PatternPart.Of(joined[^1].Literal + part.Literal);
                continue;
            }

            joined.Add(part);
        }

        return new TextPattern(joined.DrainToImmutable());
    }

    /// <summary>The pattern as the specification would have it written.</summary>
    public override string ToString()
    {
        var written = new StringBuilder();
        foreach (var part in Parts)
        {
            switch (part.Kind)
            {
                case PatternPartKind.AnyMany: written.Append('*'); break;
                case PatternPartKind.AnyOne: written.Append('?'); break;
                default: Escape(part.Literal, written); break;
            }
        }

        return written.ToString();
    }

    // A backslash needs doubling only where it would otherwise take the meaning from what follows.
    private static void Escape(string literal, StringBuilder written)
    {
        for (var i = 0; i < literal.Length; i++)
        {
            var isLast = i == literal.Length - 1;
            if (literal[i] is '*' or '?' || (literal[i] == '\\' && (isLast || literal[i + 1] is '\\' or '*' or '?'))) written.Append('\\');
            written.Append(literal[i]);
        }
    }

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
