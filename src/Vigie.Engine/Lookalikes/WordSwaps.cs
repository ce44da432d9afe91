namespace Vigie.Engine.Lookalikes;

/// <summary>
/// Groups of letters that sound the same (English and French) and numbers written as words: replacing one member of a
/// group by another gives a name somebody writes who has only heard it.
/// </summary>
internal sealed class WordSwaps
{
    private readonly (string From, string To)[] _swaps;
    private readonly (string Member, char Symbol)[][] _members = new (string, char)[128][];
    private readonly int _longest;

    private WordSwaps(ImitationFamily family, double likelihood, params string[][] groups)
    {
        Family = family;
        Likelihood = likelihood;
        _swaps = [.. groups.SelectMany(group => group.SelectMany(from => group.Where(to => to != from).Select(to => (from, to))))];
        // Symbols lie outside of what a name may contain, so that a key never equals a name by accident.
        var members = groups.SelectMany((group, index) => group.Select(member => (Member: member, Symbol: (char)('A' + index)))).ToArray();
        for (var first = 0; first < _members.Length; first++) _members[first] = [.. members.Where(row => row.Member[0] == first).OrderByDescending(row => row.Member.Length)];
        _longest = members.Max(row => row.Member.Length);
    }

    /// <summary>What sounds the same.</summary>
    public static WordSwaps Homophones { get; } = new(
        ImitationFamily.Homophone,
        4e-5,
        ["f", "ph"],
        ["k", "c", "ck", "q", "qu"],
        ["s", "z", "ss"],
        ["i", "y", "ee", "ea", "ie"],
        ["u", "oo", "ou"],
        ["o", "au", "eau", "aux"],
        ["ai", "ei", "ay", "ey"],
        ["x", "ks"],
        ["j", "dj"],
        ["t", "th"],
        ["r", "wr"],
        ["n", "kn"],
        ["w", "wh"],
        ["tion", "sion"]);

    /// <summary>Numbers, and the words for them in English and French.</summary>
    public static WordSwaps Numbers { get; } = new(
        ImitationFamily.NumberWord,
        3e-5,
        ["0", "zero"],
        ["1", "one", "un"],
        ["2", "two", "to", "too", "deux"],
        ["3", "three", "trois"],
        ["4", "four", "for", "quatre"],
        ["5", "five", "cinq"],
        ["6", "six"],
        ["7", "seven", "sept"],
        ["8", "eight", "ate", "huit"],
        ["9", "nine", "neuf"],
        ["10", "ten", "dix"]);

    /// <summary>The longest member of any group.</summary>
    public const int Longest = 6;

    /// <summary>Which family these are.</summary>
    public ImitationFamily Family { get; }

    /// <summary>How likely one exchange is.</summary>
    public double Likelihood { get; }

    /// <summary>All ordered pairs of members of one group.</summary>
    public ReadOnlySpan<(string From, string To)> Swaps => _swaps;

    /// <summary>
    /// Writes the text with every group, longest first from the left, as one symbol: what two spellings that sound the
    /// same have in common. Never longer than the text.
    /// </summary>
    public int Key(ReadOnlySpan<char> text, Span<char> target)
    {
        var written = 0;
        for (var at = 0; at < text.Length;)
        {
            var (symbol, length) = SymbolAt(text[at..]);
            target[written++] = symbol;
            at += length;
        }

        return written;
    }

    private (char Symbol, int Length) SymbolAt(ReadOnlySpan<char> text)
    {
        if (text[0] >= 128) return (text[0], 1);
        foreach (var (member, symbol) in _members[text[0]])
        {
            if (text.StartsWith(member, StringComparison.Ordinal)) return (symbol, member.Length);
        }

        return (text[0], 1);
    }

    /// <summary>Whether two texts have the same key.</summary>
    public bool SoundAlike(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        Span<char> leftKey = stackalloc char[left.Length], rightKey = stackalloc char[right.Length];
        return leftKey[..Key(left, leftKey)].SequenceEqual(rightKey[..Key(right, rightKey)]);
    }

    /// <summary>Whether one exchange at or after <paramref name="first"/> leads from one text to the other, whose first <paramref name="prefix"/> characters are equal.</summary>
    public bool IsSingle(ReadOnlySpan<char> from, ReadOnlySpan<char> to, int first, int prefix)
    {
        var longer = to.Length - from.Length;
        if (Math.Abs(longer) > _longest) return false;
        foreach (var (old, now) in _swaps)
        {
            if (now.Length - old.Length != longer) continue;
            for (var at = Math.Max(first, prefix - old.Length); at <= Math.Min(prefix, from.Length - old.Length); at++)
            {
                if (from[at] != old[0] || !from.Slice(at, old.Length).SequenceEqual(old) || !to[at..].StartsWith(now, StringComparison.Ordinal)) continue;
                if (from[(at + old.Length)..].SequenceEqual(to[(at + now.Length)..])) return true;
            }
        }

        return false;
    }
}
