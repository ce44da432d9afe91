namespace Vigie.Engine.Lookalikes;

/// <summary>What happened between two names, in words a sender and an analyst both understand.</summary>
internal static class Explanation
{
    /// <summary>How <paramref name="suspect"/> comes from <paramref name="target"/> by <paramref name="family"/>; names in A-labels.</summary>
    public static Bilingual Of(string target, string suspect, ImitationFamily family)
    {
        if (NameShape.Of(target) is not { } meant || NameShape.Of(suspect) is not { } written) return Generally(target, suspect);
        var explained = OfFamily(meant, written, family);
        return WithTopLevel(meant, written, family, explained);
    }

    private static Bilingual OfFamily(NameShape target, NameShape suspect, ImitationFamily family) => family switch
    {
        ImitationFamily.TldTypo => new($"the ending .{suspect.SuffixText} instead of .{target.SuffixText}, one slip away", $"la terminaison .{suspect.SuffixText} au lieu de .{target.SuffixText}, à une faute de frappe"),
        ImitationFamily.WrongTld => new($"the same name under .{suspect.SuffixText} instead of .{target.SuffixText}", $"le même nom sous .{suspect.SuffixText} au lieu de .{target.SuffixText}"),
        ImitationFamily.WrongSecondLevel => new($"the same name under .{suspect.SuffixText}, where .{target.SuffixText} is meant", $"le même nom sous .{suspect.SuffixText}, là où .{target.SuffixText} est voulu"),
        ImitationFamily.BrandAsSubdomain => new($"the whole name {target.Text} as the beginning of a name under {suspect.Registrable}", $"le nom entier {target.Text} comme début d’un nom sous {suspect.Registrable}"),
        ImitationFamily.Combosquat => new($"the name “{Brand(target)}” within the longer “{suspect.Brand}”", $"le nom « {Brand(target)} » dans « {suspect.Brand} », plus long"),
        ImitationFamily.Prefix => new($"“{suspect.Brand[..^target.Brand.Length]}” joined to the name: the dot after it is missing", $"« {suspect.Brand[..^target.Brand.Length]} » collé au nom : il manque le point"),
        ImitationFamily.Plural => new($"singular for plural or plural for singular: “{suspect.Stem}” for “{target.Stem}”", $"singulier pour pluriel ou l’inverse : « {suspect.Stem} » pour « {target.Stem} »"),
        ImitationFamily.Homophone => new($"“{suspect.Stem}” sounds like “{target.Stem}”", $"« {suspect.Stem} » se prononce comme « {target.Stem} »"),
        ImitationFamily.NumberWord => new($"a number as a digit or as a word: “{suspect.Stem}” for “{target.Stem}”", $"un nombre en chiffre ou en lettres : « {suspect.Stem} » pour « {target.Stem} »"),
        ImitationFamily.DoubleReplacement => new($"a doubled letter typed on the neighboring key: “{suspect.Stem}” for “{target.Stem}”", $"une lettre double tapée sur la touche voisine : « {suspect.Stem} » pour « {target.Stem} »"),
        ImitationFamily.Homoglyph => new($"“{suspect.Stem}” looks like “{target.Stem}”", $"« {suspect.Stem} » ressemble à « {target.Stem} »"),
        ImitationFamily.Confusable => Confusable(target, suspect),
        _ when EditDistance.TryFindSingle(target.Head, suspect.Head, out var edit) && Explains(edit, family) => OfEdit(target, edit, family),
        ImitationFamily.MissingDot => new($"a dot is missing: {suspect.Text} for {target.Text}", $"il manque un point : {suspect.Text} pour {target.Text}"),
        ImitationFamily.DotToDash => new($"a hyphen in place of a dot: {suspect.Text} for {target.Text}", $"un trait d’union à la place d’un point : {suspect.Text} pour {target.Text}"),
        ImitationFamily.Transposition => new($"the dot and the letter beside it are exchanged: {suspect.Text} for {target.Text}", $"le point et la lettre voisine sont intervertis : {suspect.Text} pour {target.Text}"),
        _ => Generally(target.Text, suspect.Text),
    };

    // A dot that moved across the top-level domain, or several that vanished, may look like one edit of the head.
    private static bool Explains(Edit edit, ImitationFamily family) => edit.Kind switch
    {
        EditKind.Delete => family is ImitationFamily.Omission or ImitationFamily.HyphenRemoval or ImitationFamily.MissingDot,
        EditKind.Insert => family is ImitationFamily.Insertion or ImitationFamily.Repetition or ImitationFamily.Addition or ImitationFamily.Hyphenation or ImitationFamily.SubdomainInsertion,
        EditKind.Substitute => family is ImitationFamily.Replacement or ImitationFamily.VowelSwap or ImitationFamily.Bitsquat or ImitationFamily.SubdomainInsertion or ImitationFamily.DotToDash,
        _ => family == ImitationFamily.Transposition,
    };

    private static Bilingual OfEdit(NameShape target, Edit edit, ImitationFamily family)
    {
        var head = target.Head;
        var here = edit.Position < head.Length ? Named(head[edit.Position]) : default;
        var typed = edit.Kind is EditKind.Insert or EditKind.Substitute ? Named(edit.Character) : default;
        var place = Place(target, edit.Position);
        return family switch
        {
            ImitationFamily.Omission => new($"{here.English} is missing{place.English}", $"{here.French} manque{place.French}"),
            ImitationFamily.Repetition => new($"{typed.English} is typed twice{place.English}", $"{typed.French} est tapé deux fois{place.French}"),
            ImitationFamily.Insertion or ImitationFamily.Addition => new($"{typed.English} too many{place.English}", $"{typed.French} en trop{place.French}"),
            ImitationFamily.Replacement => new($"{typed.English} instead of {here.English}{place.English}", $"{typed.French} au lieu de {here.French}{place.French}"),
            ImitationFamily.VowelSwap => new($"the vowel {typed.English} instead of {here.English}{place.English}", $"la voyelle {typed.French} au lieu de {here.French}{place.French}"),
            ImitationFamily.Bitsquat => new($"one flipped bit turns {here.English} into {typed.English}{place.English}", $"un bit inversé change {here.French} en {typed.French}{place.French}"),
            ImitationFamily.Transposition => Exchanged(here, Named(head[edit.Position + 1]), place),
            ImitationFamily.Hyphenation => new($"a hyphen too many{place.English}", $"un trait d’union en trop{place.French}"),
            ImitationFamily.HyphenRemoval => new($"the hyphen is missing{place.English}", $"le trait d’union manque{place.French}"),
            ImitationFamily.SubdomainInsertion when edit.Kind == EditKind.Substitute => new($"a dot instead of {here.English}{place.English}", $"un point au lieu de {here.French}{place.French}"),
            ImitationFamily.SubdomainInsertion => new($"a dot too many{place.English}", $"un point en trop{place.French}"),
            ImitationFamily.MissingDot => new($"the dot is missing{place.English}", $"le point manque{place.French}"),
            _ => new($"a hyphen in place of the dot{place.English}", $"un trait d’union à la place du point{place.French}"),
        };
    }

    private static Bilingual Exchanged(Bilingual left, Bilingual right, Bilingual place) =>
        new($"{left.English} and {right.English} are exchanged{place.English}", $"{left.French} et {right.French} sont intervertis{place.French}");

    private static Bilingual Confusable(NameShape target, NameShape suspect)
    {
        foreach (var rune in suspect.Text.EnumerateRunes())
        {
            if (rune.IsAscii || target.Text.EnumerateRunes().Contains(rune)) continue;
            var shown = $"{rune} (U+{rune.Value:X4})";
            return new($"“{suspect.Text}” looks like {target.Text} but is written with {shown}", $"« {suspect.Text} » ressemble à {target.Text} mais s’écrit avec {shown}");
        }

        return new($"“{suspect.Text}” is {target.Text} without its accents", $"« {suspect.Text} » est {target.Text} sans ses accents");
    }

    private static Bilingual WithTopLevel(NameShape target, NameShape suspect, ImitationFamily family, Bilingual explained)
    {
        var own = family is ImitationFamily.TldTypo or ImitationFamily.WrongTld or ImitationFamily.WrongSecondLevel or ImitationFamily.BrandAsSubdomain;
        if (own || suspect.Tld.SequenceEqual(target.Tld)) return explained;
        return new($"{explained.English}, under .{suspect.Tld} instead of .{target.Tld}", $"{explained.French}, sous .{suspect.Tld} au lieu de .{target.Tld}");
    }

    private static string Brand(NameShape target)
    {
        Span<char> joined = stackalloc char[target.Stem.Length];
        return Comparison.CombinedBrand(target, joined).ToString();
    }

    private static Bilingual Place(NameShape target, int at)
    {
        if (at == 0) return new(" at the beginning", " au début");
        if (at >= target.HeadLength) return new(" at the end", " à la fin");
        var before = target.Head[(target.Head[..at].LastIndexOf('.') + 1)..at];
        return before.IsEmpty ? new(" after the dot", " après le point") : new($" after “{before}”", $" après « {before} »");
    }

    private static Bilingual Named(char c) => c switch
    {
        '.' => new("the dot", "le point"),
        '-' => new("the hyphen", "le trait d’union"),
        _ => new($"“{c}”", $"« {c} »"),
    };

    private static Bilingual Generally(string target, string suspect) => new($"{suspect} resembles {target}", $"{suspect} ressemble à {target}");
}
