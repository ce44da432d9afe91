using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Watches.Mail;

/// <summary>What a token claims before its signature was checked against the record.</summary>
/// <param name="Id">The stop it is about.</param>
/// <param name="Expires">When it ends.</param>
internal readonly record struct InsistenceClaim(string Id, DateTimeOffset Expires);

/// <summary>
/// Signs and checks the tokens of one-time links: version, id, expiry, and an HMAC-SHA-256 (cut to 128 bits, RFC 2104 §5)
/// over them and the sender and recipient on record, so that a token is good for exactly one stop.
/// </summary>
public sealed class InsistenceTokens
{
    private const byte Version = 1;
    private const int IdBytes = 16;
    private const int MacBytes = 16;
    private const int TokenBytes = 1 + IdBytes + 4 + MacBytes;

    // Read when first needed, and again after a failure: a node whose disk is gone still starts and judges.
    private readonly Lazy<byte[]> _key;

    /// <summary>Uses this key of at least 32 bytes.</summary>
    internal InsistenceTokens(byte[] key) : this(() => key)
    {
    }

    /// <summary>Uses the key of at least 32 bytes that <paramref name="read"/> gives; where it fails, so does signing and checking.</summary>
    internal InsistenceTokens(Func<byte[]> read) => _key = new Lazy<byte[]>(read, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Characters of every token.</summary>
    internal static int Length => Base64Url.GetEncodedLength(TokenBytes);

    internal string Issue(string id, string sender, string recipient, DateTimeOffset expires)
    {
        Span<byte> token = stackalloc byte[TokenBytes];
        token[0] = Version;
        if (id.Length != 2 * IdBytes || Convert.FromHexString(id, token.Slice(1, IdBytes), out _, out _) != System.Buffers.OperationStatus.Done)
            throw new ArgumentException("The id is not 32 hexadecimal digits.", nameof(id));

        BinaryPrimitives.WriteUInt32BigEndian(token[(1 + IdBytes)..], (uint)expires.ToUnixTimeSeconds());
        Sign(token[..^MacBytes], sender, recipient, token[^MacBytes..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Reads what a token claims; false where it is no token. The claim is worth nothing until <see cref="Verify"/> agrees.</summary>
    internal bool TryRead(string? token, out InsistenceClaim claim)
    {
        claim = default;
        Span<byte> bytes = stackalloc byte[TokenBytes];
        if (!TryDecode(token, bytes)) return false;
        claim = new InsistenceClaim(
            Convert.ToHexStringLower(bytes.Slice(1, IdBytes)),
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[(1 + IdBytes)..])));
        return true;
    }

    /// <summary>Whether we signed this token for this sender and recipient. Takes the same time whatever is wrong.</summary>
    internal bool Verify(string? token, string sender, string recipient)
    {
        Span<byte> bytes = stackalloc byte[TokenBytes];
        if (!TryDecode(token, bytes)) return false;
        Span<byte> expected = stackalloc byte[MacBytes];
        Sign(bytes[..^MacBytes], sender, recipient, expected);
        return CryptographicOperations.FixedTimeEquals(expected, bytes[^MacBytes..]);
    }

    private static bool TryDecode(string? token, Span<byte> bytes) =>
        token?.Length == Length && Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out var written) && written == TokenBytes && bytes[0] == Version;

    private void Sign(ReadOnlySpan<byte> head, string sender, string recipient, Span<byte> mac)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key.Value);
        Span<byte> length = stackalloc byte[4];
        hmac.AppendData(head);
        foreach (var part in (ReadOnlySpan<string>)[sender, recipient])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hmac.AppendData(length);
            hmac.AppendData(bytes);
        }

        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hmac.GetHashAndReset(whole);
        whole[..MacBytes].CopyTo(mac);
    }
}
