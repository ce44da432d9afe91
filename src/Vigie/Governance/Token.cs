using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Governance;

/// <summary>
/// A random value that is itself the proof: session cookies, set-up and invitation links. The store keeps only its
/// SHA-256, so that a copy of the store opens nothing; 256 bits need no slow hash.
/// </summary>
public static class Token
{
    private const int Bytes = 32;

    /// <summary>A new token, safe in a URL and a cookie.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What the store keeps of a token.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
