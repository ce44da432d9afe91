using Vigie.Engine.Findings;

namespace Vigie.Console;

/// <summary>
/// Where in evidence lies what a detector asked for. The text is what the source wrote, so a value stands in it as JSON or XML escape it,
/// with its line breaks, and maybe several times: where its field's name stands before it, only there is it meant.
/// </summary>
internal static class EvidenceMarks
{
    /// <summary>A value shorter than this is only marked where its name stands before it: it would mark half of the text.</summary>
    private const int ShortestAlone = 3;

    private const int MostPlaces = 64;

    private enum Writing
    {
        Plain,
        Json,
        Xml,
    }

    /// <summary>The stretches of the copied text that were asked for, in order and apart from each other.</summary>
    public static IReadOnlyList<Range> InCopy(Evidence evidence, string text)
    {
        var stretches = new List<(int Start, int End)>();
        foreach (var (field, passages) in evidence.Fields.Zip(evidence.Asked))
        {
            var places = Places(text, field.Key, field.Value);
            if (places.Count == 0)
            {
                // The source wrote the value some other way; a passage of it may still stand there.
                foreach (var passage in passages.Where(passage => passage.Length >= ShortestAlone)) stretches.AddRange(Find(text, passage, 0, text.Length));
                continue;
            }

            foreach (var (start, end) in places)
            {
                var found = passages.SelectMany(passage => Find(text, passage, start, end)).ToList();
                stretches.AddRange(found.Count > 0 ? found : [(start, end)]);
            }
        }

        return Apart(stretches);
    }

    /// <summary>The stretches of a value that were asked for: its passages, or all of it.</summary>
    /// <param name="value">The value as it is shown.</param>
    /// <param name="passages">What was asked for in it; empty where it was the whole value.</param>
    public static IReadOnlyList<Range> InValue(string value, IReadOnlyCollection<string> passages) =>
        passages.Count == 0 ? value.Length == 0 ? [] : [Range.All] : Apart([.. passages.SelectMany(passage => Find(value, passage, 0, value.Length))]);

    /// <summary>A text in pieces: those to be marked and those between them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="marks">Stretches of it, in order and apart from each other.</param>
    public static IEnumerable<(string Text, bool IsMarked)> Pieces(string text, IEnumerable<Range> marks)
    {
        var at = 0;
        foreach (var mark in marks)
        {
            var (start, end) = (mark.Start.GetOffset(text.Length), mark.End.GetOffset(text.Length));
            if (start > at) yield return (text[at..start], false);
            if (end > start) yield return (text[start..end], true);
            at = end;
        }

        if (at < text.Length) yield return (text[at..], false);
    }

    // Where a whole value stands; only behind its name, if it stands there at all.
    private static List<(int Start, int End)> Places(string text, string name, string value)
    {
        var all = Find(text, value, 0, text.Length).Where(place => IsWhole(text, place.Start, value, place.End)).Take(MostPlaces).ToList();
        var named = all.Where(place => IsBehind(text, name.AsSpan(name.LastIndexOf('.') + 1), place.Start)).ToList();
        return named.Count > 0 ? named : value.Length >= ShortestAlone ? all : [];
    }

    private static IEnumerable<(int Start, int End)> Find(string text, string value, int from, int until)
    {
        if (value.Length == 0) yield break;
        for (var at = from; at < until;)
        {
            var end = EndOf(text, at, until, value);
            if (end > at) yield return (at, end);
            at = Math.Max(end, at + 1);
        }
    }

    private static int EndOf(string text, int at, int until, string value)
    {
        var end = EndOf(text, at, until, value, Writing.Plain);
        if (end < 0 && Begins(text[at], value[0], '\\')) end = EndOf(text, at, until, value, Writing.Json);
        if (end < 0 && Begins(text[at], value[0], '&')) end = EndOf(text, at, until, value, Writing.Xml);
        return end;
    }

    private static bool Begins(char text, char value, char escape) => text == value || text == escape;

    // The end of a value that stands at a place as a source writes it; -1 where it does not.
    private static int EndOf(string text, int at, int until, string value, Writing writing)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (at >= until) return -1;
            var (sign, length) = Read(text, at, until, writing);
            if (sign != value[i])
            {
                // What was too long to keep ends in an ellipsis.
                return value[i] == '…' && i > 0 && i == value.Length - 1 ? at : -1;
            }

            at += length;
        }

        return at;
    }

    // A sign as it is meant. Kept values are one line: a line break is a space in them.
    private static (char Sign, int Length) Read(string text, int at, int until, Writing writing)
    {
        var rest = text.AsSpan(at, until - at);
        if (writing == Writing.Json && rest[0] == '\\' && rest.Length > 1)
        {
            if (rest[1] == 'u' && rest.Length >= 6 && ushort.TryParse(rest[2..6], System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit)) return ((char)unit, 6);
            if (rest.StartsWith(@"\r\n", StringComparison.Ordinal)) return (' ', 4);
            return (rest[1] switch { 'n' or 'r' or 'f' => ' ', 't' => '\t', 'b' => '\b', var same => same }, 2);
        }

        if (writing == Writing.Xml && rest[0] == '&')
        {
            foreach (var (written, sign) in (ReadOnlySpan<(string, char)>)[("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\''), ("&#xD;&#xA;", ' '), ("&#xA;", ' '), ("&#13;&#10;", ' ')])
            {
                if (rest.StartsWith(written, StringComparison.Ordinal)) return (sign, written.Length);
            }
        }

        if (rest.StartsWith("\r\n", StringComparison.Ordinal)) return (' ', 2);
        return (rest[0] is '\n' or '\r' or '\f' or '\u0085' or '\u2028' or '\u2029' ? ' ' : rest[0], 1);
    }

    // "1" is not in "10", nor "System" in "SystemRoot".
    private static bool IsWhole(string text, int start, string value, int end) =>
        !(start > 0 && IsOfWord(text[start - 1]) && IsOfWord(value[0]) && !(start > 1 && text[start - 2] == '\\'))
        && !(end < text.Length && IsOfWord(text[end]) && IsOfWord(value[^1]));

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    // name=value, "name": "value", <name>value</name>, <Data Name="name">value</Data>.
    private static bool IsBehind(string text, ReadOnlySpan<char> name, int start)
    {
        const int mostBetween = 12;
        if (name.IsEmpty) return false;
        var at = start;
        while (at > 0 && start - at < mostBetween && text[at - 1] is ' ' or '\t' or '"' or '\'' or '=' or ':' or '>' or '\\' or '[') at--;
        return at < start && at >= name.Length
            && text.AsSpan(at - name.Length, name.Length).Equals(name, StringComparison.OrdinalIgnoreCase)
            && (at == name.Length || !IsOfWord(text[at - name.Length - 1]));
    }

    private static List<Range> Apart(List<(int Start, int End)> stretches)
    {
        stretches.Sort();
        var apart = new List<(int Start, int End)>();
        foreach (var (start, end) in stretches)
        {
            if (apart.Count > 0 && start <= apart[^1].End) apart[^1] = (apart[^1].Start, Math.Max(apart[^1].End, end));
            else apart.Add((start, end));
        }

        return [.. apart.Select(stretch => stretch.Start..stretch.End)];
    }
}
