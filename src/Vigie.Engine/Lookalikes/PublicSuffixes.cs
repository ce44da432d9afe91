using System.Collections.Frozen;

namespace Vigie.Engine.Lookalikes;

/// <summary>Which part of a public suffix list a rule stands in.</summary>
public enum SuffixSection
{
    /// <summary>No rule: the list's default, which takes the last label for the suffix.</summary>
    Unlisted,

    /// <summary>Suffixes delegated by ICANN or registries.</summary>
    Icann,

    /// <summary>Suffixes under which a company lets others have names, such as <c>github.io</c>.</summary>
    Private,
}

/// <summary>
/// The public suffix list: where, in a name, the registry's part ends and the owner's begins. Implements the
/// algorithm of https://publicsuffix.org/list/ (longest rule wins, exceptions win over all, wildcards take one label).
/// Names are read in lower-case ASCII form (A-labels); see <see cref="DomainNames"/>.
/// </summary>
public sealed class PublicSuffixes
{
    private static readonly Lazy<PublicSuffixes> Embedded = new(() => Read(EmbeddedTable.Lines("public-suffixes.txt")));

    private readonly FrozenDictionary<string, Rule> _rules;
    private readonly FrozenDictionary<string, Rule>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Dictionary<string, string[]> _secondLevel;
    private readonly int _maxLabels;

    private PublicSuffixes(Dictionary<string, Rule> rules)
    {
        _rules = rules.ToFrozenDictionary(StringComparer.Ordinal);
        _lookup = _rules.GetAlternateLookup<ReadOnlySpan<char>>();
        _maxLabels = 1 + rules.Keys.Max(name => name.Count(c => c == '.')) + 1;
        _secondLevel = rules
            .Where(rule => (rule.Value & (Rule.Exact | Rule.Icann)) == (Rule.Exact | Rule.Icann) && rule.Key.Count(c => c == '.') == 1)
            .GroupBy(rule => rule.Key[(rule.Key.IndexOf('.', StringComparison.Ordinal) + 1)..], rule => rule.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Order(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
    }

    [Flags]
    private enum Rule : byte
    {
        None = 0,
        Exact = 1,
        Wildcard = 2,
        Exception = 4,
        Icann = 8,
        WildcardIcann = 16,
    }

    /// <summary>The list that is built in; its version and licence stand in <c>Lookalikes/Data/public-suffixes.txt</c>.</summary>
    public static PublicSuffixes Default => Embedded.Value;

    /// <summary>Reads the compact table that <c>tools/UpdateLookalikeData.cs</c> writes.</summary>
    internal static PublicSuffixes Read(IEnumerable<string> lines)
    {
        var rules = new Dictionary<string, Rule>(StringComparer.Ordinal);
        var icann = true;
        foreach (var line in lines)
        {
            if (line.StartsWith('='))
            {
                icann = line.Contains("ICANN", StringComparison.Ordinal);
                continue;
            }

            var words = line.Split(' ');
            foreach (var word in words.AsSpan(1)) Add(rules, words[0], word, icann);
        }

        return new PublicSuffixes(rules);
    }

    /// <summary>Cuts a name in lower-case ASCII form; false where it is not a dotted sequence of non-empty labels.</summary>
    public bool TrySplit(ReadOnlySpan<char> asciiDomain, out DomainParts parts)
    {
        if (!TryLocate(asciiDomain, out var label, out var suffix))
        {
            parts = default;
            return false;
        }

        parts = new DomainParts(
            label > 0 ? asciiDomain[..(label - 1)].ToString() : "",
            label < suffix ? asciiDomain[label..(suffix - 1)].ToString() : "",
            asciiDomain[suffix..].ToString());
        return true;
    }

    /// <summary>Whether the whole name is a public suffix: nobody's own domain, such as <c>gov.ml</c> or <c>com.ua</c>.</summary>
    public bool IsSuffix(ReadOnlySpan<char> asciiDomain) => TryLocate(asciiDomain, out _, out var suffix) && suffix == 0;

    /// <summary>Whether the list's ICANN section names this very suffix.</summary>
    internal bool IsOpened(ReadOnlySpan<char> suffix) => _lookup.TryGetValue(suffix, out var rule) && (rule & (Rule.Exact | Rule.Icann)) == (Rule.Exact | Rule.Icann);

    /// <summary>In which section of the list the suffix of <paramref name="asciiDomain"/> stands.</summary>
    public SuffixSection SectionOf(ReadOnlySpan<char> asciiDomain) =>
        TryLocate(asciiDomain, out _, out var suffix) ? SectionOfSuffix(asciiDomain[suffix..]) : SuffixSection.Unlisted;

    /// <summary>The suffixes of two labels that registries opened beneath a top-level domain, in ordinal order: <c>com.ml</c>, <c>edu.ml</c>…</summary>
    public IReadOnlyList<string> SecondLevel(string topLevelDomain) => _secondLevel.GetValueOrDefault(topLevelDomain) ?? [];

    /// <summary>Where the registrable label and the suffix begin; equal (both 0) for a name that is a suffix itself.</summary>
    internal bool TryLocate(ReadOnlySpan<char> name, out int label, out int suffix)
    {
        label = suffix = 0;
        if (name.IsEmpty || name.Length > DomainNames.MaxLength || name[0] == '.' || name[^1] == '.' || name.Contains("..", StringComparison.Ordinal))
            return false;

        suffix = SuffixStart(name);
        if (suffix == 0) return true;
        label = name[..(suffix - 1)].LastIndexOf('.') + 1;
        return true;
    }

    private int SuffixStart(ReadOnlySpan<char> name)
    {
        var start = name.LastIndexOf('.') + 1;
        var longest = start;
        for (var labels = 1; labels <= _maxLabels; labels++)
        {
            if (_lookup.TryGetValue(name[start..], out var rule))
            {
                // An exception's suffix is the rule without its first label.
                if ((rule & Rule.Exception) != 0) return start + name[start..].IndexOf('.') + 1;
                if ((rule & Rule.Exact) != 0) longest = start;
                if ((rule & Rule.Wildcard) != 0 && start > 0) longest = TakeWildcard(name, start, longest);
            }

            if (start == 0) break;
            start = name[..(start - 1)].LastIndexOf('.') + 1;
        }

        return longest;
    }

    private int TakeWildcard(ReadOnlySpan<char> name, int start, int longest)
    {
        var child = name[..(start - 1)].LastIndexOf('.') + 1;
        return _lookup.TryGetValue(name[child..], out var rule) && (rule & Rule.Exception) != 0 ? longest : child;
    }

    private SuffixSection SectionOfSuffix(ReadOnlySpan<char> suffix)
    {
        if (_lookup.TryGetValue(suffix, out var rule) && (rule & Rule.Exact) != 0)
            return (rule & Rule.Icann) != 0 ? SuffixSection.Icann : SuffixSection.Private;
        var parent = suffix[(suffix.IndexOf('.') + 1)..];
        if (parent.Length < suffix.Length && _lookup.TryGetValue(parent, out rule) && (rule & Rule.Wildcard) != 0)
            return (rule & Rule.WildcardIcann) != 0 ? SuffixSection.Icann : SuffixSection.Private;
        // What remains of an exception ("ck" of "www.ck") is listed only through its wildcard.
        return _lookup.TryGetValue(suffix, out rule) && rule != Rule.None ? SuffixSection.Icann : SuffixSection.Unlisted;
    }

    private static void Add(Dictionary<string, Rule> rules, string top, string word, bool icann)
    {
        var flags = Rule.Exact | (icann ? Rule.Icann : Rule.None);
        var name = word == "." ? top : $"{word}.{top}";
        if (word.StartsWith('!'))
        {
            flags = Rule.Exception;
            name = name[1..];
        }
        else if (word[0] == '*')
        {
            flags = Rule.Wildcard | (icann ? Rule.WildcardIcann : Rule.None);
            name = name[2..];
        }

        rules[name] = rules.GetValueOrDefault(name) | flags;
    }
}
