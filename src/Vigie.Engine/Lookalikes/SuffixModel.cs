using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Vigie.Engine.Lookalikes;

/// <summary>A suffix in place of another, and why.</summary>
internal readonly record struct SuffixSlip(string Suffix, Slip Slip);

/// <summary>
/// How likely a name is written under another suffix: slips in the top-level domain that lead to one that exists, the
/// habit of the commoner one, and the second level forgotten, added or mistaken.
/// </summary>
internal static class SuffixModel
{
    // Knowing the name but not where it is registered.
    private const double WrongTop = 1.5e-3;
    private const double WrongSecond = 1e-3;
    private const double SecondForgotten = 1.5e-3;
    private const double CountryAdded = 2e-6;
    private const double DotInside = 1e-6;

    /// <summary>The same name under a suffix that nothing leads to.</summary>
    public const double Unrelated = 1e-9;

    // The top-level domain is typed last and fast, and what results is a word of its own that looks right.
    private const double TopLevelHaste = 1.5;

    /// <summary>Slips of the top-level domain as likely as this are combined with every slip in the name.</summary>
    public const double Combined = 1e-5;

    // Rounded shares of the world's registered names; the institutional ones by how often they are mentioned.
    private static readonly Dictionary<string, double> Shares = new(StringComparer.Ordinal)
    {
        ["com"] = 0.45,
        ["net"] = 0.06,
        ["org"] = 0.08,
        ["info"] = 0.02,
        ["biz"] = 0.01,
        ["co"] = 0.02,
        ["io"] = 0.01,
        ["int"] = 0.01,
        ["gov"] = 0.02,
        ["mil"] = 0.01,
        ["edu"] = 0.02,
        ["eu"] = 0.02,
        ["fr"] = 0.03,
        ["uk"] = 0.03,
        ["de"] = 0.04,
        ["nl"] = 0.02,
        ["be"] = 0.01,
        ["ch"] = 0.01,
        ["it"] = 0.01,
        ["es"] = 0.01,
        ["ca"] = 0.01,
        ["us"] = 0.01,
        ["au"] = 0.01,
        ["cn"] = 0.01,
        ["ru"] = 0.01,
        ["br"] = 0.01,
        ["in"] = 0.01,
        ["jp"] = 0.01,
        ["pl"] = 0.01,
        ["me"] = 0.005,
        ["app"] = 0.003,
        ["dev"] = 0.003,
        ["online"] = 0.003,
        ["site"] = 0.003,
        ["xyz"] = 0.004,
        ["top"] = 0.003,
        ["shop"] = 0.003,
        ["africa"] = 0.002,
        ["ml"] = 0.003,
        ["sn"] = 0.003,
        ["ci"] = 0.003,
        ["bf"] = 0.002,
        ["ne"] = 0.002,
        ["mr"] = 0.001,
        ["gn"] = 0.001,
        ["dz"] = 0.002,
        ["tg"] = 0.001,
        ["bj"] = 0.001,
        ["ng"] = 0.003,
        ["gh"] = 0.002,
        ["ma"] = 0.002,
        ["tn"] = 0.002,
        ["za"] = 0.003,
        ["co.uk"] = 0.03,
        ["org.uk"] = 0.005,
        ["com.au"] = 0.01,
        ["com.br"] = 0.01,
        ["co.za"] = 0.005,
        ["com.ng"] = 0.002,
        ["com.gh"] = 0.002,
        ["co.in"] = 0.003,
        ["com.cn"] = 0.003,
        ["com.tr"] = 0.003,
        ["com.ua"] = 0.002,
        ["com.mx"] = 0.003,
        ["com.ar"] = 0.003,
        ["co.jp"] = 0.004,
        ["com.sg"] = 0.002,
        ["com.hk"] = 0.002,
        ["com.my"] = 0.002,
        ["com.sn"] = 0.001,
        ["com.ml"] = 0.001,
        ["co.ke"] = 0.002,
        ["co.nz"] = 0.003,
        ["com.co"] = 0.002,
        ["com.eg"] = 0.001,
        ["com.tn"] = 0.001,
        ["com.de"] = 0.0005,
        ["eu.com"] = 0.0005,
        ["us.com"] = 0.0005,
        ["uk.com"] = 0.0005,
    };

    private static readonly Dictionary<string, double> SecondShares = new(StringComparer.Ordinal)
    {
        ["com"] = 0.3,
        ["co"] = 0.3,
        ["org"] = 0.15,
        ["or"] = 0.1,
        ["gov"] = 0.15,
        ["gouv"] = 0.15,
        ["go"] = 0.1,
        ["gob"] = 0.1,
        ["net"] = 0.05,
        ["edu"] = 0.05,
        ["ac"] = 0.05,
        ["mil"] = 0.05,
        ["asso"] = 0.03,
        ["info"] = 0.02,
        ["presse"] = 0.01,
        ["int"] = 0.01,
        ["nom"] = 0.01,
        ["ltd"] = 0.01,
        ["me"] = 0.01,
    };

    // The same second level in other languages and registries: gov.ml and gouv.ml are both open.
    private const double Synonym = 5;
    private static readonly string[][] Synonyms = [["gov", "gouv", "gob", "go", "gv", "govt"], ["com", "co"], ["org", "or", "asso"], ["edu", "ac"], ["net", "ne"]];

    // Under these a mistaken one is another of them.
    private static readonly string[] Institutional = ["edu", "gov", "int", "mil", "org"];

    private static readonly FrozenDictionary<string, TagSet> Near = MakeNear();

    // Bounded, because names come from outside; what exceeds the bound is computed each time.
    private const int MostKnown = 4096;

    private static readonly ConcurrentDictionary<(string Suffix, KeyboardLayouts Layouts), SuffixSlip[]> KnownSlips = new();
    private static readonly ConcurrentDictionary<string, string[]> KnownAlternatives = new(StringComparer.Ordinal);

    /// <summary>The multi-label suffixes that people know by heart.</summary>
    private static IEnumerable<string> Familiar => Shares.Keys.Where(name => name.Contains('.', StringComparison.Ordinal));

    /// <summary>The top-level domains that a slip in <paramref name="tld"/> leads to, likeliest first.</summary>
    public static SuffixSlip[] TopLevelSlips(string tld, KeyboardLayouts layouts)
    {
        if (KnownSlips.TryGetValue((tld, layouts), out var known)) return known;
        var keyboard = Keyboard.Of(layouts);
        known =
        [
            .. TopLevelDomains.All.Where(other => other != tld)
                .Select(other => new SuffixSlip(other, OfTopLevel(tld, other, keyboard)))
                .Where(slip => slip.Slip.Applies)
                .OrderByDescending(slip => slip.Slip.Likelihood).ThenBy(slip => slip.Suffix, StringComparer.Ordinal),
        ];
        if (KnownSlips.Count < MostKnown) KnownSlips.TryAdd((tld, layouts), known);
        return known;
    }

    /// <summary>The tags of the top-level domains from which a slip can lead to this one, and its own.</summary>
    public static TagSet NearTags(ReadOnlySpan<char> tld)
    {
        if (Near.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(tld, out var known)) return known;
        // What does not exist is reached by no slip; only as itself.
        return new TagSet([TagSet.Of(tld)]);
    }

    private static FrozenDictionary<string, TagSet> MakeNear() => TopLevelDomains.All.ToFrozenDictionary(
        tld => tld,
        tld => new TagSet(TopLevelDomains.All.Where(other => other == tld || EditDistance.TryFindSingle(other, tld, out _)).Select(other => TagSet.Of(other))),
        StringComparer.Ordinal);

    /// <summary>A slip that turns one top-level domain into another; none beyond one edit.</summary>
    public static Slip OfTopLevel(ReadOnlySpan<char> from, ReadOnlySpan<char> to, Keyboard keyboard)
    {
        if (!EditDistance.TryFindSingle(from, to, out var edit) || !TopLevelDomains.Contains(to)) return Slip.None;
        var likelihood = edit.Kind switch
        {
            EditKind.Delete => SlipModel.Omitted * (edit.Position == 0 ? 0.8 : 1),
            EditKind.Transpose => SlipModel.Exchanged * Letters.Hands(from[edit.Position], from[edit.Position + 1]),
            EditKind.Insert => Inserted(from, edit, keyboard),
            _ => Substituted(from[edit.Position], edit.Character, keyboard),
        };
        return new Slip(ImitationFamily.TldTypo, likelihood * TopLevelHaste);
    }

    /// <summary>Every suffix worth naming in place of <paramref name="suffix"/>.</summary>
    public static string[] Alternatives(string suffix)
    {
        if (KnownAlternatives.TryGetValue(suffix, out var known)) return known;
        known = [.. MakeAlternatives(suffix).Distinct(StringComparer.Ordinal).Where(name => name != suffix)];
        if (KnownAlternatives.Count < MostKnown) KnownAlternatives.TryAdd(suffix, known);
        return known;
    }

    private static IEnumerable<string> MakeAlternatives(string suffix)
    {
        var dot = suffix.LastIndexOf('.');
        var tld = suffix[(dot + 1)..];
        var names = TopLevelDomains.All.Concat(Familiar).Concat(PublicSuffixes.Default.SecondLevel(tld));
        if (tld.Length == 2) names = names.Concat(NameShape.Conventional.Select(second => $"{second}.{tld}"));
        if (dot >= 0) return names.Concat(TopLevelDomains.All.Select(top => suffix[..(dot + 1)] + top));
        return names.Concat(TopLevelDomains.All.SelectMany(PublicSuffixes.Default.SecondLevel).Where(other => IsCountryAdded(suffix, other) || IsDotInside(suffix, other)));
    }

    /// <summary>The likeliest reason to write <paramref name="to"/> where the whole suffix <paramref name="from"/> was meant, all before it being right.</summary>
    public static Slip OfSuffix(ReadOnlySpan<char> from, ReadOnlySpan<char> to, SlipModel model)
    {
        int fromDot = from.LastIndexOf('.'), toDot = to.LastIndexOf('.');
        ReadOnlySpan<char> fromTop = from[(fromDot + 1)..], toTop = to[(toDot + 1)..];
        var slip = Slip.None;
        if (fromDot == toDot && from[..(fromDot + 1)].SequenceEqual(to[..(toDot + 1)]))
        {
            if (model.Families.Contains(ImitationFamily.TldTypo)) slip = OfTopLevel(fromTop, toTop, model.Keyboard);
            slip = slip.Or(model.Cause(ImitationFamily.WrongTld, WrongTop * Share(toTop) * Kinship(fromTop, toTop)));
        }
        else if (fromTop.SequenceEqual(toTop)) slip = model.Cause(ImitationFamily.WrongSecondLevel, toDot < 0 ? SecondForgotten : WrongSecond * SecondShare(to[..toDot]) * (fromDot >= 0 && AreSynonyms(from[..fromDot], to[..toDot]) ? Synonym : 1) * (PublicSuffixes.Default.IsOpened(to) ? 1 : 0.1));
        else if (fromDot < 0 && IsCountryAdded(from, to) && PublicSuffixes.Default.IsOpened(to)) slip = model.Cause(ImitationFamily.WrongSecondLevel, Math.Max(CountryAdded, WrongTop * Share(to)));
        else if (fromDot < 0 && IsDotInside(from, to) && PublicSuffixes.Default.IsOpened(to)) slip = model.Cause(ImitationFamily.TldTypo, DotInside);

        var other = Share(to);
        return other > LeastShare ? slip.Or(model.Cause(ImitationFamily.WrongTld, WrongTop * other)) : slip;
    }

    /// <summary>The share of a suffix among all names, a very small one where it is not known.</summary>
    public static double Share(ReadOnlySpan<char> suffix) => Shares.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(suffix, out var share) ? share : LeastShare;

    private const double LeastShare = 1e-4;

    private static double SecondShare(ReadOnlySpan<char> second) => SecondShares.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(second, out var share) ? share : 1e-3;

    private static bool AreSynonyms(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        foreach (var group in Synonyms)
        {
            if (IsAmong(left, group)) return IsAmong(right, group);
        }

        return false;
    }

    private static double Kinship(ReadOnlySpan<char> from, ReadOnlySpan<char> to) => IsAmong(from, Institutional) && IsAmong(to, Institutional) ? 4 : 1;

    private static bool IsAmong(ReadOnlySpan<char> name, string[] names)
    {
        foreach (var other in names)
        {
            if (name.SequenceEqual(other)) return true;
        }

        return false;
    }

    private static bool IsCountryAdded(ReadOnlySpan<char> from, ReadOnlySpan<char> to) =>
        to.Length > from.Length + 1 && to.StartsWith(from, StringComparison.Ordinal) && to[from.Length] == '.';

    // "com" typed as "co.mz": a dot and perhaps a letter inside.
    private static bool IsDotInside(ReadOnlySpan<char> from, ReadOnlySpan<char> to)
    {
        var dot = to.IndexOf('.');
        if (dot < 0 || to.Length > from.Length + 2) return false;
        Span<char> joined = stackalloc char[to.Length - 1];
        to[..dot].CopyTo(joined);
        to[(dot + 1)..].CopyTo(joined[dot..]);
        return joined.SequenceEqual(from) || EditDistance.TryFindSingle(from, joined, out _);
    }

    private static double Inserted(ReadOnlySpan<char> from, Edit edit, Keyboard keyboard)
    {
        var at = edit.Position;
        if (at < from.Length && from[at] == edit.Character) return SlipModel.Doubled;
        var near = Math.Max(at > 0 ? keyboard.Nearness(from[at - 1], edit.Character) : 0, at < from.Length ? keyboard.Nearness(from[at], edit.Character) : 0);
        return near > 0 ? SlipModel.NeighborAdded * near : SlipModel.FarAdded * 10;
    }

    private static double Substituted(char typed, char c, Keyboard keyboard)
    {
        var near = keyboard.Nearness(typed, c);
        if (near > 0) return SlipModel.NeighborKey * near;
        return Letters.AreConfusedVowels(typed, c) ? SlipModel.VowelConfused : SlipModel.FarKey * 10;
    }
}
