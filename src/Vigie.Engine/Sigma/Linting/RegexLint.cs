using System.Text.RegularExpressions;

namespace Vigie.Engine.Sigma.Linting;

/// <summary>
/// Finds regular expressions that cannot run in linear time (look-around, back references, atomic groups), and among them those whose time can
/// explode: a repetition of something that itself repeats, or that can be read in two ways.
/// </summary>
internal static class RegexLint
{
    public static void Check(SigmaRule rule, List<SigmaProblem> problems)
    {
        foreach (var (test, line) in rule.Detections.SelectMany(d => Terms.Within(d.Value)).Select(Expression).OfType<(ValueTest.Regex, int)>().Distinct())
        {
            if ((SigmaRegex.Create(test).Options & RegexOptions.NonBacktracking) != 0) continue;
            var explodes = CanExplode(test.Pattern);
            if (!explodes && SigmaRegex.IsRegular(test)) continue;
            problems.Add(explodes
                ? new SigmaProblem(rule.File, line, "regex.explodes", new Bilingual("The time this expression takes can explode: it repeats what itself repeats, and needs backtracking.", "La durée de cette expression peut exploser : elle répète ce qui se répète déjà, et exige le retour arrière."), true)
                : new SigmaProblem(rule.File, line, "regex.backtracks", new Bilingual("Look-around and back references are no part of the specification; this expression runs with a time limit.", "Les assertions et références arrière ne font pas partie de la spécification ; cette expression s'exécute sous une limite de temps."), false));
        }
    }

    /// <summary>Whether a group that is repeated without a bound holds an unbounded repetition, or alternatives with a common beginning.</summary>
    public static bool CanExplode(string pattern)
    {
        var groups = new Stack<Group>();
        groups.Push(new Group());
        for (var i = 0; i < pattern.Length; i++)
        {
            var group = groups.Peek();
            switch (pattern[i])
            {
                case '\\':
                    group.Begin(pattern.Substring(i, Math.Min(2, pattern.Length - i)));
                    i++;
                    break;
                case '[':
                    var end = ClassEnd(pattern, i);
                    group.Begin(pattern[i..Math.Min(end + 1, pattern.Length)]);
                    i = end;
                    break;
                case '(':
                    groups.Push(new Group());
                    i = SkipGroupKind(pattern, i);
                    break;
                case ')' when groups.Count > 1:
                    groups.Pop();
                    if (IsUnbounded(pattern, i + 1) && (group.Repeats || group.IsAmbiguous)) return true;
                    groups.Peek().Repeats |= group.Repeats;
                    groups.Peek().Begin("(");
                    break;
                case '|':
                    group.Alternative();
                    break;
                default:
                    group.Begin(pattern[i].ToString());
                    break;
            }

            if (pattern[Math.Min(i, pattern.Length - 1)] is not ('(' or '|') && IsUnbounded(pattern, i + 1)) groups.Peek().Repeats = true;
        }

        return false;
    }

    private static (ValueTest.Regex, int)? Expression(Term term) => term switch
    {
        Term.Field { Test: ValueTest.Regex regex } field => (regex, field.Line),
        Term.Keyword { Test: ValueTest.Regex regex } keyword => (regex, keyword.Line),
        _ => null,
    };

    private static bool IsUnbounded(string pattern, int at)
    {
        if (at >= pattern.Length) return false;
        if (pattern[at] is '*' or '+') return true;
        if (pattern[at] != '{') return false;
        var end = pattern.IndexOf('}', at);
        return end > at && pattern[end - 1] == ',';
    }

    private static int ClassEnd(string pattern, int start)
    {
        var at = start + 1;
        if (at < pattern.Length && pattern[at] == '^') at++;
        if (at < pattern.Length && pattern[at] == ']') at++;
        while (at < pattern.Length && pattern[at] != ']') at += pattern[at] == '\\' ? 2 : 1;
        return Math.Min(at, pattern.Length);
    }

    private static int SkipGroupKind(string pattern, int open)
    {
        if (open + 1 >= pattern.Length || pattern[open + 1] != '?') return open;
        var at = open + 2;
        while (at < pattern.Length && pattern[at] is ':' or '=' or '!' or '<' or '>' or 'i' or 'm' or 's' or 'n' or 'x' or '-')
        {
            if (pattern[at++] is ':' or '=' or '!' or '>') break;
        }

        return at - 1;
    }

    private sealed class Group
    {
        private readonly HashSet<string> _beginnings = new(StringComparer.Ordinal);
        private bool _begun;

        public bool Repeats { get; set; }

        public bool IsAmbiguous { get; private set; }

        public void Begin(string sign)
        {
            if (_begun) return;
            _begun = true;
            if (!_beginnings.Add(sign) || (_beginnings.Count > 1 && _beginnings.Contains("."))) IsAmbiguous = true;
        }

        public void Alternative() => _begun = false;
    }
}
