using System.Text;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>
/// Finds texts that must occur wherever a regular expression matches, so that the expression need not be run where they do not. Knows the syntax of .NET well enough to step over what it does not use; what it does not know makes it
/// give up, never guess.
/// </summary>
internal sealed class RegexLiterals
{
    private const int MostNeeded = 4;
    private const int MostAlternatives = 64;
    private const int MaxDepth = 50;

    private readonly string _pattern;
    private int _at;
    private bool _isUnknown;

    private RegexLiterals(string pattern) => _pattern = pattern;

    /// <summary>Lists of ASCII texts; of each list one text must occur. Empty when there is nothing that must.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(string pattern)
    {
        var parser = new RegexLiterals(pattern);
        var found = parser.Alternatives(0);
        if (parser._isUnknown || parser._at < pattern.Length) return [];
        return [.. found.OrderByDescending(Worth).Take(MostNeeded)];
    }

    // What one alternative needs is needed; of several, one text of each of them.
    private List<List<string>> Alternatives(int depth)
    {
        if (depth > MaxDepth) GiveUp();
        var needed = Sequence(depth);
        if (_at == _pattern.Length || _pattern[_at] == ')') return needed;
        var either = new List<string>();
        var complete = true;
        while (true)
        {
            if (needed.MaxBy(Worth) is { } best) either.AddRange(best);
            else complete = false;
            if (_at == _pattern.Length || _pattern[_at] == ')') return complete && either.Count <= MostAlternatives ? [either] : [];
            _at++;
            needed = Sequence(depth);
        }
    }

    private List<List<string>> Sequence(int depth)
    {
        var needed = new List<List<string>>();
        var run = new StringBuilder();
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            List<List<string>> group = [];
            var literal = _pattern[_at] == '(' ? Group(depth, out group) : Single();
            var (least, most) = Quantifier();
            if (literal is { } c && least > 0)
            {
                run.Append(c);
                if (most == 1) continue;
            }

            Flush(run, needed);
            if (least > 0) needed.AddRange(group);
            // What repeats may be followed by itself, so it also begins a new run.
            if (literal is { } again && least > 0) run.Append(again);
        }

        Flush(run, needed);
        return needed;
    }

    private static void Flush(StringBuilder run, List<List<string>> needed)
    {
        // A single letter, digit or blank is nearly everywhere.
        if (run.Length > 1 || (run.Length == 1 && !char.IsAsciiLetterOrDigit(run[0]) && run[0] != ' ')) needed.Add([run.ToString()]);
        run.Clear();
    }

    private static double Worth(List<string> texts) => texts.Min(t => t.Length) - (0.5 * Math.Log2(texts.Count));

    // A character that stands for itself, or null for everything else that is one item of a sequence.
    private char? Single()
    {
        var c = _pattern[_at++];
        switch (c)
        {
            case '\\':
                return Escape();
            case '[':
                Class();
                return null;
            case '.' or '^' or '$':
                return null;
            case '*' or '+' or '?':
                GiveUp();
                return null;
            default:
                return char.IsAscii(c) ? c : null;
        }
    }

    private char? Escape()
    {
        if (_at == _pattern.Length)
        {
            GiveUp();
            return null;
        }

        var c = _pattern[_at++];
        switch (c)
        {
            case 'd' or 'D' or 'w' or 'W' or 's' or 'S' or 'b' or 'B' or 'A' or 'Z' or 'z' or 'G' or 'n' or 'r' or 't' or 'f' or 'v' or 'e' or 'a':
                return null;
            case 'p' or 'P':
                _at = _pattern.IndexOf('}', _at) + 1;
                if (_at == 0) GiveUp();
                return null;
            case 'x':
                Skip(2);
                return null;
            case 'u':
                Skip(4);
                return null;
            default:
                // A back reference, a named one, a control character, or nothing .NET knows.
                if (char.IsAsciiLetterOrDigit(c)) GiveUp();
                return char.IsAscii(c) ? c : null;
        }
    }

    private void Skip(int count)
    {
        _at += count;
        if (_at > _pattern.Length) GiveUp();
    }

    private void Class()
    {
        if (_at < _pattern.Length && _pattern[_at] == '^') _at++;
        if (_at < _pattern.Length && _pattern[_at] == ']') _at++;
        for (; _at < _pattern.Length; _at++)
        {
            if (_pattern[_at] == ']')
            {
                _at++;
                return;
            }

            if (_pattern[_at] == '\\') _at++;
            // Subtraction: [a-z-[aeiou]].
            else if (_pattern[_at] == '[' && _pattern[_at - 1] == '-') break;
        }

        GiveUp();
    }

    private char? Group(int depth, out List<List<string>> needed)
    {
        _at++;
        var counts = true;
        if (_at < _pattern.Length && _pattern[_at] == '?')
        {
            if (!GroupHead(out counts))
            {
                needed = [];
                return null;
            }
        }

        needed = Alternatives(depth + 1);
        if (_at == _pattern.Length) GiveUp();
        else _at++;
        if (!counts) needed = [];
        return null;
    }

    // Steps over what stands between "(?" and the group's content. False when there is no content: "(?i)".
    private bool GroupHead(out bool counts)
    {
        counts = true;
        var head = _pattern.AsSpan(_at + 1);
        if (head.StartsWith("<=") || head.StartsWith("<!") || head.StartsWith("=") || head.StartsWith("!"))
        {
            counts = false;
            _at += head[0] == '<' ? 3 : 2;
            return true;
        }

        if (head.StartsWith(":") || head.StartsWith(">"))
        {
            _at += 2;
            return true;
        }

        if (head.StartsWith("<"))
        {
            var end = head.IndexOf('>');
            // With a hyphen it is a balancing group.
            if (end < 0 || head[1..end].Contains('-')) GiveUp();
            else _at += end + 2;
            return true;
        }

        var flags = head.IndexOfAnyExcept("imsn-");
        if (flags < 0 || head[flags] is not (':' or ')'))
        {
            GiveUp();
            return true;
        }

        _at += flags + 2;
        return head[flags] == ':';
    }

    private (int Least, int Most) Quantifier()
    {
        var range = (1, 1);
        if (_at == _pattern.Length) return range;
        switch (_pattern[_at])
        {
            case '*':
                range = (0, int.MaxValue);
                _at++;
                break;
            case '+':
                range = (1, int.MaxValue);
                _at++;
                break;
            case '?':
                range = (0, 1);
                _at++;
                break;
            case '{':
                if (!Braces(out range)) return (1, 1);
                break;
            default:
                return range;
        }

        if (_at < _pattern.Length && _pattern[_at] == '?') _at++;
        return range;
    }

    // What is no quantifier stands for itself, and is read as such next.
    private bool Braces(out (int Least, int Most) range)
    {
        range = (1, 1);
        var end = _pattern.IndexOf('}', _at);
        if (end < 0) return false;
        var text = _pattern.AsSpan(_at + 1, end - _at - 1);
        var comma = text.IndexOf(',');
        if (!int.TryParse(comma < 0 ? text : text[..comma], System.Globalization.NumberStyles.None, null, out var least)) return false;
        var most = least;
        if (comma >= 0 && comma == text.Length - 1) most = int.MaxValue;
        else if (comma >= 0 && !int.TryParse(text[(comma + 1)..], System.Globalization.NumberStyles.None, null, out most)) return false;
        range = (least, most);
        _at = end + 1;
        return true;
    }

    // At the end of the pattern everything else comes to its end too.
    private void GiveUp()
    {
        _isUnknown = true;
        _at = _pattern.Length;
    }
}
