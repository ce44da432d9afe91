using System.Security.Cryptography;
using System.Text.Json;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>
/// Which file it is, by its beginning: a file that was renamed keeps its identity, one that took its name has another.
/// Two files that begin with the same kilobyte pass for one.
/// </summary>
/// <param name="Length">How many bytes are hashed, at most <see cref="MaxLength"/>; files that are shorter are short.</param>
/// <param name="Sha256">Their hash, lower-case hex.</param>
internal sealed record FileIdentity(int Length, string Sha256)
{
    public const int MaxLength = 1024;

    /// <summary>The identity of a file as it is now.</summary>
    public static FileIdentity Of(FileStream file) => Of(file, MaxLength);

    /// <summary>Whether the file begins as this one did.</summary>
    public bool Matches(FileStream file) => Of(file, Length) == this;

    private static FileIdentity Of(FileStream file, int most)
    {
        var beginning = new byte[most];
        var filled = 0;
        while (filled < most && RandomAccess.Read(file.SafeFileHandle, beginning.AsSpan(filled), filled) is > 0 and var read) filled += read;
        return new FileIdentity(filled, Convert.ToHexStringLower(SHA256.HashData(beginning.AsSpan(0, filled))));
    }
}

/// <summary>How far a feed has been read; kept with what was found up to there.</summary>
/// <param name="Identity">Which text.</param>
/// <param name="Offset">Where the next line starts, in bytes of the unpacked text.</param>
internal sealed record FeedPosition(FileIdentity Identity, long Offset)
{
    /// <summary>Of an address: what its server said of the text.</summary>
    public Validators? Validators { get; init; }

    /// <summary>Of an address: the SHA-256 of the text as it was fetched.</summary>
    public string? Body { get; init; }

    /// <summary>Of a packed or downloaded text: whether it was read to its end.</summary>
    public bool Complete { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote; null for anything else.</summary>
    public static FeedPosition? Parse(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<FeedPosition>(json) is { Identity: not null } position ? position : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What an HTTP server said of a text, to be asked whether it changed (RFC 9110 §8.8).</summary>
internal sealed record Validators(string? ETag, string? LastModified);
