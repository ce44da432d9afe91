namespace Vigie.Commands.Eval;

/// <summary>Damages event logs as discs, cut copies and hostile hands do: for tests and for <c>vigie eval evtx-fuzz</c>.</summary>
internal static class EvtxDamage
{
    private const int FileHeaderSize = 4096;
    private const int ChunkSize = 65_536;

    private static readonly byte[][] Tokens =
        [[0x2A, 0x2A, 0, 0], [0x0F, 1, 1, 0], [0x0C, 1], [0x21], [0x81], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F], [0x41, 0xFF, 0xFF], [0x0D, 0xFF, 0xFF], "ElfChnk\0"u8.ToArray()];

    /// <summary>A damaged copy: one to eight flips, overwritten tokens, runs, cuts, splices or copies.</summary>
    public static byte[] Of(byte[] original, Random random)
    {
        var content = (byte[])original.Clone();
        for (var wounds = random.Next(1, 9); wounds > 0 && content.Length > 8; wounds--) content = Wound(content, random);
        return content;
    }

    private static byte[] Wound(byte[] content, Random random)
    {
        var at = Place(content, random);
        var length = Math.Min(content.Length - at, 1 << random.Next(0, 15));
        switch (random.Next(12))
        {
            case < 4:
                content[at] ^= (byte)(1 << random.Next(8));
                return content;
            case < 6:
                content[at] = (byte)random.Next(256);
                return content;
            case < 8:
                var token = Tokens[random.Next(Tokens.Length)];
                token.AsSpan(0, Math.Min(token.Length, content.Length - at)).CopyTo(content.AsSpan(at));
                return content;
            case 8:
                random.NextBytes(content.AsSpan(at, length));
                return content;
            case 9:
                content.AsSpan(at, length).CopyTo(content.AsSpan(random.Next(content.Length - length + 1)));
                return content;
            case 10:
                return [.. content.AsSpan(0, at), .. content.AsSpan(at + length)];
            default:
                return random.Next(4) == 0 ? content[..at] : [.. content.AsSpan(0, at), .. content.AsSpan(random.Next(content.Length - length + 1), length), .. content.AsSpan(at)];
        }
    }

    // Most bytes of a log are text; half of the wounds go where the structure is, at the beginning of a chunk and its first records.
    private static int Place(byte[] content, Random random)
    {
        var at = random.Next(content.Length);
        if (random.Next(2) == 0) return at;
        var chunk = at / ChunkSize * ChunkSize;
        return Math.Min(content.Length - 1, chunk + FileHeaderSize + random.Next(4096));
    }
}
