using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Vigie.Engine.Lookalikes;

/// <summary>
/// What looks like what: pairs within ASCII, Latin letters with marks or in other shapes, and the characters of other
/// scripts that Unicode's UTS #39 calls confusable.
/// </summary>
internal static class Glyphs
{
    // One-to-one, both directions. What a hurried reader takes for another in a common sans-serif face.
    private static readonly string[] AsciiPairs =
        ["0o", "1l", "1i", "il", "38", "69", "bd", "ce", "gq", "mn", "nr", "5s", "2z", "8b", "6b", "9g", "9q", "uv", "vy", "ij", "jl", "4a", "7t", "hn", "ft"];

    // One letter that two others imitate. Chosen so that Skeleton folds every one of them.
    private static readonly (char Letter, string Drawn)[] AsciiDrawn =
        [('m', "rn"), ('m', "nn"), ('m', "rr"), ('m', "nr"), ('w', "vv"), ('d', "cl"), ('d', "dl"), ('b', "lb"), ('h', "lh"), ('k', "lk"), ('k', "ik"), ('k', "lc")];

    // Latin letters that are no base letter with a mark in Unicode's eyes, but are in a reader's: hooks, strokes,
    // small capitals, turned and phonetic shapes, by base letter.
    private static readonly string[] LatinShapes =
    [
        "aɑəᴀɐɒⱥᶏ", "bɓƅʙƀᵬᶀƃ", "cƈᴄȼɕ", "dđɗɖᴅȡᵭᶁƌ", "eɇᴇɛǝⱸᶒɘ", "fƒꜰᵮᶂ", "gɡɢǥɠᶃƣ", "hħɦⱨʜɥ", "iıɨɩɪᵻᶖ", "jʝɉȷᴊɟ", "kⱪᴋƙᶄ", "lłɫʟƚɭɬⱡȴᶅ",
        "mᴍɱᵯᶆ", "nꞑŋɲɴƞɳȵᵰᶇ", "oøᴏɵɔⱺꝋ", "pƿƥᴘᵽᵱᶈ", "qʠɋ", "rʀɼɽɍɾɹɿᵲᶉ", "sʂꜱȿᵴᶊʃ", "tŧƫƭᴛʈⱦȶᵵ", "uᴜʉʊᵾᶙ", "vⱱᶌⱴᴠʋ", "wⱳᴡɯʍ", "xᶍ", "yʏƴɏỿʎ", "zʐᴢƶⱬȥɀʑᵶᶎ",
        "2ƻ", "5ƽ", "3ʒɜ",
    ];

    // A letter, then what stands for it in Cyrillic, Greek and Armenian.
    private static readonly string[][] Scripts =
    [
        ["aа", "bь", "cс", "dԁ", "eе", "gԍ", "hһ", "iі", "jј", "kк", "lӏ", "mм", "nп", "oо", "pр", "qԛ", "rг", "sѕ", "tт", "uц", "vѵ", "wԝ", "xх", "yу"],
        ["aα", "eε", "iι", "kκ", "nη", "oο", "pρ", "tτ", "uυ", "vν", "wω", "xχ", "yγ"],
        ["gց", "hհ", "lլ", "nո", "oօ", "qզ", "uս"],
    ];

    // The pre-composed letters of these blocks have at most two marks: Latin-1, Extended-A and -B, Extended Additional.
    private static readonly (int From, int To)[] LatinBlocks = [(0xDF, 0xFF), (0x100, 0x24F), (0x1E00, 0x1EFF)];

    private static readonly FrozenDictionary<int, string> FoldTable = BuildFold();
    private static readonly FrozenSet<int> SameShapes = ConfusableRows().SelectMany(row => row.Points).Concat(Scripts.SelectMany(script => script).Select(row => (int)row[1])).ToFrozenSet();
    private static readonly FrozenDictionary<char, string> AsciiLookalikes = BuildAsciiLookalikes();
    private static readonly string[]?[] DrawnTable = [.. Enumerable.Range(0, 128).Select(letter => AsciiDrawn.Any(row => row.Letter == letter) ? AsciiDrawn.Where(row => row.Letter == letter).Select(row => row.Drawn).ToArray() : null)];
    private static readonly bool[] AlikeTable = BuildAlike();
    private static readonly FrozenDictionary<char, string[]> CoreTable = BuildCore();
    private static readonly FrozenDictionary<char, string[]> WideTable = BuildWide();
    private static readonly FrozenDictionary<char, string[]> ScriptTable = BuildScripts();

    /// <summary>What a letter is drawn as in the pairs of replacements: ASCII and familiar Latin shapes.</summary>
    public static IReadOnlyList<string> Core(char letter) => CoreTable.GetValueOrDefault(letter) ?? [];

    /// <summary>What else a letter is drawn as, once: everything of UTS #39 and the rarer Latin letters.</summary>
    public static IReadOnlyList<string> Wide(char letter) => WideTable.GetValueOrDefault(letter) ?? [];

    /// <summary>The letter of one other script (Cyrillic, Greek, Armenian) that looks the same, in that order of scripts; empty where there is none.</summary>
    public static IReadOnlyList<string> InScripts(char letter) => ScriptTable.GetValueOrDefault(letter) ?? ["", "", ""];

    /// <summary>How many scripts <see cref="InScripts"/> knows.</summary>
    public static int ScriptCount => Scripts.Length;

    /// <summary>Whether a character has the very shape of the ASCII that it imitates, rather than a mark or a hook.</summary>
    public static bool IsSameShape(char c) => c < 128 || SameShapes.Contains(c);

    /// <summary>Two letters that two others imitate, with what imitates them: <c>rn</c> by <c>m</c>.</summary>
    public static IEnumerable<(string Drawn, char Letter)> Contractions => AsciiDrawn.Select(row => (row.Drawn, row.Letter));

    /// <summary>Whether two ASCII characters look alike.</summary>
    public static bool AreAlike(char a, char b) => a < 128 && b < 128 && AlikeTable[a * 128 + b];

    /// <summary>Whether one replacement of drawn letters leads from one text to the other.</summary>
    public static bool IsSingle(ReadOnlySpan<char> from, ReadOnlySpan<char> to) => (from.Length, to.Length) switch
    {
        (1, 2) => IsDrawn(from[0], to[0], to[1]),
        (2, 1) => IsDrawn(to[0], from[0], from[1]),
        _ => false,
    };

    /// <summary>Whether two letters imitate one.</summary>
    public static bool IsDrawn(char letter, char first, char second) => letter < 128 && DrawnTable[letter] is { } ways && IsAmong(ways, first, second);

    /// <summary>The ASCII that a character imitates; the character itself where it imitates none.</summary>
    public static string? Fold(Rune rune) => FoldTable.GetValueOrDefault(rune.Value);

    /// <summary>Writes a text with every non-ASCII character replaced by the ASCII it imitates; the number of characters written, which never exceeds three times those read.</summary>
    public static int Fold(ReadOnlySpan<char> text, Span<char> target)
    {
        var written = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii) target[written++] = (char)rune.Value;
            else if (FoldTable.TryGetValue(rune.Value, out var ascii))
            {
                ascii.CopyTo(target[written..]);
                written += ascii.Length;
            }
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark) written += rune.EncodeToUtf16(target[written..]);
        }

        return written;
    }

    /// <summary>
    /// Reduces a folded text to what survives every replacement of <see cref="Core"/> within ASCII: equal skeletons are
    /// the candidates, never the verdict. Writes at most twice what it reads.
    /// </summary>
    /// <remarks>
    /// Each letter is spelled in strokes (b, d, k contain c; i, 1 are l; m, n, r are arches; w is two v), then l vanishes
    /// before c and h, and runs of l, arches and v become one. The rules only shorten and have no overlap that gives two
    /// results, so a replacement inside any context leads to the same skeleton.
    /// </remarks>
    public static int Skeleton(ReadOnlySpan<char> folded, Span<char> target)
    {
        var written = 0;
        foreach (var c in folded)
        {
            switch (c)
            {
                case 'b' or 'd':
                    Stroke('c', target, ref written);
                    Stroke('l', target, ref written);
                    break;
                case 'c' or 'e' or 'k': Stroke('c', target, ref written); break;
                case 'i' or 'l' or '1' or 'j': Stroke('l', target, ref written); break;
                case 'm' or 'n' or 'r': Stroke('n', target, ref written); break;
                case 'v' or 'w': Stroke('v', target, ref written); break;
                case 'o' or '0': Stroke('o', target, ref written); break;
                case 'g' or 'q': Stroke('g', target, ref written); break;
                case '3' or '8': Stroke('3', target, ref written); break;
                case '6' or '9': Stroke('6', target, ref written); break;
                default: Stroke(c, target, ref written); break;
            }
        }

        return written;
    }

    private static void Stroke(char stroke, Span<char> target, ref int written)
    {
        if (written > 0)
        {
            var last = target[written - 1];
            if (last == stroke && stroke is ('l' or 'n' or 'v')) return;
            if (last == 'l' && stroke is ('c' or 'h')) written--;
        }

        target[written++] = stroke;
    }

    private static FrozenDictionary<char, string> BuildAsciiLookalikes() =>
        AsciiPairs.SelectMany(pair => new[] { (pair[0], pair[1]), (pair[1], pair[0]) })
            .GroupBy(pair => pair.Item1, pair => pair.Item2)
            .ToFrozenDictionary(group => group.Key, group => string.Concat(group));

    private static bool[] BuildAlike()
    {
        var alike = new bool[128 * 128];
        foreach (var pair in AsciiPairs) alike[pair[0] * 128 + pair[1]] = alike[pair[1] * 128 + pair[0]] = true;
        return alike;
    }

    private static FrozenDictionary<int, string> BuildFold()
    {
        var fold = new Dictionary<int, string>();
        foreach (var (ascii, points) in ConfusableRows())
        {
            foreach (var point in points) fold[point] = ascii;
        }

        foreach (var row in Scripts.SelectMany(script => script)) fold[row[1]] = row[..1];
        foreach (var row in LatinShapes)
        {
            foreach (var shape in row.AsSpan(1)) fold[shape] = row[..1];
        }

        foreach (var (letter, _, composed) in Composed()) fold[composed] = letter.ToString();
        return fold.ToFrozenDictionary();
    }

    private static FrozenDictionary<char, string[]> BuildCore() =>
        "abcdefghijklmnopqrstuvwxyz0123456789".ToFrozenDictionary(letter => letter, letter =>
        {
            // Only what Skeleton folds may stand here: pairs of replacements are found through it.
            var ascii = (AsciiLookalikes.GetValueOrDefault(letter) ?? "").Where(other => SameStroke(letter, other)).Select(other => other.ToString());
            var drawn = AsciiDrawn.Where(row => row.Letter == letter).Select(row => row.Drawn);
            var marked = Composed().Where(row => row.Letter == letter && row.Marks == 1).Select(row => ((char)row.Composed).ToString());
            var shapes = LatinShapes.Where(row => row[0] == letter).SelectMany(row => row.Skip(1)).Where(shape => FoldTable[shape] == letter.ToString()).Select(shape => shape.ToString());
            return ascii.Concat(drawn).Concat(marked).Concat(shapes).Distinct(StringComparer.Ordinal).ToArray();
        });

    private static FrozenDictionary<char, string[]> BuildWide() =>
        "abcdefghijklmnopqrstuvwxyz0123456789".ToFrozenDictionary(letter => letter, letter =>
        {
            var confusable = ConfusableRows().Where(row => row.Ascii == letter.ToString()).SelectMany(row => row.Points).Where(point => point < 0x10000 && IsFor(point, letter));
            var marked = Composed().Where(row => row.Letter == letter && row.Marks > 1).Select(row => row.Composed);
            return confusable.Concat(marked).Select(point => ((char)point).ToString()).Except(CoreTable[letter], StringComparer.Ordinal).ToArray();
        });

    // A name wholly in another script: the imitation that shows no mixed scripts.
    private static FrozenDictionary<char, string[]> BuildScripts()
    {
        var table = new Dictionary<char, string[]>();
        for (var script = 0; script < Scripts.Length; script++)
        {
            foreach (var row in Scripts[script])
            {
                if (!table.TryGetValue(row[0], out var found)) table[row[0]] = found = ["", "", ""];
                found[script] = row[1..];
            }
        }

        return table.ToFrozenDictionary();
    }

    private static bool IsAmong(string[] ways, char first, char second)
    {
        foreach (var way in ways)
        {
            if (way[0] == first && way[1] == second) return true;
        }

        return false;
    }

    private static bool IsFor(int point, char letter) => FoldTable[point] is [var folded] && (folded == letter || AreAlike(folded, letter));

    private static bool SameStroke(char a, char b)
    {
        Span<char> left = stackalloc char[2], right = stackalloc char[2];
        return left[..Skeleton([a], left)].SequenceEqual(right[..Skeleton([b], right)]);
    }

    private static IEnumerable<(string Ascii, int[] Points)> ConfusableRows() =>
        EmbeddedTable.Lines("confusables.txt").Select(line => line.Split(' ')).Select(words =>
            (words[0], words.Skip(1).Select(hex => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray()));

    private static IEnumerable<(char Letter, int Marks, int Composed)> Composed()
    {
        foreach (var (from, to) in LatinBlocks)
        {
            for (var point = from; point <= to; point++)
            {
                var text = ((char)point).ToString();
                if (char.GetUnicodeCategory((char)point) != UnicodeCategory.LowercaseLetter) continue;
                var parts = text.Normalize(NormalizationForm.FormD);
                if (parts.Length > 1 && char.IsAsciiLetterLower(parts[0])) yield return (parts[0], parts.Length - 1, point);
            }
        }
    }
}
