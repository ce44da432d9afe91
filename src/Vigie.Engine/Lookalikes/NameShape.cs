namespace Vigie.Engine.Lookalikes;

/// <summary>
/// A name as the families see it: head and top-level domain, and where in the head somebody else's name begins
/// when a slip happens. <c>us.af.mil</c> is head <c>us.af</c>, top-level domain <c>mil</c>; slips in <c>us</c> stay
/// within <c>af.mil</c> and harm nobody.
/// </summary>
internal sealed class NameShape
{
    // Second-level names that registries or governments use as suffixes whether or not the list knows it (gouv.ne, gov.cd).
    public static readonly string[] Conventional = ["ac", "asso", "co", "com", "edu", "go", "gob", "gouv", "gov", "info", "int", "mil", "net", "nom", "or", "org", "presse"];

    private readonly int _tld;
    private readonly int _registrable;
    private readonly int _suffix;

    private NameShape(string ascii, string text, int label, int suffix, int registrableLabels)
    {
        Ascii = ascii;
        Text = text;
        Label = label;
        Suffix = suffix;
        HeadLength = text.LastIndexOf('.');
        _tld = ascii.LastIndexOf('.') + 1;
        _registrable = StartOfLast(ascii, registrableLabels);
        _suffix = StartOfLast(ascii, registrableLabels - 1);
        LengthFactor = Math.Clamp(0.85 + 0.025 * (HeadLength - label), 0.85, 1.5);
    }

    /// <summary>The name in A-labels.</summary>
    public string Ascii { get; }

    /// <summary>The name in Unicode.</summary>
    public string Text { get; }

    /// <summary>Where, in <see cref="Text"/>, the registrable label begins.</summary>
    public int Label { get; }

    /// <summary>Where, in <see cref="Text"/>, the suffix begins.</summary>
    public int Suffix { get; }

    /// <summary>How many characters of <see cref="Text"/> stand before the last dot.</summary>
    public int HeadLength { get; }

    /// <summary>Whether the whole name is a public suffix that a registry opened by a rule of its own, not only by a wildcard.</summary>
    public bool IsSuffix { get; private init; }

    /// <summary>The top-level domain, an A-label.</summary>
    public ReadOnlySpan<char> Tld => Ascii.AsSpan(_tld);

    /// <summary>The registrable domain in A-labels.</summary>
    public ReadOnlySpan<char> Registrable => Ascii.AsSpan(_registrable);

    /// <summary>The suffix in A-labels.</summary>
    public ReadOnlySpan<char> SuffixText => Ascii.AsSpan(_suffix);

    /// <summary>A slip in a longer name is likelier to be overlooked.</summary>
    public double LengthFactor { get; }

    /// <summary>All but the top-level domain, in Unicode.</summary>
    public ReadOnlySpan<char> Head => Text.AsSpan(0, HeadLength);

    /// <summary>Subdomain and registrable label, in Unicode: what remains without the suffix.</summary>
    public ReadOnlySpan<char> Stem => Text.AsSpan(0, Suffix - 1);

    /// <summary>The registrable label, in Unicode.</summary>
    public ReadOnlySpan<char> Brand => Text.AsSpan(Label, Suffix - 1 - Label);

    /// <summary>Cuts a normalized name; null for a single label, which nothing can imitate.</summary>
    public static NameShape? Of(string ascii)
    {
        if (!ascii.Contains('.', StringComparison.Ordinal) || !PublicSuffixes.Default.TryLocate(ascii, out var label, out var suffix)) return null;
        var isSuffix = suffix == 0;
        if (isSuffix)
        {
            // A public suffix of two labels or more, protected as a whole: its first label is what is imitated.
            suffix = ascii.IndexOf('.', StringComparison.Ordinal) + 1;
        }
        else if (label > 0 && IsConventional(ascii, label, suffix))
        {
            suffix = label;
            label = ascii.AsSpan(0, suffix - 1).LastIndexOf('.') + 1;
        }

        var suffixLabels = ascii.AsSpan(suffix).Count('.') + 1;
        var text = DomainNames.ToUnicode(ascii);
        var suffixInText = ReferenceEquals(text, ascii) ? suffix : StartOfLast(text, suffixLabels);
        var labelInText = text.AsSpan(0, suffixInText - 1).LastIndexOf('.') + 1;
        return new NameShape(ascii, text, labelInText, suffixInText, suffixLabels + 1) { IsSuffix = isSuffix && PublicSuffixes.Default.IsOpened(ascii) };
    }

    /// <summary>Whether <paramref name="ascii"/> lies within the registrable domain of this name: its owner's own.</summary>
    public bool Owns(ReadOnlySpan<char> ascii) =>
        ascii.EndsWith(Registrable, StringComparison.Ordinal) && (ascii.Length == Registrable.Length || ascii[ascii.Length - Registrable.Length - 1] == '.');

    private static bool IsConventional(ReadOnlySpan<char> ascii, int label, int suffix)
    {
        if (ascii.Length - suffix != 2 || suffix - label > 7) return false;
        foreach (var second in Conventional)
        {
            if (ascii[label..(suffix - 1)].SequenceEqual(second)) return true;
        }

        return false;
    }

    private static int StartOfLast(string name, int labels)
    {
        var start = name.Length + 1;
        for (; labels > 0 && start > 0; labels--) start = name.AsSpan(0, start - 1).LastIndexOf('.') + 1;
        return start;
    }
}
