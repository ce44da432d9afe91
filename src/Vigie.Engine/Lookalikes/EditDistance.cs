namespace Vigie.Engine.Lookalikes;

/// <summary>Single edits between two texts: insertion, deletion, substitution, exchange of neighbours.</summary>
internal static class EditDistance
{
    /// <summary>
    /// The one edit that leads from <paramref name="from"/> to <paramref name="to"/>; false for equal texts and for any
    /// greater distance. Within a run of equal characters the edit is at the run's first place.
    /// </summary>
    public static bool TryFindSingle(ReadOnlySpan<char> from, ReadOnlySpan<char> to, out Edit edit)
    {
        edit = default;
        var longer = to.Length - from.Length;
        if (longer is < -1 or > 1) return false;
        var prefix = from.CommonPrefixLength(to);
        if (longer == 0) return TryFindSameLength(from, to, prefix, out edit);

        if (longer > 0)
        {
            if (!from[prefix..].SequenceEqual(to[(prefix + 1)..])) return false;
            var inserted = to[prefix];
            while (prefix > 0 && from[prefix - 1] == inserted) prefix--;
            edit = new Edit(EditKind.Insert, prefix, inserted);
            return true;
        }

        if (!from[(prefix + 1)..].SequenceEqual(to[prefix..])) return false;
        var deleted = from[prefix];
        while (prefix > 0 && from[prefix - 1] == deleted) prefix--;
        edit = new Edit(EditKind.Delete, prefix);
        return true;
    }

    private static bool TryFindSameLength(ReadOnlySpan<char> from, ReadOnlySpan<char> to, int prefix, out Edit edit)
    {
        edit = default;
        if (prefix == from.Length) return false;
        if (from[(prefix + 1)..].SequenceEqual(to[(prefix + 1)..]))
        {
            edit = new Edit(EditKind.Substitute, prefix, to[prefix]);
            return true;
        }

        if (prefix + 1 >= from.Length || from[prefix] != to[prefix + 1] || from[prefix + 1] != to[prefix]) return false;
        if (!from[(prefix + 2)..].SequenceEqual(to[(prefix + 2)..])) return false;
        edit = new Edit(EditKind.Transpose, prefix);
        return true;
    }
}
