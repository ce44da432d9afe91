namespace Vigie.Engine.Lookalikes;

/// <summary>Receives the keys of a name.</summary>
internal interface IKeySink
{
    /// <summary>Takes a key; <paramref name="anyTop"/> where what it leads to may have any top-level domain, and not only the same or one a slip away.</summary>
    void Take(ulong key, KeyKind kind, bool anyTop);
}

/// <summary>What two names with an equal key have in common, and so which comparisons can succeed.</summary>
[Flags]
internal enum KeyKind : byte
{
    None = 0,

    /// <summary>The head, but for an edit, a swap or a drawing.</summary>
    Head = 1,

    /// <summary>All before the suffix.</summary>
    Stem = 2,

    /// <summary>The letters, but not the dots.</summary>
    Joined = 4,

    /// <summary>The brand, within a longer label.</summary>
    Brand = 8,

    /// <summary>The whole name, as the beginning of a longer one.</summary>
    Beginning = 16,
}

/// <summary>
/// The keys under which a protected name is filed and a suspect is looked up. For every family, some key of the target
/// equals some key of each of its imitations: the property that <c>LookalikeIndexTests</c> checks over all of them.
/// </summary>
internal static class NameKeys
{
    private const ulong Head = 1;
    private const ulong Stem = 2;
    private const ulong Shape = 3;
    private const ulong Whole = 4;
    private const ulong Sound = 6;
    private const ulong Number = 7;
    private const ulong Brand = 8;

    // Any odd constant without structure serves; this one is 2^64 divided by the golden ratio.
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private static readonly ulong[] Powers = MakePowers();

    /// <summary>Everything a protected name is filed under.</summary>
    public static void OfTarget<TSink>(NameShape name, TSink sink) where TSink : struct, IKeySink
    {
        WithoutOne(name.Head, Math.Max(0, name.Label - 2), sink);
        Alike(name, sink);
        sink.Take(Key(Stem, name.Stem), KeyKind.Stem, anyTop: true);
        Span<char> joined = stackalloc char[name.Text.Length];
        sink.Take(Key(Whole, Comparison.Join(name.Text, joined)), KeyKind.Joined, anyTop: true);
        if (name.Head.ContainsAny('.', '-')) sink.Take(Key(Whole, Comparison.Join(name.Head, joined)), KeyKind.Joined, anyTop: true);
        if (name.Label == 0) sink.Take(Key(Brand, name.Brand), KeyKind.Brand, anyTop: true);
        if (name.Label > 0) sink.Take(Key(Brand, Comparison.Join(name.Stem, joined)), KeyKind.Brand, anyTop: true);
    }

    /// <summary>What a suspect is looked up by when it is compared as a whole.</summary>
    public static void OfSuspect<TSink>(NameShape name, TSink sink) where TSink : struct, IKeySink
    {
        WithoutOne(name.Head, 0, sink);
        Alike(name, sink);
        foreach (var place in name.Head.Split('.'))
        {
            if (!Plurals.HasTwo(name.Head[place])) continue;
            foreach (var label in Plurals.OfTwo(name.Head[place].ToString()))
                sink.Take(Key(Head, [.. name.Head[..place.Start.Value], .. label, .. name.Head[place.End.Value..]]), KeyKind.Head, anyTop: false);
        }
    }

    /// <summary>What a suspect is looked up by however long it is: the same name under another suffix, or with its labels joined.</summary>
    public static void OfStem<TSink>(NameShape name, TSink sink) where TSink : struct, IKeySink
    {
        sink.Take(Key(Stem, name.Stem), KeyKind.Stem, anyTop: true);
        Span<char> joined = stackalloc char[name.Text.Length];
        sink.Take(Key(Whole, Comparison.Join(name.Stem, joined)), KeyKind.Joined, anyTop: true);
        if (name.Suffix <= name.HeadLength) sink.Take(Key(Whole, Comparison.Join(name.Head, joined)), KeyKind.Joined, anyTop: true);
        sink.Take(Key(Whole, Comparison.Join(name.Text, joined)), KeyKind.Joined, anyTop: true);
    }

    /// <summary>The brands that may stand within a longer label.</summary>
    public static void OfParts<TSink>(ReadOnlySpan<char> label, TSink sink) where TSink : struct, IKeySink
    {
        for (var length = 1; length < label.Length; length++)
        {
            if (length < Comparison.ShortestBrand)
            {
                if (BrandWords.HostLikelihood(label[..^length]) > 0) sink.Take(Key(Brand, label[^length..]), KeyKind.Brand, anyTop: true);
                continue;
            }

            ReadOnlySpan<char> before = label[..length], after = label[length..];
            if (length >= Comparison.ShortestLooseBrand || after[0] == '-' || BrandWords.IsCompanion(after)) sink.Take(Key(Brand, before), KeyKind.Brand, anyTop: true);
            before = label[..^length];
            after = label[^length..];
            if (length >= Comparison.ShortestLooseBrand || before[^1] == '-' || BrandWords.IsCompanion(before) || BrandWords.HostLikelihood(before) > 0) sink.Take(Key(Brand, after), KeyKind.Brand, anyTop: true);
        }

        foreach (var part in label.Split('-'))
        {
            if (label[part].Length >= Comparison.ShortestBrand && label[part].Length < label.Length) sink.Take(Key(Brand, label[part]), KeyKind.Brand, anyTop: true);
        }
    }

    // Keys that both sides make in the same way.
    private static void Alike<TSink>(NameShape name, TSink sink) where TSink : struct, IKeySink
    {
        var head = name.Head;
        Span<char> text = stackalloc char[head.Length * 6];
        sink.Take(Key(Shape, Comparison.Skeleton(head, text)), KeyKind.Head, anyTop: false);
        sink.Take(Key(Sound, text[..WordSwaps.Homophones.Key(head, text)]), KeyKind.Head, anyTop: false);
        sink.Take(Key(Number, text[..WordSwaps.Numbers.Key(head, text)]), KeyKind.Head, anyTop: false);
        var shortened = WithoutRuns(head, text);
        if (shortened.Length < head.Length) WithoutOne(shortened, 0, sink);
    }

    /// <summary>A text, and the same less any one character from <paramref name="first"/> on.</summary>
    private static void WithoutOne<TSink>(ReadOnlySpan<char> text, int first, TSink sink) where TSink : struct, IKeySink
    {
        var whole = Polynomial(text);
        sink.Take(Mix(Head, whole), KeyKind.Head, anyTop: true);
        // With the text's value kept as prefix·B^n + suffix, leaving one character out needs no second pass.
        ulong prefix = Polynomial(text[..first]), suffix = Polynomial(text[first..]);
        for (var at = first; at < text.Length; at++)
        {
            var rest = text.Length - at - 1;
            suffix -= (text[at] + 1UL) * Powers[rest];
            if (at == first || text[at] != text[at - 1]) sink.Take(Mix(Head, prefix * Powers[rest] + suffix), KeyKind.Head, anyTop: false);
            prefix = prefix * Multiplier + text[at] + 1;
        }
    }

    private static ReadOnlySpan<char> WithoutRuns(ReadOnlySpan<char> text, Span<char> target)
    {
        var written = 0;
        foreach (var c in text)
        {
            if (written == 0 || target[written - 1] != c) target[written++] = c;
        }

        return target[..written];
    }

    private static ulong Key(ulong kind, ReadOnlySpan<char> text) => Mix(kind, Polynomial(text));

    private static ulong Polynomial(ReadOnlySpan<char> text)
    {
        var value = 0UL;
        foreach (var c in text) value = value * Multiplier + c + 1;
        return value;
    }

    // The finalizer of SplitMix64: every bit of the value decides on every bit of the key.
    private static ulong Mix(ulong kind, ulong value)
    {
        value += kind * Multiplier;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }

    private static ulong[] MakePowers()
    {
        var powers = new ulong[DomainNames.MaxLength * 3];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * Multiplier;
        return powers;
    }
}
