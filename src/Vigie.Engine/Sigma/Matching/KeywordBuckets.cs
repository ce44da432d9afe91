namespace Vigie.Engine.Sigma.Matching;

/// <summary>A text that <see cref="KeywordFilter"/> looks for.</summary>
/// <param name="Bytes">In lower case; found in either.</param>
/// <param name="Offset">Where the bytes begin that are seen at a glance.</param>
/// <param name="IsEscape">Whether it only counts when what follows is the number of a character that could hide a keyword.</param>
internal readonly record struct KeywordNeedle(byte[] Bytes, int Offset, bool IsEscape)
{
    /// <summary>How many bytes are seen at a glance.</summary>
    public const int Seen = 3;

    /// <summary>Whether a byte can stand at a place; behind the end of the one needle that is shorter, any.</summary>
    public bool Takes(int place, byte b)
    {
        var at = Offset + place;
        return at >= Bytes.Length || Bytes[at] == b || (Bytes[at] is >= (byte)'a' and <= (byte)'z' && (Bytes[at] ^ 0x20) == b);
    }
}

/// <summary>
/// Divides needles among buckets. A bucket takes every byte whose upper half is that of one of its needles and whose lower
/// half is that of another, so those go together that make the fewest false hits.
/// </summary>
internal static class KeywordBuckets
{
    private const int Digit = 16;
    private const int Other = 4;

    /// <summary>How common a byte is in logs: letters as in English, and digits; everything else is rarer.</summary>
    public static int Weight(byte b)
    {
        var rank = "zqjxkvbywgpfmucdlhrsnioate ".IndexOf((char)b, StringComparison.Ordinal);
        return rank >= 0 ? rank : b is >= (byte)'0' and <= (byte)'9' ? Digit : Other;
    }

    /// <summary>The needles of each bucket.</summary>
    public static KeywordNeedle[][] Divide(IReadOnlyList<KeywordNeedle> needles, int count)
    {
        var buckets = Enumerable.Range(0, count).Select(_ => new Bucket()).ToArray();
        foreach (var needle in needles.OrderByDescending(n => new Bucket().With(n).Chance))
        {
            var best = 0;
            for (var i = 1; i < count; i++)
            {
                if (buckets[i].With(needle).Chance - buckets[i].Chance < buckets[best].With(needle).Chance - buckets[best].Chance) best = i;
            }

            buckets[best] = buckets[best].With(needle);
        }

        return [.. buckets.Select(b => b.Needles)];
    }

    private sealed class Bucket
    {
        private static readonly double[] Weights = [.. Enumerable.Range(0, 256).Select(b => (double)Weight((byte)char.ToLowerInvariant((char)b)))];

        private readonly ushort[] _low = new ushort[KeywordNeedle.Seen];
        private readonly ushort[] _high = new ushort[KeywordNeedle.Seen];

        public KeywordNeedle[] Needles { get; private init; } = [];

        /// <summary>In proportion to how often three bytes of a log are taken for one of the needles.</summary>
        public double Chance { get; private set; }

        public Bucket With(KeywordNeedle needle)
        {
            var with = new Bucket { Needles = [.. Needles, needle], Chance = 1 };
            for (var i = 0; i < KeywordNeedle.Seen; i++)
            {
                (with._low[i], with._high[i]) = (_low[i], _high[i]);
                for (var b = 0; b < 256; b++)
                {
                    if (!needle.Takes(i, (byte)b)) continue;
                    with._low[i] |= (ushort)(1 << (b & 15));
                    with._high[i] |= (ushort)(1 << (b >> 4));
                }

                var weight = 0.0;
                for (var b = 0; b < 256; b++)
                {
                    if ((with._low[i] >> (b & 15) & 1) != 0 && (with._high[i] >> (b >> 4) & 1) != 0) weight += Weights[b];
                }

                with.Chance *= weight;
            }

            return with;
        }
    }
}
