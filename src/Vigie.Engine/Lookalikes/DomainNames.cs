using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Vigie.Engine.Lookalikes;

/// <summary>
/// The one place that turns what people and protocols write into a domain name: lower-case A-labels within the
/// limits of RFC 1035 §2.3.4, letters, digits and hyphens (RFC 5891 §4.2.3.1 for the hyphens), internationalized
/// labels mapped as UTS #46 does (width, case, compatibility forms) and encoded by RFC 3492. Never throws.
/// </summary>
/// <remarks>The bidirectional rule (RFC 5893) is not applied: it protects display, and rejecting such a name would let it pass unjudged.</remarks>
public static class DomainNames
{
    /// <summary>The longest name, in characters of its ASCII form without a final dot.</summary>
    public const int MaxLength = 253;

    /// <summary>The longest label, in characters of its ASCII form.</summary>
    public const int MaxLabelLength = 63;

    // Longer input cannot be a name: every character of it would have to vanish in the mapping.
    private const int MaxInput = 4 * MaxLength;

    private static readonly Bilingual Empty = new("the name is empty", "le nom est vide");
    private static readonly Bilingual TooLong = new("the name is too long", "le nom est trop long");
    private static readonly Bilingual Forbidden = new("the name contains a character that no domain name may contain", "le nom contient un caractère qu’aucun nom de domaine ne peut contenir");
    private static readonly Bilingual Address = new("the last part is a number, as in an address", "la dernière partie est un nombre, comme dans une adresse IP");
    private static readonly Bilingual EmptyLabel = new("two dots follow each other, or the name begins with one", "deux points se suivent, ou le nom commence par un point");
    private static readonly Bilingual OuterHyphen = new("a part begins or ends with a hyphen", "une partie commence ou finit par un trait d’union");
    private static readonly Bilingual ReservedHyphens = new("a part has hyphens in its third and fourth place", "une partie a des traits d’union en troisième et quatrième place");
    private static readonly Bilingual NotPunycode = new("a part beginning with xn-- is not valid punycode", "une partie qui commence par xn-- n’est pas du punycode valide");
    private static readonly Bilingual LeadingMark = new("a part begins with a combining mark", "une partie commence par un signe combinatoire");
    private static readonly Bilingual LongLabel = new("a part is longer than 63 characters", "une partie dépasse 63 caractères");

    /// <summary>
    /// Normalizes <paramref name="input"/>; false with the <paramref name="problem"/> in words (English) where it is no domain name.
    /// A final dot and surrounding white space are taken away.
    /// </summary>
    public static bool TryNormalize(string? input, [NotNullWhen(true)] out string? ascii, [NotNullWhen(false)] out string? problem)
    {
        ascii = null;
        problem = Problem(input, ref ascii)?.English;
        return problem is null;
    }

    /// <summary>What keeps <paramref name="input"/> from being a domain name, in both languages; null where nothing does.</summary>
    public static Bilingual? ProblemOf(string? input)
    {
        string? ascii = null;
        return Problem(input, ref ascii);
    }

    /// <summary>The Unicode form for people; labels that are not valid punycode stay as they are.</summary>
    public static string ToUnicode(string ascii)
    {
        ArgumentNullException.ThrowIfNull(ascii);
        if (!ascii.Contains("xn--", StringComparison.OrdinalIgnoreCase)) return ascii;
        var labels = ascii.Split('.');
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i].StartsWith("xn--", StringComparison.OrdinalIgnoreCase) && Punycode.TryDecode(labels[i].AsSpan(4), out var label)) labels[i] = label;
        }

        return string.Join('.', labels);
    }

    /// <summary>Writes the A-label of a label in Unicode form; false where it would be too long.</summary>
    internal static bool TryEncodeLabel(ReadOnlySpan<char> label, Span<char> target, out int written)
    {
        written = 0;
        if (target.Length > MaxLabelLength) target = target[..MaxLabelLength];
        if (Ascii.IsValid(label))
        {
            if (label.Length > target.Length) return false;
            label.CopyTo(target);
            written = label.Length;
            return true;
        }

        if (target.Length < 5 || !Punycode.TryEncode(label, target[4..], out var encoded)) return false;
        "xn--".CopyTo(target);
        written = 4 + encoded;
        return true;
    }

    private static Bilingual? Problem(string? input, ref string? ascii)
    {
        if (string.IsNullOrWhiteSpace(input)) return Empty;
        if (input.Length > MaxInput) return TooLong;
        var mapped = Map(input.AsSpan().Trim());
        if (mapped is null) return Forbidden;
        if (mapped.EndsWith('.')) mapped = mapped[..^1];
        if (mapped.Length == 0) return Empty;

        Span<char> name = stackalloc char[MaxLength];
        var length = 0;
        foreach (var range in mapped.AsSpan().Split('.'))
        {
            if (length > 0)
            {
                if (length >= MaxLength) return TooLong;
                name[length++] = '.';
            }

            if (ProblemOfLabel(mapped.AsSpan()[range], name[length..], out var written) is { } problem) return problem;
            length += written;
        }

        // RFC 3696 §2: a top-level domain is not all digits; otherwise 192.0.2.1 would be a name.
        var top = name[..length][(name[..length].LastIndexOf('.') + 1)..];
        if (!top.ContainsAnyExceptInRange('0', '9')) return Address;
        ascii = name[..length].ToString();
        return null;
    }

    private static string? Map(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            return string.Create(text.Length, text, static (span, source) => source.ToLowerInvariant(span));
        }

        // UTS #46: soft hyphens and variation selectors are ignored; the ideographic full stops are dots.
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar) return null;
            if (rune.Value is 0xAD or 0x2060 or 0xFEFF or (>= 0xFE00 and <= 0xFE0F)) continue;
            kept.Append(rune.Value is 0x3002 or 0xFF0E or 0xFF61 ? new Rune('.').ToString() : Rune.ToLowerInvariant(rune).ToString());
        }

        return kept.ToString().Normalize(NormalizationForm.FormKC).ToLowerInvariant().Normalize(NormalizationForm.FormKC);
    }

    private static Bilingual? ProblemOfLabel(ReadOnlySpan<char> label, Span<char> target, out int written)
    {
        written = 0;
        if (label.IsEmpty) return EmptyLabel;
        if (label[0] == '-' || label[^1] == '-') return OuterHyphen;
        if (!Ascii.IsValid(label)) return ProblemOfUnicode(label) ?? Write(label, target, out written);

        foreach (var c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return NotAllowed(c);
        }

        if (label.Length > 4 && label[2] == '-' && label[3] == '-')
        {
            if (!label.StartsWith("xn--", StringComparison.Ordinal)) return ReservedHyphens;
            if (!IsGenuine(label)) return NotPunycode;
        }

        return Write(label, target, out written);
    }

    // RFC 5891 §5.4: an A-label decodes to a valid U-label and encodes back to itself.
    private static bool IsGenuine(ReadOnlySpan<char> label)
    {
        if (!Punycode.TryDecode(label[4..], out var unicode) || Ascii.IsValid(unicode)) return false;
        if (Map(unicode) != unicode || ProblemOfUnicode(unicode) is not null) return false;
        Span<char> again = stackalloc char[MaxLabelLength];
        return TryEncodeLabel(unicode, again, out var length) && again[..length].SequenceEqual(label);
    }

    private static Bilingual? ProblemOfUnicode(ReadOnlySpan<char> label)
    {
        var first = true;
        foreach (var rune in label.EnumerateRunes())
        {
            if (!MayStand(rune)) return Forbidden;
            if (first && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) return LeadingMark;
            first = false;
        }

        return label.Length > 3 && label[2] == '-' && label[3] == '-' ? ReservedHyphens : null;
    }

    // RFC 5892 §2: lower-case letters, marks and digits; the joiners and the middle dot where a context rule may allow them.
    private static bool MayStand(Rune rune)
    {
        if (rune.IsAscii) return rune.Value == '-' || char.IsAsciiDigit((char)rune.Value) || char.IsAsciiLetterLower((char)rune.Value);
        if (rune.Value is 0x200C or 0x200D or 0xB7 or 0x375 or 0x5F3 or 0x5F4 or 0x30FB) return true;
        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber;
    }

    private static Bilingual? Write(ReadOnlySpan<char> label, Span<char> target, out int written) =>
        TryEncodeLabel(label, target, out written) ? null : label.Length > MaxLabelLength || target.Length >= MaxLabelLength ? LongLabel : TooLong;

    private static Bilingual NotAllowed(char c) => new($"'{Printable(c)}' may not stand in a domain name", $"« {Printable(c)} » ne peut pas figurer dans un nom de domaine");

    private static string Printable(char c) => char.IsControl(c) ? $"U+{(int)c:X4}" : c.ToString();
}
