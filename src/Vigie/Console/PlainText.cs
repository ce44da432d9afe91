using System.Globalization;
using System.Text;

namespace Vigie.Console;

/// <summary>
/// Text from strangers as a reader should meet it: short, and with everything that could mislead (control characters,
/// direction overrides, invisible characters) shown as what it is. Markup is escaped by the page itself.
/// </summary>
internal static class PlainText
{
    /// <summary>Most characters of a tooltip that carries the whole of a cut text.</summary>
    public const int MaxTitle = 2000;

    // No script sets so many marks on one letter; more of them would grow over the lines around.
    private const int MaxStacked = 6;

    /// <summary>Cuts text after so many characters as people count them (grapheme clusters, UAX 29), reading no further.</summary>
    public static string Cut(string text, int max, out bool cut)
    {
        // A cluster may be long by itself (hundreds of combining marks); the second bound keeps it from being a way around.
        var limit = Math.Min(text.Length, max * 8);
        var position = 0;
        for (var count = 0; count < max && position < limit; count++)
            position += Math.Min(StringInfo.GetNextTextElementLength(text.AsSpan(position, Math.Min(text.Length - position, 64))), limit - position);

        cut = position < text.Length;
        return cut ? text[..position] : text;
    }

    /// <summary>The text in runs: what may be shown, and marks in place of what may not.</summary>
    public static IReadOnlyList<Run> Runs(string text)
    {
        var runs = new List<Run>();
        var shown = new StringBuilder();
        var stacked = 0;
        for (var i = 0; i < text.Length;)
        {
            var valid = Rune.TryGetRuneAt(text, i, out var rune);
            var length = valid ? rune.Utf16SequenceLength : 1;
            stacked = valid && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? stacked + 1 : 0;
            if (stacked > MaxStacked)
            {
                if (stacked == MaxStacked + 1)
                {
                    Flush();
                    runs.Add(new Run("…", IsMark: true));
                }
            }
            else if (valid && !Misleads(rune))
            {
                shown.Append(text, i, length);
            }
            else
            {
                Flush();
                runs.Add(new Run(Mark(valid ? rune.Value : text[i]), IsMark: true));
            }

            i += length;
        }

        Flush();
        return runs;

        void Flush()
        {
            if (shown.Length == 0) return;
            runs.Add(new Run(shown.ToString(), IsMark: false));
            shown.Clear();
        }
    }

    /// <summary>The length of the longest stretch without a place to break a line.</summary>
    public static int LongestWord(string text)
    {
        int longest = 0, length = 0;
        foreach (var c in text)
        {
            length = c is ' ' or '-' ? 0 : length + 1;
            longest = Math.Max(longest, length);
        }

        return longest;
    }

    /// <summary>The same as one string, for attributes.</summary>
    public static string Visible(string text) => string.Concat(Runs(text).Select(run => run.IsMark ? $"[{run.Text}]" : run.Text));

    // A line break or tab inside a subject is folding (RFC 5322 §2.2.3): shown as its mark too, since it has no place on one line.
    private static bool Misleads(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => true,
        UnicodeCategory.SpaceSeparator => rune.Value is not (' ' or 0xA0 or 0x202F),
        // Blank letters: Hangul fillers and the Braille blank draw nothing.
        _ => rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800,
    };

    private static string Mark(int value) => value switch
    {
        '\n' => "↵",
        '\r' => "␍",
        '\t' => "⇥",
        < 0x20 => ((char)(0x2400 + value)).ToString(), // Unicode's control pictures.
        0x7F => "␡",
        _ => $"U+{value:X4}",
    };

    /// <summary>A piece of text, or the mark for a character that is not shown.</summary>
    public readonly record struct Run(string Text, bool IsMark);
}
