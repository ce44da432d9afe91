namespace Vigie.Engine.Lookalikes;

/// <summary>
/// How readily a reader takes one name for another: 1 minus what the eye has to notice. A weighted edit distance over
/// what the characters look like, related to the length of the name.
/// </summary>
internal static class Resemblance
{
    private const double SameShape = 0.02;
    private const double WithMark = 0.1;
    private const double Alike = 0.15;
    private const double DrawnByTwo = 0.12;
    private const double Exchanged = 0.35;
    private const double Doubled = 0.3;
    private const double Punctuation = 0.35;
    private const double Vowel = 0.6;
    private const double Missing = 0.7;
    private const double Other = 1;

    // What remains when the whole name can be read in the longer one.
    private const double AtBeginning = 0.8;
    private const double Beside = 0.65;

    private static readonly double[] AsciiCosts = MakeAsciiCosts();

    /// <summary>The resemblance of two names, in [0, 1].</summary>
    public static double Of(NameShape target, NameShape suspect)
    {
        // Of names so different in length nothing but the beginning or the brand can be alike.
        var similar = suspect.Text.Length > 2 * target.Text.Length + 8 ? 0 : Math.Exp(-2.5 * Distance(target.Text, suspect.Text) / target.Text.Length);
        if (suspect.Text.Length <= target.Text.Length) return similar;
        if (suspect.Ascii.StartsWith(target.Ascii, StringComparison.Ordinal) && suspect.Ascii[target.Ascii.Length] == '.') return Math.Max(similar, AtBeginning);
        var brand = target.Brand;
        var beside = brand.Length >= Comparison.ShortestBrand && (suspect.Brand.StartsWith(brand, StringComparison.Ordinal) || suspect.Brand.EndsWith(brand, StringComparison.Ordinal));
        return beside ? Math.Max(similar, Beside * brand.Length / (brand.Length + 1.0)) : similar;
    }

    // Damerau's distance with three rows: the current one and the two before it.
    private static double Distance(ReadOnlySpan<char> from, ReadOnlySpan<char> to)
    {
        var width = to.Length + 1;
        Span<double> rows = stackalloc double[width * 3];
        Span<double> before = rows[..width], last = rows[width..(2 * width)], now = rows[(2 * width)..];
        for (var j = 1; j < width; j++) last[j] = last[j - 1] + Gap(to, j - 1);
        for (var i = 1; i <= from.Length; i++)
        {
            now[0] = last[0] + Gap(from, i - 1);
            for (var j = 1; j < width; j++) now[j] = Cheapest(from, to, i, j, before, last, now);
            var spare = before;
            before = last;
            last = now;
            now = spare;
        }

        return last[width - 1];
    }

    private static double Cheapest(ReadOnlySpan<char> from, ReadOnlySpan<char> to, int i, int j, Span<double> before, Span<double> last, Span<double> now)
    {
        char a = from[i - 1], b = to[j - 1];
        if (a == b) return last[j - 1];
        var cost = Math.Min(last[j - 1] + Substitution(a, b), Math.Min(last[j] + Gap(from, i - 1), now[j - 1] + Gap(to, j - 1)));
        if (i > 1 && j > 1 && a == to[j - 2] && from[i - 2] == b) cost = Math.Min(cost, before[j - 2] + Exchanged);
        if (j > 1 && Glyphs.IsDrawn(a, to[j - 2], b)) cost = Math.Min(cost, last[j - 2] + DrawnByTwo);
        if (i > 1 && Glyphs.IsDrawn(b, from[i - 2], a)) cost = Math.Min(cost, before[j - 1] + DrawnByTwo);
        return cost;
    }

    private static double Gap(ReadOnlySpan<char> text, int at)
    {
        var c = text[at];
        if (c is '-' or '.') return Punctuation;
        return (at > 0 && text[at - 1] == c) || (at + 1 < text.Length && text[at + 1] == c) ? Doubled : Missing;
    }

    private static double Substitution(char a, char b)
    {
        return a >= 128 || b >= 128 ? Unicode(a, b) : AsciiCosts[a * 128 + b];
    }

    private static double[] MakeAsciiCosts()
    {
        var costs = new double[128 * 128];
        for (var pair = 0; pair < costs.Length; pair++) costs[pair] = AsciiCost((char)(pair / 128), (char)(pair % 128));
        return costs;
    }

    private static double AsciiCost(char a, char b)
    {
        if (Glyphs.AreAlike(a, b)) return Alike;
        if (a is ('-' or '.') && b is ('-' or '.')) return Punctuation;
        return Letters.AreConfusedVowels(a, b) ? Vowel : Other;
    }

    private static double Unicode(char a, char b)
    {
        var left = a < 128 ? a : Plain(a);
        var right = b < 128 ? b : Plain(b);
        if (left == 0 || right == 0) return Other;
        if (left == right) return Glyphs.IsSameShape(a) && Glyphs.IsSameShape(b) ? SameShape : WithMark;
        return Glyphs.AreAlike(left, right) ? Alike : Other;
    }

    private static char Plain(char c) => !char.IsSurrogate(c) && Glyphs.Fold(new System.Text.Rune(c)) is [var plain] ? plain : '\0';
}
