using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Governance;

/// <summary>
/// PBKDF2-HMAC-SHA-512 (RFC 8018 §5.2), written as <c>pbkdf2-sha512$iterations$salt$hash</c>, so that the cost can rise
/// later while old hashes still verify and are replaced at the next login.
/// </summary>
public static class PasswordHash
{
    /// <summary>OWASP Password Storage Cheat Sheet: at least 210,000 for PBKDF2-HMAC-SHA-512.</summary>
    public const int Iterations = 210_000;

    private const string Scheme = "pbkdf2-sha512";
    private const int SaltBytes = 16;
    private const int HashBytes = 64;

    // What a login with an unknown name is checked against, so that it costs as much as one with a known name.
    private static readonly string Nobody = Write(Iterations, new byte[SaltBytes], new byte[HashBytes]);

    /// <summary>Hashes a new password with a fresh salt.</summary>
    public static string Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Write(Iterations, salt, Derive(password, salt, Iterations));
    }

    /// <summary>
    /// Checks a password in the same time whether or not there is a hash to check it against.
    /// </summary>
    /// <param name="password">What was typed.</param>
    /// <param name="stored">The stored hash; null where the account has none or does not exist: never verifies.</param>
    /// <param name="outdated">The hash should be made again with today's cost.</param>
    public static bool Verify(string password, string? stored, out bool outdated)
    {
        var readable = TryRead(stored, out var iterations, out var salt, out var expected);
        if (!readable) TryRead(Nobody, out iterations, out salt, out expected);

        var equal = CryptographicOperations.FixedTimeEquals(Derive(password, salt, iterations), expected);
        outdated = readable && iterations < Iterations;
        return equal && readable;
    }

    // Two keyboards may compose "é" differently; NFKC makes them the same password (NIST SP 800-63B §5.1.1.2).
    private static byte[] Derive(string password, byte[] salt, int iterations)
    {
        var bytes = Encoding.UTF8.GetBytes(Normalize(password));
        return Rfc2898DeriveBytes.Pbkdf2(bytes, salt, iterations, HashAlgorithmName.SHA512, HashBytes);
    }

    // A lone surrogate has no normal form; such a password is taken as its UTF-8 replacement and simply will not match.
    private static string Normalize(string password)
    {
        try
        {
            return password.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return password;
        }
    }

    private static string Write(int iterations, byte[] salt, byte[] hash) => string.Create(
        CultureInfo.InvariantCulture, $"{Scheme}${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");

    private static bool TryRead(string? stored, out int iterations, out byte[] salt, out byte[] hash)
    {
        iterations = 0;
        salt = hash = [];
        if (stored?.Split('$') is not [Scheme, var count, var saltText, var hashText]) return false;
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out iterations) || iterations is < 1 or > 10_000_000) return false;

        var saltBuffer = new byte[64];
        var hashBuffer = new byte[HashBytes];
        if (!Convert.TryFromBase64String(saltText, saltBuffer, out var saltLength) || saltLength < 8) return false;
        if (!Convert.TryFromBase64String(hashText, hashBuffer, out var hashLength) || hashLength != HashBytes) return false;

        salt = saltBuffer[..saltLength];
        hash = hashBuffer;
        return true;
    }
}
