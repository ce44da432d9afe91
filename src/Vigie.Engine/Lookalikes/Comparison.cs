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
    public static Slip Of(NameShape target, NameShape suspect, KeyKind kinds, SlipModel model)
    {
        if (target.Owns(suspect.Ascii)) return Slip.None;
        var slip = Slip.None;
        if ((kinds & (KeyKind.Head | KeyKind.Stem)) != 0) slip = UnderAnotherSuffix(target, suspect, model);
        if ((kinds & KeyKind.Head) != 0) slip = slip.Or(InHead(target, suspect, model));
        if ((kinds & KeyKind.Joined) != 0) slip = slip.Or(Joined(target, suspect, model));
        if ((kinds & KeyKind.Brand) != 0) slip = slip.Or(Longer(target, suspect, model));
        if ((kinds & KeyKind.Beginning) != 0) slip = slip.Or(AsBeginning(target, suspect, model));
        return slip.Applies || (kinds & (KeyKind.Stem | KeyKind.Brand)) == 0 ? slip : Loosely(target, suspect, model);
    }

    /// <summary>What one or two drawn letters make likely, for the generator and the index alike.</summary>
    public static Slip Drawn(NameShape target, ReadOnlySpan<char> head, SlipModel model)
    {
        var from = target.Head;
        var family = System.Text.Ascii.IsValid(head) ? ImitationFamily.Homoglyph : ImitationFamily.Confusable;
        Span<char> folded = stackalloc char[from.Length * 3];
        if (!System.Text.Ascii.IsValid(from) && folded[..Glyphs.Fold(from, folded)].SequenceEqual(head)) return model.Cause(ImitationFamily.Confusable, SlipModel.AccentMissing);
        if (EditDistance.TryFindSingle(from, head, out var edit) && model.Of(target, edit) is { Applies: true } slip) return slip;
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
        suffix.SequenceEqual(target.SuffixText) ? Combo : Combo / 2;

    private static bool IsOwnOrOpen(NameShape target, ReadOnlySpan<char> suffix)
    {
        if (suffix.SequenceEqual(target.Tld) || suffix.SequenceEqual(target.SuffixText)) return true;
        foreach (var open in BrandWords.OpenSuffixes)
        {
            if (suffix.SequenceEqual(open)) return true;
        }

        return false;
    }

    private static double TopLevel(NameShape target, NameShape suspect, SlipModel model) =>
        target.Tld.SequenceEqual(suspect.Tld) ? 1 : SuffixModel.OfTopLevel(target.Tld, suspect.Tld, model.Keyboard).Likelihood;

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
        if (target.Head.SequenceEqual(suspect.Head)) return Slip.None;
        var top = TopLevel(target, suspect, model);
        if (top <= 0) return Slip.None;
        var head = OfHead(target, suspect, model);
        return head with { Likelihood = head.Likelihood * top };
    }

    private static Slip OfHead(NameShape target, NameShape suspect, SlipModel model)
    {
        ReadOnlySpan<char> from = target.Head, to = suspect.Head;
        var slip = EditDistance.TryFindSingle(from, to, out var edit) ? model.Of(target, edit) : Slip.None;
        var prefix = from.CommonPrefixLength(to);
        if (Differing(from, to, prefix) <= WordSwaps.Longest)
        {
            slip = slip.Or(Swapped(target, to, prefix, WordSwaps.Homophones, model)).Or(Swapped(target, to, prefix, WordSwaps.Numbers, model));
            slip = slip.Or(PluralOfTwo(target, suspect, model)).Or(DoubleReplaced(target, to, model));
        }

        return slip.Applies || !AreDrawnAlike(from, to) ? slip : Drawn(target, to, model);
    }

    // How many characters of the longer text lie between what both begin and end with.
    private static int Differing(ReadOnlySpan<char> from, ReadOnlySpan<char> to, int prefix)
    {
        int fromEnd = from.Length, toEnd = to.Length;
        while (fromEnd > prefix && toEnd > prefix && from[fromEnd - 1] == to[toEnd - 1])
        {
            fromEnd--;
            toEnd--;
        }

        return Math.Max(fromEnd, toEnd) - prefix;
    }

    private static Slip Swapped(NameShape target, ReadOnlySpan<char> to, int prefix, WordSwaps swaps, SlipModel model) =>
        swaps.IsSingle(target.Head, to, target.Label, prefix) && swaps.SoundAlike(target.Head, to) ? model.Cause(swaps.Family, swaps.Likelihood) : Slip.None;

    /// <summary>Plurals of two letters: <c>es</c> added or dropped, <c>y</c> and <c>ies</c>.</summary>
    private static Slip PluralOfTwo(NameShape target, NameShape suspect, SlipModel model)
    {
        ReadOnlySpan<char> from = target.Head, to = suspect.Head;
        if (Math.Abs(from.Length - to.Length) != 2) return Slip.None;
        ReadOnlySpan<char> before = from[..target.Label], after = from[(target.Suffix - 1)..];
        if (to.Length <= before.Length + after.Length || !to.StartsWith(before, StringComparison.Ordinal) || !to.EndsWith(after, StringComparison.Ordinal)) return Slip.None;
        return Plurals.AreOfTwo(target.Brand, to[before.Length..^after.Length]) ? model.Cause(ImitationFamily.Plural, DoublePlural) : Slip.None;
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
        var slip = JoinedUnder(target, suspect.Stem, suspect.SuffixText, model);
        if (suspect.Suffix <= suspect.HeadLength) slip = slip.Or(JoinedUnder(target, suspect.Head, suspect.Tld, model));
        return IsDotShifted(target, suspect) ? slip.Or(model.Cause(ImitationFamily.Transposition, DotShifted)) : slip;
    }

    private static Slip JoinedUnder(NameShape target, ReadOnlySpan<char> text, ReadOnlySpan<char> suffix, SlipModel model)
    {
        if (IsJoining(target.Text, text, out var family)) return model.Cause(family, JoinedUnder(target, suffix));
        return IsJoining(target.Head, text, out family) ? JoinedHeadUnder(target, suffix, family, model) : Slip.None;
    }

    /// <summary>How likely a name whose labels are all joined is found under a suffix.</summary>
    public static Slip JoinedHeadUnder(NameShape target, ReadOnlySpan<char> suffix, ImitationFamily family, SlipModel model)
    {
        var top = suffix.SequenceEqual(target.Tld) ? 1 : SuffixModel.OfTopLevel(target.Tld, suffix, model.Keyboard).Likelihood;
        return model.Cause(family, Math.Max(JoinedHead * top, JoinedUnder(target, suffix)));
    }

    // Whether at least one dot became a hyphen or nothing, and nothing else changed.
    private static bool IsJoining(ReadOnlySpan<char> from, ReadOnlySpan<char> to, out ImitationFamily family)
    {
        family = ImitationFamily.MissingDot;
        if (to.Length > from.Length) return false;
        int at = 0, changed = 0;
        foreach (var c in from)
        {
            var next = at < to.Length ? to[at] : '\0';
            if (c == '.' && next != '.')
            {
                changed++;
                if (next != '-') continue;
                family = ImitationFamily.DotToDash;
            }
            else if (c != next) return false;

            at++;
        }

        return changed > 0 && at == to.Length;
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
        if (suspect.Label > 0) return Slip.None;
        Span<char> joined = stackalloc char[target.Stem.Length];
        return Beside(target, suspect, CombinedBrand(target, joined), model).Or(Hosted(target, suspect, model));
    }

    /// <summary>What stands beside other words when a name is imitated: the label, or the labels joined where the name is a subdomain (<c>usaf-login.com</c>).</summary>
    public static ReadOnlySpan<char> CombinedBrand(NameShape target, Span<char> room) => target.Label == 0 ? target.Brand : Join(target.Stem, room);

    // wwwarmy.mil
    private static Slip Hosted(NameShape target, NameShape suspect, SlipModel model)
    {
        var label = suspect.Brand;
        if (target.Label > 0 || !suspect.SuffixText.SequenceEqual(target.SuffixText) || !label.EndsWith(target.Brand, StringComparison.Ordinal)) return Slip.None;
        return model.Cause(ImitationFamily.Prefix, BrandWords.HostLikelihood(label[..^target.Brand.Length]));
    }

    private static Slip Beside(NameShape target, NameShape suspect, ReadOnlySpan<char> brand, SlipModel model)
    {
        var label = suspect.Brand;
        if (brand.Length < ShortestBrand || label.Length <= brand.Length || !IsOwnOrOpen(target, suspect.SuffixText)) return Slip.None;
        var beside = (label.StartsWith(brand, StringComparison.Ordinal) && BrandWords.IsCompanion(label[brand.Length] == '-' ? label[(brand.Length + 1)..] : label[brand.Length..]))
            || (label.EndsWith(brand, StringComparison.Ordinal) && BrandWords.IsCompanion(label[^(brand.Length + 1)] == '-' ? label[..^(brand.Length + 1)] : label[..^brand.Length]));
        return beside ? model.Cause(ImitationFamily.Combosquat, ComboUnder(target, suspect.SuffixText)) : Slip.None;
    }

    // What the generator does not enumerate but a reader still takes for the name; only where no slip explains it.
    private static Slip Loosely(NameShape target, NameShape suspect, SlipModel model)
    {
        if (target.Stem.SequenceEqual(suspect.Stem)) return model.Cause(ImitationFamily.WrongTld, SuffixModel.Unrelated);
        if (suspect.Label > 0) return Slip.None;
        Span<char> joined = stackalloc char[target.Stem.Length];
        return Within(suspect.Brand, CombinedBrand(target, joined), model);
    }

    private static Slip Within(ReadOnlySpan<char> label, ReadOnlySpan<char> brand, SlipModel model)
    {
        if (brand.Length < ShortestBrand || label.Length <= brand.Length) return Slip.None;
        bool first = label.StartsWith(brand, StringComparison.Ordinal), last = label.EndsWith(brand, StringComparison.Ordinal);
        var known = (first && BrandWords.IsCompanion(label[brand.Length..].TrimStart('-'))) || (last && BrandWords.IsCompanion(label[..^brand.Length].TrimEnd('-')));
        if (known || HasToken(label, brand)) return model.Cause(ImitationFamily.Combosquat, LooseCombo);
        return brand.Length >= ShortestLooseBrand && (first || last) ? model.Cause(ImitationFamily.Combosquat, LooseCombo / 2) : Slip.None;
    }

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
}
