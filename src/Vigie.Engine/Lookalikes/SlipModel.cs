namespace Vigie.Engine.Lookalikes;

/// <summary>A cause and how likely it is; a likelihood of 0 means that the cause does not apply.</summary>
internal readonly record struct Slip(ImitationFamily Family, double Likelihood)
{
    public static readonly Slip None;

    public bool Applies => Likelihood > 0;

    public Slip Or(in Slip other) => other.Likelihood > Likelihood ? other : this;
}

/// <summary>What was done at one place of a text.</summary>
internal enum EditKind
{
    Delete,
    Insert,
    Substitute,
    Transpose,
}

/// <summary>One edit: at <paramref name="Position"/> of the target's head, with <paramref name="Character"/> where one is written.</summary>
internal readonly record struct Edit(EditKind Kind, int Position, char Character = '\0');

/// <summary>
/// How likely one person, typing a name once, makes exactly this slip and does not notice: the one scale of
/// likelihood in Vigie. The generator and the index both ask here, so that they cannot disagree.
/// </summary>
/// <remarks>
/// The base rates are orders of magnitude, set so that the slips of a name of about ten letters together come to about
/// half a percent. They follow what studies of typing agree on: about one keystroke in a hundred stays wrong in
/// transcription (Dhakal, Feit, Kristensson, Oulasvirta, CHI 2018), less where the writer looks at what was typed;
/// a wrong key is mostly a neighbouring one; omissions, doublings and exchanges make up most of the rest (Damerau,
/// CACM 7(3), 1964); registered typing-error domains are nearly all at distance one (Moore and Edelman, FC 2010);
/// mail goes astray through missing dots and country codes (Szurdi and Christin, IMC 2017; Gee and Kim, 2011).
/// They rank; <c>ImitationJudge</c> weighs them against what is known about a correspondent.
/// </remarks>
internal sealed class SlipModel(Keyboard keyboard, FamilySet families)
{
    internal const double Omitted = 3e-4;
    internal const double Doubled = 2.5e-4;
    internal const double Exchanged = 2.5e-4;
    internal const double NeighborKey = 1.2e-4;
    internal const double NeighborAdded = 6e-5;
    internal const double VowelConfused = 8e-5;
    internal const double DotMissing = 1.5e-3;
    internal const double DotAsDash = 6e-4;
    internal const double HyphenMissing = 2e-3;
    internal const double HyphenAdded = 2e-5;
    internal const double DotAdded = 2e-5;
    internal const double PluralAdded = 4e-4;
    internal const double PluralMissing = 3e-4;
    internal const double AccentMissing = 2e-2;

    // A key that is no neighbour and no cause explains: what remains.
    internal const double FarKey = 2e-7;
    internal const double FarAdded = 1e-7;

    // Nobody types these: they count through their resemblance.
    internal const double Drawn = 1e-8;
    internal const double DrawnTwice = 1e-10;

    /// <summary>The first letter of a name is seldom wrong.</summary>
    private const double FirstLetter = 0.4;

    /// <summary>The model that the index answers with: every layout, every family.</summary>
    public static SlipModel Default { get; } = new(Keyboard.Of(KeyboardLayouts.All), FamilySet.All);

    public FamilySet Families => families;

    public Keyboard Keyboard => keyboard;

    /// <summary>The likeliest cause of one edit in the head of a name; none where the edit leads nowhere else.</summary>
    public Slip Of(NameShape target, Edit edit) => edit.Kind switch
    {
        EditKind.Delete => Delete(target, edit.Position),
        EditKind.Insert => Insert(target, edit.Position, edit.Character),
        EditKind.Substitute => Substitute(target, edit.Position, edit.Character),
        _ => Transpose(target, edit.Position),
    };

    /// <summary>A cause, where its family is wanted.</summary>
    public Slip Cause(ImitationFamily family, double likelihood) => families.Contains(family) ? new Slip(family, likelihood) : Slip.None;

    private Slip Delete(NameShape target, int at)
    {
        var head = target.Head;
        if (at < target.Label - 1 || at >= head.Length) return Slip.None;
        var c = head[at];
        if (c == '.') return Cause(ImitationFamily.MissingDot, (at < target.Label ? DotMissing : DotMissing / 5) * target.LengthFactor);
        if (c == '-') return Cause(ImitationFamily.HyphenRemoval, HyphenMissing);

        var doubled = at + 1 < head.Length && head[at + 1] == c;
        var omission = Cause(ImitationFamily.Omission, Omitted * Position(target, at) * (doubled ? 3 : 1) * target.LengthFactor);
        return c == 's' && at == target.Suffix - 2 ? omission.Or(Cause(ImitationFamily.Plural, PluralMissing * target.LengthFactor * 1.2)) : omission;
    }

    private Slip Insert(NameShape target, int at, char c)
    {
        var head = target.Head;
        if (at < target.Label || at > head.Length) return Slip.None;
        if (c == '.') return Cause(ImitationFamily.SubdomainInsertion, DotAdded);
        if (c == '-') return Cause(ImitationFamily.Hyphenation, HyphenAdded);
        if (c >= 128) return Slip.None;

        if (at < head.Length && head[at] == c)
            return Cause(ImitationFamily.Repetition, Doubled * Position(target, at) * target.LengthFactor);

        var near = Math.Max(at > 0 ? keyboard.Nearness(head[at - 1], c) : 0, at < head.Length ? keyboard.Nearness(head[at], c) : 0);
        var slip = near > 0 ? Cause(ImitationFamily.Insertion, NeighborAdded * near * Position(target, at) * target.LengthFactor) : Slip.None;
        if (at == target.Suffix - 1)
        {
            if (c == 's') slip = slip.Or(Cause(ImitationFamily.Plural, PluralAdded * target.LengthFactor));
            slip = slip.Or(Cause(ImitationFamily.Addition, FarAdded * 10 * Letters.Frequency(c)));
        }

        return slip.Applies ? slip : Cause(ImitationFamily.Insertion, FarAdded * Letters.Frequency(c));
    }

    private Slip Substitute(NameShape target, int at, char c)
    {
        var head = target.Head;
        if (at < target.Label - 1 || at >= head.Length) return Slip.None;
        var typed = head[at];
        if (typed == '.') return DotReplaced(target, c);
        if (c == '.') return typed == 'n' ? Cause(ImitationFamily.Bitsquat, FarKey) : typed == '-' ? Cause(ImitationFamily.SubdomainInsertion, DotAdded * 5) : Slip.None;
        if (c >= 128) return LooksLike(typed, c) ? Cause(ImitationFamily.Confusable, Drawn) : Slip.None;
        if (typed >= 128) return Glyphs.Fold(new(typed)) is [var plain] && plain == c ? Cause(ImitationFamily.Confusable, AccentMissing) : Cause(ImitationFamily.Replacement, FarKey);

        var near = keyboard.Nearness(typed, c);
        var slip = near > 0 ? Cause(ImitationFamily.Replacement, NeighborKey * near * Position(target, at) * target.LengthFactor) : Slip.None;
        if (Letters.AreConfusedVowels(typed, c)) slip = slip.Or(Cause(ImitationFamily.VowelSwap, VowelConfused * Position(target, at) * target.LengthFactor));
        if (slip.Applies) return slip;

        // No finger slips this far: name what else it could be before calling it a blind replacement.
        var far = FarKey * Letters.Frequency(c);
        slip = Glyphs.AreAlike(typed, c) ? Cause(ImitationFamily.Homoglyph, far + Drawn) : Slip.None;
        if (!slip.Applies && Letters.DifferByOneBit(typed, c)) slip = Cause(ImitationFamily.Bitsquat, far);
        return slip.Applies ? slip : Cause(ImitationFamily.Replacement, far);
    }

    private Slip Transpose(NameShape target, int at)
    {
        var head = target.Head;
        if (at < target.Label - 2 || at < 0 || at + 1 >= head.Length) return Slip.None;
        char left = head[at], right = head[at + 1];
        if (left == right || (at == target.Label - 2 && right != '.')) return Slip.None;
        var dot = left == '.' || right == '.' ? 0.2 : 1;
        return Cause(ImitationFamily.Transposition, Exchanged * dot * Letters.Hands(left, right) * Position(target, at) * target.LengthFactor);
    }

    private Slip DotReplaced(NameShape target, char c)
    {
        if (c == '-') return Cause(ImitationFamily.DotToDash, DotAsDash * target.LengthFactor);
        var near = c < 128 ? keyboard.Nearness('.', c) : 0;
        return near > 0 ? Cause(ImitationFamily.Replacement, NeighborKey * near) : Slip.None;
    }

    private static bool LooksLike(char typed, char c) =>
        Glyphs.Fold(new(c)) is [var plain] && (plain == typed || Glyphs.AreAlike(plain, typed));

    private static double Position(NameShape target, int at) => at == target.Label ? FirstLetter : 1;
}

/// <summary>Which families are wanted.</summary>
internal readonly record struct FamilySet(ulong Bits)
{
    public static readonly FamilySet All = new(ulong.MaxValue);

    public static FamilySet Of(IEnumerable<ImitationFamily>? families) =>
        families is null ? All : new FamilySet(families.Aggregate(0UL, (bits, family) => bits | 1UL << (int)family));

    public bool Contains(ImitationFamily family) => (Bits & 1UL << (int)family) != 0;
}
