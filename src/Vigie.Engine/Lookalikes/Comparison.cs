namespace Vigie.Engine.Lookalikes;

/// <summary>Whether, how and how likely one name comes from another: the verdict behind the index's hashes.</summary>
internal static class Comparison
{
    internal const double Combo = 2e-7;
    internal const double LooseCombo = 2e-8;
    internal const double AsSubdomain = 1e-9;
    internal const double JoinedWhole = 2e-6;
    internal const double JoinedHead = 2e-4;
    internal const double JoinedElsewhere = 1e-9;
    internal const double DoublePlural = 1e-4;
    internal const double DoubleKey = 3e-6;
    internal const double DotShifted = 3e-5;

    /// <summary>The shortest name that is looked for inside longer ones.</summary>
    internal const int ShortestBrand = 3;

    /// <summary>The shortest name that is looked for inside longer ones without a hyphen or a known word beside it.</summary>
    internal const int ShortestLooseBrand = 6;

    /// <summary>The likeliest way from <paramref name="target"/> to <paramref name="suspect"/>; none where it is no imitation or within the target's own domain.</summary>
    public static Slip Of(NameShape target, NameShape suspect, SlipModel model)
    {
        if (target.Owns(suspect.Ascii)) return Slip.None;
        var slip = UnderAnotherSuffix(target, suspect, model);
        if (!target.Head.SequenceEqual(suspect.Head))
        {
            var top = TopLevel(target, suspect, model);
            if (top > 0)
            {
                var head = InHead(target, suspect, model);
                slip = slip.Or(head with { Likelihood = head.Likelihood * top });
            }
        }

        return slip.Or(Joined(target, suspect, model)).Or(Longer(target, suspect, model)).Or(AsBeginning(target, suspect, model));
    }

    /// <summary>What one or two drawn letters make likely, for the generator and the index alike.</summary>
    public static Slip Drawn(NameShape target, ReadOnlySpan<char> head, SlipModel model)
    {
        var from = target.Head;
        var family = System.Text.Ascii.IsValid(head) ? ImitationFamily.Homoglyph : ImitationFamily.Confusable;
        Span<char> folded = stackalloc char[from.Length * 3];
        if (!System.Text.Ascii.IsValid(from) && folded[..Glyphs.Fold(from, folded)].SequenceEqual(head)) return model.Cause(ImitationFamily.Confusable, SlipModel.AccentMissing);
        return model.Cause(family, IsDrawnOnce(target, head) ? SlipModel.Drawn : SlipModel.DrawnTwice);
    }

    /// <summary>Whether a single letter, or two that look like one, is all that differs.</summary>
    public static bool IsDrawnOnce(NameShape target, ReadOnlySpan<char> head)
    {
        var from = target.Head;
        var prefix = from.CommonPrefixLength(head);
        int fromEnd = from.Length, toEnd = head.Length;
        while (fromEnd > prefix && toEnd > prefix && from[fromEnd - 1] == head[toEnd - 1])
        {
            fromEnd--;
            toEnd--;
        }

        return Glyphs.IsSingle(from[prefix..fromEnd], head[prefix..toEnd]);
    }

    /// <summary>How likely a name joined with its top-level domain is found under a suffix.</summary>
    public static double JoinedUnder(NameShape target, ReadOnlySpan<char> suffix) => IsOwnOrOpen(target, suffix) ? JoinedWhole : JoinedElsewhere;

    /// <summary>How likely a name with a known word beside it is found under a suffix.</summary>
    public static double ComboUnder(NameShape target, ReadOnlySpan<char> suffix) =>
        suffix.SequenceEqual(target.SuffixText) ? Combo : IsOwnOrOpen(target, suffix) ? Combo / 2 : Combo / 10;

    private static bool IsOwnOrOpen(NameShape target, ReadOnlySpan<char> suffix)
    {
        if (suffix.SequenceEqual(target.Tld)) return true;
        foreach (var open in BrandWords.OpenSuffixes)
        {
            if (suffix.SequenceEqual(open)) return true;
        }

        return false;
    }

    private static double TopLevel(NameShape target, NameShape suspect, SlipModel model) =>
        target.Tld == suspect.Tld ? 1 : SuffixModel.OfTopLevel(target.Tld, suspect.Tld, model.Keyboard).Likelihood;

    private static Slip UnderAnotherSuffix(NameShape target, NameShape suspect, SlipModel model)
    {
        ReadOnlySpan<char> own = target.Ascii, other = suspect.Ascii;
        var stem = own.Length - target.SuffixText.Length;
        if (other.Length <= stem || !other[..stem].SequenceEqual(own[..stem])) return Slip.None;
        var suffix = other[stem..];
        var sameHead = target.Head.SequenceEqual(suspect.Head);
        return sameHead || suffix.SequenceEqual(suspect.SuffixText) ? SuffixModel.OfSuffix(target.SuffixText, suffix, model) : Slip.None;
    }

    private static Slip InHead(NameShape target, NameShape suspect, SlipModel model)
    {
        ReadOnlySpan<char> from = target.Head, to = suspect.Head;
        var slip = EditDistance.TryFindSingle(from, to, out var edit) ? model.Of(target, edit) : Slip.None;
        slip = slip.Or(Swapped(target, to, WordSwaps.Homophones, model)).Or(Swapped(target, to, WordSwaps.Numbers, model));
        slip = slip.Or(PluralOfTwo(target, suspect, model)).Or(DoubleReplaced(target, to, model));
        return slip.Applies || !AreDrawnAlike(from, to) ? slip : Drawn(target, to, model);
    }

    private static Slip Swapped(NameShape target, ReadOnlySpan<char> to, WordSwaps swaps, SlipModel model) =>
        swaps.IsSingle(target.Head, to, target.Label) && swaps.SoundAlike(target.Head, to) ? model.Cause(swaps.Family, swaps.Likelihood) : Slip.None;

    /// <summary>Plurals of two letters: <c>es</c> added or dropped, <c>y</c> and <c>ies</c>.</summary>
    private static Slip PluralOfTwo(NameShape target, NameShape suspect, SlipModel model)
    {
        ReadOnlySpan<char> from = target.Stem, to = suspect.Stem;
        if (Math.Abs(from.Length - to.Length) != 2 || !target.Head[from.Length..].SequenceEqual(suspect.Head[to.Length..])) return Slip.None;
        return Plurals.AreOfTwo(from, to) ? model.Cause(ImitationFamily.Plural, DoublePlural) : Slip.None;
    }

    private static Slip DoubleReplaced(NameShape target, ReadOnlySpan<char> to, SlipModel model)
    {
        var from = target.Head;
        if (from.Length != to.Length) return Slip.None;
        var at = from.CommonPrefixLength(to);
        if (at < target.Label || at + 1 >= from.Length || from[at] != from[at + 1] || to[at] != to[at + 1] || !from[(at + 2)..].SequenceEqual(to[(at + 2)..])) return Slip.None;
        return DoubleKeyed(from, at, to[at], model);
    }

    /// <summary>A doubled letter at <paramref name="at"/> typed twice on a neighbouring key.</summary>
    public static Slip DoubleKeyed(ReadOnlySpan<char> head, int at, char key, SlipModel model)
    {
        var beside = (at > 0 && head[at - 1] == key) || (at + 2 < head.Length && head[at + 2] == key);
        var within = (at > 0 && head[at - 1] == head[at]) || (at + 2 < head.Length && head[at + 2] == head[at]);
        return beside || within ? Slip.None : model.Cause(ImitationFamily.DoubleReplacement, DoubleKey * model.Keyboard.Nearness(head[at], key));
    }

    private static bool AreDrawnAlike(ReadOnlySpan<char> from, ReadOnlySpan<char> to)
    {
        Span<char> left = stackalloc char[from.Length * 6], right = stackalloc char[to.Length * 6];
        return Skeleton(from, left).SequenceEqual(Skeleton(to, right));
    }

    /// <summary>The skeleton of a text in Unicode, written into six times its room.</summary>
    public static ReadOnlySpan<char> Skeleton(ReadOnlySpan<char> text, Span<char> target)
    {
        if (System.Text.Ascii.IsValid(text)) return target[..Glyphs.Skeleton(text, target)];
        Span<char> folded = stackalloc char[text.Length * 3];
        return target[..Glyphs.Skeleton(folded[..Glyphs.Fold(text, folded)], target)];
    }

    private static Slip Joined(NameShape target, NameShape suspect, SlipModel model)
    {
        if (Math.Abs(target.Text.Length - suspect.Text.Length) > 130) return Slip.None;
        Span<char> own = stackalloc char[target.Text.Length], other = stackalloc char[suspect.Text.Length];
        var ownWhole = Join(target.Text, own);
        var otherStem = Join(suspect.Stem, other);
        var family = suspect.Stem.Contains('-') ? ImitationFamily.DotToDash : ImitationFamily.MissingDot;
        if (otherStem.SequenceEqual(ownWhole)) return model.Cause(family, JoinedUnder(target, suspect.SuffixText));
        if (otherStem.SequenceEqual(ownWhole[..JoinedLength(target.Head)]) && !target.Head.SequenceEqual(suspect.Stem) && target.Head.Contains('.'))
            return JoinedHeadUnder(target, suspect.SuffixText, family, model);
        return IsDotShifted(target, suspect) ? model.Cause(ImitationFamily.Transposition, DotShifted) : Slip.None;
    }

    /// <summary>How likely a name whose labels are all joined is found under a suffix.</summary>
    public static Slip JoinedHeadUnder(NameShape target, ReadOnlySpan<char> suffix, ImitationFamily family, SlipModel model)
    {
        var top = suffix.SequenceEqual(target.Tld) ? 1 : SuffixModel.OfTopLevel(target.Tld, suffix, model.Keyboard).Likelihood;
        return model.Cause(family, Math.Max(JoinedHead * top, JoinedUnder(target, suffix)));
    }

    // army.mil → armym.il: the last dot one place aside, where that gives a top-level domain.
    private static bool IsDotShifted(NameShape target, NameShape suspect)
    {
        ReadOnlySpan<char> from = target.Text, to = suspect.Text;
        if (from.Length != to.Length) return false;
        int dot = target.HeadLength, other = suspect.HeadLength;
        if (Math.Abs(dot - other) != 1) return false;
        var first = Math.Min(dot, other);
        return from[..first].SequenceEqual(to[..first]) && from[(first + 2)..].SequenceEqual(to[(first + 2)..])
            && from[first] == to[first + 1] && from[first + 1] == to[first];
    }

    private static Slip Longer(NameShape target, NameShape suspect, SlipModel model)
    {
        var label = suspect.Brand;
        var slip = Beside(target, suspect, label, target.Brand, model);
        if (target.Label == 0 || slip.Applies) return slip;
        Span<char> joined = stackalloc char[target.Stem.Length];
        return Beside(target, suspect, label, Join(target.Stem, joined), model);
    }

    private static Slip Beside(NameShape target, NameShape suspect, ReadOnlySpan<char> label, ReadOnlySpan<char> brand, SlipModel model)
    {
        if (brand.Length < ShortestBrand || label.Length <= brand.Length) return Slip.None;
        var slip = Slip.None;
        if (label.StartsWith(brand, StringComparison.Ordinal)) slip = slip.Or(Companion(target, suspect, label[brand.Length..], brand.Length, after: true, model));
        if (label.EndsWith(brand, StringComparison.Ordinal)) slip = slip.Or(Companion(target, suspect, label[..^brand.Length], brand.Length, after: false, model));
        return slip.Applies || !HasToken(label, brand) ? slip : model.Cause(ImitationFamily.Combosquat, LooseCombo / 2);
    }

    private static Slip Companion(NameShape target, NameShape suspect, ReadOnlySpan<char> word, int brand, bool after, SlipModel model)
    {
        var hyphen = after ? word[0] == '-' : word[^1] == '-';
        if (hyphen) word = after ? word[1..] : word[..^1];
        if (BrandWords.IsCompanion(word) || (!after && BrandWords.HostLikelihood(word) > 0)) return model.Cause(ImitationFamily.Combosquat, ComboUnder(target, suspect.SuffixText)).Or(Host(target, suspect, word, hyphen, after, model));
        if (hyphen) return model.Cause(ImitationFamily.Combosquat, LooseCombo);
        return brand >= ShortestLooseBrand ? model.Cause(ImitationFamily.Combosquat, LooseCombo / 2) : Slip.None;
    }

    private static Slip Host(NameShape target, NameShape suspect, ReadOnlySpan<char> word, bool hyphen, bool after, SlipModel model) =>
        hyphen || after || target.Label > 0 || suspect.SuffixText != target.SuffixText ? Slip.None : model.Cause(ImitationFamily.Prefix, BrandWords.HostLikelihood(word));

    private static bool HasToken(ReadOnlySpan<char> label, ReadOnlySpan<char> brand)
    {
        foreach (var part in label.Split('-'))
        {
            if (label[part].SequenceEqual(brand)) return true;
        }

        return false;
    }

    private static Slip AsBeginning(NameShape target, NameShape suspect, SlipModel model) =>
        suspect.Ascii.Length > target.Ascii.Length && suspect.Ascii[target.Ascii.Length] == '.' && suspect.Ascii.StartsWith(target.Ascii, StringComparison.Ordinal)
            ? model.Cause(ImitationFamily.BrandAsSubdomain, AsSubdomain)
            : Slip.None;

    /// <summary>A text without dots and hyphens.</summary>
    public static ReadOnlySpan<char> Join(ReadOnlySpan<char> text, Span<char> target)
    {
        var written = 0;
        foreach (var c in text)
        {
            if (c is not ('.' or '-')) target[written++] = c;
        }

        return target[..written];
    }

    private static int JoinedLength(ReadOnlySpan<char> text) => text.Length - text.Count('.') - text.Count('-');
}
