using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Vigie.Engine.Sigma;

/// <summary>Applies text modifiers to patterns, in their order; one value may become several.</summary>
internal static class TextSteps
{
    /// <summary>The most characters of a value whose dashes are permuted.</summary>
    private const int MaxPermuted = 2000;

    /// <summary>More dashes than these make one regular expression instead of 5 to that power patterns.</summary>
    private const int MaxDashes = 4;

    // Modifiers appendix: hyphen, slash, en dash, em dash, horizontal bar.
    private static readonly ImmutableArray<char> Dashes = ['-', '/', '\u2013', '\u2014', '\u2015'];

    /// <summary>What <paramref name="value"/> becomes.</summary>
    /// <exception cref="SigmaValueException">A modifier cannot be applied to it.</exception>
    public static IEnumerable<TextPattern> Apply(TextPattern value, ImmutableArray<TextStep> steps)
    {
        IEnumerable<Text> texts = [new Text(value, IsBytes: false)];
        foreach (var step in steps) texts = texts.SelectMany(t => Apply(t, step)).ToList();
        return texts.Select(t => t.Pattern).Distinct();
    }

    /// <summary>The pattern of a value whose modifiers do no more than say where it stands; null when they do more.</summary>
    public static TextPattern? PlaceOnly(string written, ImmutableArray<TextStep> steps, bool isKeyword)
    {
        if (steps.Length > 1) return null;
        var step = steps is [var only] ? only : isKeyword ? TextStep.Contains : (TextStep?)null;
        return step switch
        {
            null => TextPattern.Parse(written),
            TextStep.Contains => TextPattern.Parse(written, before: true, after: true),
            TextStep.StartsWith => TextPattern.Parse(written, before: false, after: true),
            TextStep.EndsWith => TextPattern.Parse(written, before: true, after: false),
            _ => null,
        };
    }

    /// <summary>Whether windash would make too many patterns of <paramref name="value"/>, so that <see cref="WindashRegex"/> must stand for them.</summary>
    public static bool NeedsWindashRegex(TextPattern value, ImmutableArray<TextStep> steps)
    {
        if (!steps.Contains(TextStep.Windash)) return false;
        if (value.Parts.Sum(p => p.Literal.Length) > MaxPermuted)
            throw new SigmaValueException("value.too-many", new Bilingual($"the dashes of more than {MaxPermuted} characters are not permuted", $"les tirets de plus de {MaxPermuted} caractères ne sont pas permutés"));
        return CountDashes(value) > MaxDashes;
    }

    /// <summary>All permutations of the dashes of a value as one expression.</summary>
    public static ValueTest.Regex WindashRegex(TextPattern value, ImmutableArray<TextStep> steps, bool cased)
    {
        if (steps.Any(s => s is not (TextStep.Windash or TextStep.Contains or TextStep.StartsWith or TextStep.EndsWith)))
        {
            throw new SigmaValueException("value.too-many", new Bilingual(
                $"more than {MaxDashes} dashes cannot be permuted and then encoded", $"plus de {MaxDashes} tirets ne peuvent être permutés puis encodés"));
        }

        var placed = Apply(value, steps.Remove(TextStep.Windash)).Single();
        var expression = new StringBuilder(@"\A");
        foreach (var part in placed.Parts)
        {
            if (part.Kind == PatternPartKind.AnyMany) expression.Append(".*");
            else if (part.Kind == PatternPartKind.AnyOne) expression.Append(@"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|.)");
            else foreach (var c in part.Literal) expression.Append(Dashes.Contains(c) ? "[-/\u2013\u2014\u2015]" : Regex.Escape(c.ToString()));
        }

        return new ValueTest.Regex(expression.Append(@"\z").ToString(), !cased, MultiLine: false, SingleLine: true);
    }

    private static IEnumerable<Text> Apply(Text text, TextStep step) => step switch
    {
        TextStep.Contains => [text.Surrounded(before: true, after: true)],
        TextStep.StartsWith => [text.Surrounded(before: false, after: true)],
        TextStep.EndsWith => [text.Surrounded(before: true, after: false)],
        TextStep.Windash => Windash(text.Pattern).Select(p => new Text(p, false)),
        TextStep.Base64 => [Encoded(Convert.ToBase64String(Bytes(text)))],
        TextStep.Base64Offset => Base64Offsets(Bytes(text)).Select(Encoded),
        TextStep.Utf16Le => [Wide(text, Encoding.Unicode, "")],
        TextStep.Utf16Be => [Wide(text, Encoding.BigEndianUnicode, "")],
        _ => [Wide(text, Encoding.Unicode, "\u00FF\u00FE")],
    };

    private static IEnumerable<TextPattern> Windash(TextPattern pattern)
    {
        IEnumerable<ImmutableArray<PatternPart>> made = [[]];
        foreach (var part in pattern.Parts)
        {
            var variants = part.Kind == PatternPartKind.Literal ? Permute(part.Literal).Select(PatternPart.Of).ToList() : [part];
            made = made.SelectMany(begun => variants.Select(v => begun.Add(v))).ToList();
        }

        return made.Select(parts => TextPattern.Of(parts));
    }

    private static List<string> Permute(string literal)
    {
        List<string> made = [literal];
        for (var i = 0; i < literal.Length; i++)
        {
            if (!Dashes.Contains(literal[i])) continue;
            var at = i;
            made = [.. made.SelectMany(text => Dashes.Select(dash => string.Concat(text.AsSpan(0, at), [dash], text.AsSpan(at + 1))))];
        }

        return made;
    }

    private static int CountDashes(TextPattern pattern) => pattern.Parts.Sum(p => p.Literal.Count(c => Dashes.Contains(c)));

    // Bytes that no text encoding makes text of again are shown one character each (ISO 8859-1), as logs of raw bytes do.
    private static Text Wide(Text text, Encoding encoding, string mark)
    {
        var parts = text.Pattern.Parts.Select(p => p.Kind == PatternPartKind.Literal
            ? PatternPart.Of(Encoding.Latin1.GetString(encoding.GetBytes(p.Literal)))
            : p);
        return new Text(TextPattern.Of(parts.Prepend(PatternPart.Of(mark))), IsBytes: true);
    }

    private static byte[] Bytes(Text text)
    {
        if (!text.Pattern.IsLiteral)
            throw new SigmaValueException("value.wildcard-encoded", new Bilingual(@"a wildcard cannot be encoded; write \* or \? for the character itself", @"un joker ne s'encode pas ; écrire \* ou \? pour le caractère lui-même"));
        var literal = text.Pattern.Parts.Length == 0 ? "" : text.Pattern.Parts[0].Literal;
        return text.IsBytes ? Encoding.Latin1.GetBytes(literal) : Encoding.UTF8.GetBytes(literal);
    }

    // RFC 4648 §4: a character stands for six bits. With the value at any of the three offsets in its group, the characters that
    // also hold bits of what comes before or after it are not determined by the value, so they are left out.
    private static IEnumerable<string> Base64Offsets(byte[] bytes)
    {
        if (bytes.Length < 2)
            throw new SigmaValueException("value.too-short", new Bilingual("one byte has no Base64 character of its own at every offset; write at least two", "un octet n'a pas de caractère Base64 propre à chaque décalage ; en écrire au moins deux"));
        for (var offset = 0; offset < 3; offset++)
        {
            var encoded = Convert.ToBase64String([.. new byte[offset], .. bytes]);
            var first = ((offset * 8) + 5) / 6;
            var end = (offset + bytes.Length) * 8 / 6;
            yield return encoded[first..end];
        }
    }

    private static Text Encoded(string base64) => new(TextPattern.Literal(base64), IsBytes: false);

    private readonly record struct Text(TextPattern Pattern, bool IsBytes)
    {
        public Text Surrounded(bool before, bool after)
        {
            IEnumerable<PatternPart> parts = Pattern.Parts;
            if (before) parts = parts.Prepend(PatternPart.AnyMany);
            if (after) parts = parts.Append(PatternPart.AnyMany);
            return this with { Pattern = TextPattern.Of(parts) };
        }
    }
}

/// <summary>A value that its modifiers cannot be applied to; caught where the line is known.</summary>
internal sealed class SigmaValueException(string code, Bilingual why) : Exception(why.English)
{
    public string Code { get; } = code;

    public Bilingual Why { get; } = why;
}
