namespace Vigie.Watches.Logs.Reading;

/// <summary>How much a packed log may unpack to: a few kilobytes can hold gigabytes, and an archive can hold itself.</summary>
internal sealed record ContentLimits
{
    /// <summary>The most bytes one path may unpack to, all its members together.</summary>
    public long MaxUnpackedBytes { get; init; } = 200_000_000_000;

    /// <summary>
    /// The most bytes one packed byte may become, once <see cref="RatioFrom"/> bytes were unpacked. Logs pack 10 to 50 to one;
    /// deflate can reach 1,032 to one (RFC 1951 §3.2.5), which only made-up contents do.
    /// </summary>
    public int MaxRatio { get; init; } = 300;

    /// <summary>From how many unpacked bytes on the ratio is looked at.</summary>
    public long RatioFrom { get; init; } = 256_000_000;

    /// <summary>The most members of one path, at all depths together.</summary>
    public int MaxMembers { get; init; } = 100_000;

    /// <summary>How many packings may lie in each other: an archive (1) of compressed files (2).</summary>
    public int MaxDepth { get; init; } = 4;
}

/// <summary>What one path has unpacked to so far; shared by all its members.</summary>
internal sealed class UnpackedTotal(ContentLimits limits, Func<long> packedBytes)
{
    private long _bytes;
    private int _members;

    public ContentLimits Limits => limits;

    /// <summary>Counts bytes that came out.</summary>
    /// <exception cref="InvalidDataException">It is too much.</exception>
    public void Count(int bytes)
    {
        _bytes += bytes;
        if (_bytes > limits.MaxUnpackedBytes) throw new InvalidDataException($"unpacks to more than {limits.MaxUnpackedBytes} bytes");
        if (_bytes > limits.RatioFrom && _bytes / limits.MaxRatio > packedBytes())
            throw new InvalidDataException($"unpacks to more than {limits.MaxRatio} times its size");
    }

    /// <summary>Counts a member; false when there are too many.</summary>
    public bool CountMember() => ++_members <= limits.MaxMembers;
}
