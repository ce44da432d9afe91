using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Governance;

/// <summary>
/// The six-digit code of an authenticator app: TOTP (RFC 6238) over HOTP (RFC 4226) with HMAC-SHA-1, 30-second steps,
/// the parameters every app knows.
/// </summary>
public static class TimeBasedCode
{
    private const int StepSeconds = 30;
    private const int Digits = 6;

    // RFC 4226 §4 R6 asks for at least 128 bits and recommends 160.
    private const int SecretBytes = 20;

    // RFC 4648 §6.
    private const string Base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A new shared secret.</summary>
    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>The number of whole steps since the Unix epoch (RFC 6238 §4.2).</summary>
    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of one step (RFC 4226 §5.3).</summary>
    public static string CodeAt(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6238's default, and the only one all authenticator apps support; HMAC-SHA-1 is not broken.
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var offset = mac[^1] & 0x0f;
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[offset..]) & 0x7fff_ffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Whether the code is right now, or one step earlier or later (RFC 6238 §5.2: clocks differ).
    /// </summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="typed">What was typed; blanks are ignored.</param>
    /// <param name="now">The present time.</param>
    /// <param name="lastStep">The step of the last code taken; it and earlier ones are refused, so a code works once.</param>
    /// <param name="step">The step the code belongs to, to be kept as the new <paramref name="lastStep"/>.</param>
    public static bool Verify(ReadOnlySpan<byte> secret, string typed, DateTimeOffset now, long lastStep, out long step)
    {
        var code = string.Concat(typed.Where(c => !char.IsWhiteSpace(c)));
        var right = false;
        step = 0;
        if (code.Length != Digits) return false;

        var current = StepAt(now);
        for (var candidate = current - 1; candidate <= current + 1; candidate++)
        {
            var equal = CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(CodeAt(secret, candidate)), Encoding.UTF8.GetBytes(code));
            if (!equal || candidate <= lastStep) continue;
            right = true;
            step = candidate;
        }

        return right;
    }

    /// <summary>The secret as people type it: base32 without padding.</summary>
    public static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + 4) / 5);
        int buffer = 0, bits = 0;
        foreach (var value in bytes)
        {
            buffer = (buffer << 8) | value;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Base32Alphabet[(buffer >> bits) & 31]);
            }

            buffer &= (1 << bits) - 1;
        }

        if (bits > 0) text.Append(Base32Alphabet[(buffer << (5 - bits)) & 31]);
        return text.ToString();
    }

    /// <summary>The <c>otpauth:</c> address authenticator apps open (the Key Uri Format they share).</summary>
    public static string Uri(ReadOnlySpan<byte> secret, string issuer, string accountName)
    {
        var label = $"{System.Uri.EscapeDataString(issuer)}:{System.Uri.EscapeDataString(accountName)}";
        return $"otpauth://totp/{label}?secret={ToBase32(secret)}&issuer={System.Uri.EscapeDataString(issuer)}";
    }
}
