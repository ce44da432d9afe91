using System.Security.Cryptography;

namespace Vigie.Watches.Logs.Sources.Files;

/// <summary>
/// The beginning of a file by its hash: a file begins with another's print when it is that file, grown, or a copy of it.
/// It grows with what was read until it covers <see cref="Longest"/> bytes.
/// </summary>
/// <param name="Length">How many bytes it covers.</param>
/// <param name="Hash">Their hash.</param>
internal readonly record struct FilePrint(int Length, string Hash)
{
    /// <summary>The most bytes that are looked at.</summary>
    public const int Longest = 4096;

    /// <summary>Of a file nothing is known of.</summary>
    public static FilePrint None { get; } = new(0, "");

    /// <summary>The print of a beginning.</summary>
    public static FilePrint Of(ReadOnlySpan<byte> beginning)
    {
        if (beginning.Length > Longest) beginning = beginning[..Longest];
        if (beginning.IsEmpty) return None;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(beginning, hash);
        return new FilePrint(beginning.Length, Convert.ToHexStringLower(hash[..12]));
    }

    /// <summary>Whether a content that begins so begins as the one this is the print of.</summary>
    public bool Fits(ReadOnlySpan<byte> beginning) => Length > 0 && beginning.Length >= Length && Of(beginning[..Length]) == this;
}
